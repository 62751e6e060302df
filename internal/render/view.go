package render

import (
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// A View says how one kind of answer looks as a table. It is given the answer as a tree.
type View func(answer *Object) []Section

// A Section is a title over a table. A section without a header shows names and values in two columns.
type Section struct {
	Title   string
	Header  []string
	Numeric []int // columns that stand to the right
	Rows    [][]string
}

// Width is how many columns the section takes as a table that is not shortened.
func (s Section) Width() int {
	sum := 1
	for i, name := range s.Header {
		w := twwidth.Width(name)
		for _, r := range s.Rows {
			w = max(w, twwidth.Width(r[i]))
		}
		sum += w + 3
	}
	return sum
}

// viewed is the answer as sections: by its view, or by its shape.
func (p *Printer) viewed(tree any, view View) []Section {
	obj, ok := tree.(*Object)
	if ok && view != nil {
		return view(obj)
	}
	rows := rowsOf(tree)
	if len(rows) == 1 && rows[0] == tree {
		if !ok {
			return []Section{{Rows: [][]string{{visible(scalarText(tree))}}}}
		}
		return []Section{pairs(obj)}
	}
	if len(rows) == 0 {
		return nil
	}
	g := rowsGrid(rows, p.opts.Columns, heading(tree))
	s := Section{Header: g.header, Rows: g.rows}
	for i, n := range g.numeric {
		if n {
			s.Numeric = append(s.Numeric, i)
		}
	}
	return []Section{s}
}

// pairs lists an object's fields, inner objects as dotted names.
func pairs(obj *Object) Section {
	var s Section
	var walk func(prefix string, o *Object)
	walk = func(prefix string, o *Object) {
		for _, f := range o.Fields {
			if f.Value == nil {
				continue
			}
			if inner, ok := f.Value.(*Object); ok && len(inner.Fields) > 0 {
				walk(prefix+f.Name+".", inner)
				continue
			}
			s.Rows = append(s.Rows, []string{visible(prefix + f.Name), visible(scalarText(f.Value))})
		}
	}
	walk("", obj)
	return s
}

// sections prints them one under the other. Names and values need no box.
func (p *Printer) sections(list []Section) error {
	for i, s := range list {
		if len(s.Rows) == 0 {
			continue
		}
		if i > 0 {
			if err := p.out.WriteByte('\n'); err != nil {
				return err
			}
		}
		if s.Title != "" {
			if err := p.line([]byte(p.bold(s.Title))); err != nil {
				return err
			}
		}
		if len(s.Header) == 0 {
			if err := p.twoColumns(s); err != nil {
				return err
			}
			continue
		}
		g := &grid{header: s.Header, numeric: make([]bool, len(s.Header)), rows: s.Rows}
		for c := range g.numeric {
			g.numeric[c] = slices.Contains(s.Numeric, c)
		}
		if err := p.draw(g); err != nil {
			return err
		}
	}
	return nil
}

func (p *Printer) twoColumns(s Section) error {
	width := 0
	for _, r := range s.Rows {
		width = max(width, twwidth.Width(r[0]))
	}
	for _, r := range s.Rows {
		value := strings.Join(r[1:], "  ")
		if len(r) == 1 {
			if err := p.line([]byte(r[0])); err != nil {
				return err
			}
			continue
		}
		if p.opts.Width > 0 {
			value = shorten(value, max(20, p.opts.Width-width-4))
		}
		pad := strings.Repeat(" ", width-twwidth.Width(r[0])+2)
		if err := p.line([]byte("  " + p.dim(r[0]) + pad + value)); err != nil {
			return err
		}
	}
	return nil
}

func (p *Printer) dim(s string) string {
	if !p.opts.Color {
		return s
	}
	return "\x1b[2m" + s + "\x1b[0m"
}
