package expression

import (
	"slices"
	"sort"

	"github.com/ddb-cli/ddb/internal/attr"
)

// Projection is a planned projection expression. It may be used any number of times, also concurrently.
type Projection struct {
	tree []branch       // by top-level attribute
	at   map[string]int // where an attribute is in tree; nil unless there are many, all of them wanted whole
}

// branch is one step of the projected paths: the whole value, or some of what it holds.
type branch struct {
	step  Step
	below []branch // empty: the whole value
}

// Projection plans a projection expression. Errors are of type *Error.
func (c *Context) Projection(text string) (*Projection, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	c.takesNames = true
	if err := c.fits(text); err != nil {
		return nil, in(projectionName, err)
	}
	node, err := projections.get(text, parseProjection)
	if err != nil {
		return nil, in(projectionName, err)
	}
	paths := make([]Path, len(node))
	for i := range node {
		if paths[i], err = c.path(node[i]); err != nil {
			return nil, in(projectionName, err)
		}
		if err := overlap(paths[:i], paths[i]); err != nil {
			return nil, in(projectionName, err)
		}
	}
	return newProjection(paths), nil
}

// ProjectAttributes is the projection on top-level attributes, as the legacy parameter AttributesToGet asks for it.
func ProjectAttributes(names []string) *Projection {
	return topLevel(names)
}

// overlap compares a path with those before it.
func overlap(before []Path, p Path) *Error {
	for _, q := range before {
		switch relate(q, p) {
		case overlaps:
			return errOverlap("overlap", q, p)
		case conflicts:
			return errOverlap("conflict", q, p)
		}
	}
	return nil
}

type relation uint8

const (
	apart     relation = iota
	overlaps           // one leads to the other, or both are the same
	conflicts          // one takes for a map what the other takes for a list
)

func relate(p, q Path) relation {
	for i := range min(len(p), len(q)) {
		if p[i] == q[i] {
			continue
		}
		if (p[i].Name == "") != (q[i].Name == "") {
			return conflicts
		}
		return apart
	}
	return overlaps
}

// newProjection arranges paths, none of which leads to another, as a tree. Steps into lists are in the order of the elements.
func newProjection(paths []Path) *Projection {
	p := &Projection{}
	for _, path := range paths {
		p.tree = grow(p.tree, path)
	}
	return p
}

func grow(tree []branch, path Path) []branch {
	at := slices.IndexFunc(tree, func(b branch) bool { return b.step == path[0] })
	if at < 0 {
		at = len(tree)
		if path[0].Name == "" {
			at = sort.Search(len(tree), func(i int) bool { return tree[i].step.Index >= path[0].Index })
		}
		tree = slices.Insert(tree, at, branch{step: path[0]})
	}
	if len(path) > 1 {
		tree[at].below = grow(tree[at].below, path[1:])
	}
	return tree
}

// Attributes are the names of the top-level attributes the projection refers to.
func (p *Projection) Attributes() []string {
	names := make([]string, len(p.tree))
	for i := range p.tree {
		names[i] = p.tree[i].step.Name
	}
	return names
}

// Nested are those of Attributes that the projection reaches into, which is not allowed for keys. A nil Projection has none.
func (p *Projection) Nested() []string {
	if p == nil {
		return nil
	}
	var names []string
	for i := range p.tree {
		if len(p.tree[i].below) > 0 {
			names = append(names, p.tree[i].step.Name)
		}
	}
	return names
}

// Apply gives the projected part of an item. It shares values with the item. The parts of a list come without gaps, in their order.
func (p *Projection) Apply(item attr.Item) attr.Item {
	if p.at == nil {
		return projectMap(item, p.tree)
	}
	out := make(attr.Item, 0, min(len(item), len(p.tree)))
	for i := range item {
		if _, ok := p.at[item[i].Name]; ok {
			out = append(out, item[i])
		}
	}
	return out
}

func projectMap(item attr.Item, tree []branch) attr.Item {
	out := make(attr.Item, 0, min(len(item), len(tree)))
	for i := range item {
		for j := range tree {
			if tree[j].step.Name != item[i].Name {
				continue
			}
			if v, ok := project(&item[i].Value, tree[j].below); ok {
				out = append(out, attr.Attribute{Name: item[i].Name, Value: v})
			}
			break
		}
	}
	return out
}

// project gives the projected part of a value, if any of it is there.
func project(v *attr.Value, tree []branch) (attr.Value, bool) {
	switch {
	case len(tree) == 0:
		return *v, true
	case v.Kind == attr.M && tree[0].step.Name != "":
		content := projectMap(v.Map, tree)
		return attr.Map(content), len(content) > 0
	case v.Kind == attr.L && tree[0].step.Name == "":
		var list []attr.Value
		for i := range tree {
			if tree[i].step.Index >= len(v.List) {
				break
			}
			if part, ok := project(&v.List[tree[i].step.Index], tree[i].below); ok {
				list = append(list, part)
			}
		}
		return attr.List(list...), len(list) > 0
	default:
		return attr.Value{}, false
	}
}

// AppendWire appends the projected part of an item in canonical wire form, itself in that form. Attributes that are wanted whole are copied; only those
// that are reached into are parsed. An error means that the wire form is damaged.
func (p *Projection) AppendWire(dst, wire []byte) ([]byte, error) {
	dst = append(dst, '{')
	first := true
	for it := attr.Iterate(wire); it.Next(); {
		tree := p.tree
		if p.at != nil {
			j, ok := p.at[it.Name()]
			if !ok {
				continue
			}
			tree = tree[j : j+1]
		}
		for j := range tree {
			if !it.Is(tree[j].step.Name) {
				continue
			}
			start := len(dst)
			if !first {
				dst = append(dst, ',')
			}
			dst = it.AppendName(dst)
			dst = append(dst, ':')
			if len(tree[j].below) == 0 {
				dst = append(dst, it.Value...)
				first = false
				break
			}
			v, err := attr.ParseValue(it.Value)
			if err != nil {
				return dst, err
			}
			part, ok := project(&v, tree[j].below)
			if !ok {
				dst = dst[:start]
				break
			}
			dst = attr.AppendValue(dst, part)
			first = false
			break
		}
	}
	return append(dst, '}'), nil
}
