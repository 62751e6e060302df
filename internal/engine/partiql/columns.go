package partiql

import (
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// columns names the members of the result: each path's last name, with the indexes behind it.
func columns(paths []*partiql.Path) ([]Column, error) {
	var out []Column
	last := map[string]bool{}
	for _, path := range paths {
		if n := len(path.Parts); n > expression.MaxPathDepth {
			return nil, fail("The document path has too many nesting levels; nesting levels: " + itoa(n))
		}
		name := columnName(path.Parts) // wherever the result shows it
		if last[name] {
			return nil, fail("Duplicate identifiers in select clause: " + name)
		}
		last[name] = true
		out = append(out, Column{Name: columnName(path.Parts[:wrapped(path.Parts)]), Path: path.Parts})
	}
	return out, apart(paths)
}

// apart refuses paths of which one leads to another, or of which one takes for a list what another takes for a map.
func apart(paths []*partiql.Path) error {
	for i, path := range paths {
		for _, other := range slices.Backward(paths[:i]) {
			var relation string
			switch {
			case overlap(other.Parts, path.Parts):
				relation = "overlap"
			case conflict(other.Parts, path.Parts):
				relation = "conflict"
			default:
				continue
			}
			return fail("Two document paths " + relation + " with each other; must remove or rewrite one of these paths; path one: " +
				bracketed(path.Parts) + ", path two: " + bracketed(other.Parts))
		}
	}
	return nil
}

// conflict reports whether two paths part where one has an index and the other a name.
func conflict(a, b []partiql.Part) bool {
	for i := range min(len(a), len(b)) {
		if !same(a[i], b[i]) {
			return a[i].IsIndex != b[i].IsIndex
		}
	}
	return false
}

func same(a, b partiql.Part) bool {
	return a.Name == b.Name && a.Index == b.Index && a.IsIndex == b.IsIndex
}

// overlap reports whether one path leads to the other.
func overlap(a, b []partiql.Part) bool {
	n := min(len(a), len(b))
	return slices.EqualFunc(a[:n], b[:n], same)
}

func bracketed(parts []partiql.Part) string {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = p.Name
		if p.IsIndex {
			texts[i] = "[" + itoa(p.Index) + "]"
		}
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

func columnName(parts []partiql.Part) string {
	last := len(parts) - 1
	for parts[last].IsIndex {
		last--
	}
	var name strings.Builder
	name.WriteString(parts[last].Name)
	for _, p := range parts[last+1:] {
		name.WriteString("[" + itoa(p.Index) + "]")
	}
	return name.String()
}

// wrapped is how many steps of a path make up the value of its column: all, but where indexes follow the first name and a
// name follows those, as in l[2].z, the service shows {'l[2]': {'z': …}}.
func wrapped(parts []partiql.Part) int {
	n := 1
	for n < len(parts) && parts[n].IsIndex {
		n++
	}
	for _, p := range parts[n:] {
		if n == 1 || p.IsIndex {
			return len(parts)
		}
	}
	return n
}

// Flat reports whether all columns are top-level attributes, and their names.
func (s *Select) Flat() (names []string, flat bool) {
	flat = true
	for _, c := range s.Columns {
		names = append(names, c.Path[0].Name)
		flat = flat && len(c.Path) == 1
	}
	return names, flat
}

// Row makes the result's row of an item. What an item does not have its row does not have.
func (s *Select) Row(it attr.Item) attr.Item {
	row := attr.Item{}
	for _, c := range s.Columns {
		v, ok := follow(it, c.Path)
		if !ok {
			continue
		}
		for i := len(c.Path) - 1; i >= wrapped(c.Path); i-- {
			v = attr.Value{Kind: attr.M, Map: attr.Item{{Name: c.Path[i].Name, Value: v}}}
		}
		row = append(row, attr.Attribute{Name: c.Name, Value: v})
	}
	return row
}

func follow(it attr.Item, path []partiql.Part) (v attr.Value, ok bool) {
	v = attr.Value{Kind: attr.M, Map: it}
	for _, p := range path {
		switch {
		case p.IsIndex && v.Kind == attr.L && p.Index < len(v.List):
			v = v.List[p.Index]
		case !p.IsIndex && v.Kind == attr.M:
			if v, ok = v.Map.Get(p.Name); !ok {
				return v, false
			}
		default:
			return v, false
		}
	}
	return v, true
}
