package render

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/ddb-cli/ddb/internal/attr"
)

// shorten marks what is cut off with "…".
func shorten(s string, width int) string {
	if twwidth.Width(s) <= width {
		return s
	}
	used := 0
	for i, r := range s {
		w := twwidth.Width(string(r))
		if used+w > width-1 {
			return s[:i] + "…"
		}
		used += w
	}
	return s
}

// cell is a value for the eye: sets in braces, binary by its length, control characters made visible.
func (p *Printer) cell(v attr.Value) string {
	if p.opts.Typed {
		return visible(string(attr.AppendValue(nil, v)))
	}
	switch v.Kind {
	case attr.B:
		return fmt.Sprintf("%d bytes %s", len(v.Str), base64.StdEncoding.EncodeToString([]byte(v.Str)))
	case attr.SS, attr.NS, attr.BS:
		members := make([]string, len(v.List))
		for i, m := range v.List {
			members[i] = p.cell(m)
		}
		return "{" + strings.Join(members, ", ") + "}"
	case attr.S: // the text "5" is not the number 5, nor the text "" an attribute that is not there
		return visible(csvText(v))
	default:
		return visible(attrText(v))
	}
}

// visible keeps a cell on its line and the terminal safe: control characters, and the marks that reorder text, are shown as what they are.
func visible(s string) string {
	bad := func(r rune) bool {
		return r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff || r >= 0xe0000 && r <= 0xe007f
	}
	if !strings.ContainsFunc(s, bad) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n':
			b.WriteString("⏎")
		case r == '\t':
			b.WriteString("⇥")
		case bad(r):
			fmt.Fprintf(&b, "\\u%04x", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// A kindSet is the types that the values of a column have, in the order they were met.
type kindSet []attr.Kind

func (s *kindSet) add(k attr.Kind) {
	if !slices.Contains(*s, k) {
		*s = append(*s, k)
	}
}

func (s kindSet) only(k attr.Kind) bool { return len(s) == 1 && s[0] == k }

func (s kindSet) String() string {
	names := make([]string, len(s))
	for i, k := range s {
		names[i] = k.String()
	}
	return strings.Join(names, "|")
}

// itemSections is one item as names, types and values.
func itemSections(item attr.Item, typed bool) []Section {
	p := Printer{opts: Options{Typed: typed}}
	s := Section{}
	widest := 0
	for _, a := range item {
		widest = max(widest, len(a.Value.Kind.String()))
	}
	for _, a := range item {
		if typed {
			s.Rows = append(s.Rows, []string{visible(a.Name), p.cell(a.Value)})
			continue
		}
		s.Rows = append(s.Rows, []string{visible(a.Name), fmt.Sprintf("%-*s", widest, a.Value.Kind), p.cell(a.Value)})
	}
	return []Section{s}
}

// rowsGrid is a list of JSON objects as a grid.
func rowsGrid(rows []any, columns []string, heading string) *grid {
	if len(columns) == 0 {
		columns = columnsOf(rows, heading)
	}
	g := &grid{header: slices.Clone(columns), numeric: make([]bool, len(columns))}
	for i, c := range columns {
		g.numeric[i] = slices.ContainsFunc(rows, func(r any) bool { obj, ok := r.(*Object); return ok && isNumber(obj, c) })
	}
	for _, row := range rows {
		cells := cellsOf(row, columns)
		for i := range cells {
			cells[i] = visible(cells[i])
		}
		g.rows = append(g.rows, cells)
	}
	return g
}

func isNumber(obj *Object, column string) bool {
	v, _ := lookupPath(obj, column)
	_, ok := v.(json.Number)
	return ok
}
