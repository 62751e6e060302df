package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/ddb-cli/ddb/internal/attr"
)

// narrowest is the width under which a column is left out rather than shortened further.
const narrowest = 6

// A grid is a table before it is fitted: the numeric columns stand to the right. Types, where they are known, stand under the header.
type grid struct {
	header  []string
	types   []string
	numeric []bool
	rows    [][]string
}

// fit shortens the widest columns until the grid fits, and leaves out columns at the right where even that does not do. It returns the names left out.
func (g *grid) fit(width int) (dropped []string) {
	natural := make([]int, len(g.header))
	for i, h := range g.header {
		natural[i] = twwidth.Width(h)
		if g.types != nil {
			natural[i] = max(natural[i], twwidth.Width(g.types[i]))
		}
		for _, r := range g.rows {
			natural[i] = max(natural[i], twwidth.Width(r[i]))
		}
	}
	if width <= 0 {
		return nil
	}
	total := func(w []int) int {
		sum := 1
		for _, n := range w {
			sum += n + 3
		}
		return sum
	}
	least := make([]int, len(natural))
	for i, n := range natural {
		least[i] = min(n, narrowest)
	}
	keep := len(least)
	for keep > 1 && total(least[:keep]) > width {
		keep--
	}
	dropped = slices.Clone(g.header[keep:])
	widths := slices.Clone(natural[:keep])
	for total(widths) > width {
		widest := 0
		for i, n := range widths {
			if n > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= 1 {
			break
		}
		widths[widest]--
	}
	g.header = g.header[:keep]
	g.numeric = g.numeric[:keep]
	cut := func(cells []string) {
		for i := range cells {
			cells[i] = shorten(cells[i], widths[i])
		}
	}
	cut(g.header)
	if g.types != nil {
		g.types = g.types[:keep]
		cut(g.types)
	}
	for i := range g.rows {
		g.rows[i] = g.rows[i][:keep]
		cut(g.rows[i])
	}
	return dropped
}

// draw prints the grid.
func (p *Printer) draw(g *grid) error {
	dropped := g.fit(p.opts.Width)
	align := make(tw.Alignment, len(g.header))
	for i := range align {
		align[i] = tw.AlignLeft
		if g.numeric[i] {
			align[i] = tw.AlignRight
		}
	}
	t := tablewriter.NewTable(p.out,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{Symbols: tw.NewSymbols(tw.StyleRounded)})),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithAlignment(align),
	)
	if !p.opts.NoHeader && slices.ContainsFunc(g.header, func(s string) bool { return s != "" }) {
		header := make([]string, len(g.header))
		for i, h := range g.header {
			header[i] = p.bold(h)
			if g.types != nil {
				header[i] += "\n" + p.dim(g.types[i])
			}
		}
		t.Header(header)
	}
	if err := t.Bulk(g.rows); err != nil {
		return fmt.Errorf("lay out a table: %w", err)
	}
	if err := t.Render(); err != nil {
		return fmt.Errorf("draw a table: %w", err)
	}
	if len(dropped) > 0 {
		p.note("%d more columns do not fit: %s (choose with --columns, or -o json)", len(dropped), strings.Join(dropped, " "))
	}
	return nil
}

func (p *Printer) bold(s string) string {
	if !p.opts.Color || s == "" {
		return s
	}
	return "\x1b[1m" + s + "\x1b[0m"
}

// tableItems draws a page of at most a thousand items at a time.
type tableItems struct {
	p    *Printer
	key  []string
	held held
}

func (w *tableItems) Write(item attr.Item) error {
	if !w.held.add(item) {
		return nil
	}
	return w.Close()
}

func (w *tableItems) Close() error {
	if len(w.held.items) == 0 {
		return nil
	}
	columns, find := w.p.opts.Columns, attrPath
	if len(columns) == 0 {
		columns, find = itemColumns(w.held.items, w.key), attr.Item.Get
	}
	if len(columns) == 0 {
		columns = []string{"(no attributes)"}
	}
	g := &grid{header: slices.Clone(columns), numeric: make([]bool, len(columns))}
	if !w.p.opts.Typed { // where each value says what it is
		g.types = make([]string, len(columns))
	}
	kinds := make([]kindSet, len(columns))
	for _, item := range w.held.items {
		cells := make([]string, len(columns))
		for i, c := range columns {
			v, ok := find(item, c)
			if !ok {
				continue
			}
			kinds[i].add(v.Kind)
			cells[i] = w.p.cell(v)
		}
		g.rows = append(g.rows, cells)
	}
	for i := range kinds {
		g.numeric[i] = kinds[i].only(attr.N)
		if g.types != nil {
			g.types[i] = kinds[i].String()
		}
	}
	w.held = held{}
	return w.p.draw(g)
}
