package expression

import "github.com/ddb-cli/ddb/internal/attr"

// many is the number of attributes from which looking for each among all others is worth a map. An expression never has so many; AttributeUpdates and
// AttributesToGet are limited by the size of a request alone, and a million names must not take a million times a million comparisons.
const many = 64

// applyMany is Apply for many AttributeUpdates: each of them writes to a top-level attribute of its own and reads nothing but that.
func (u *Update) applyMany(old attr.Item) (attr.Item, error) {
	at := make(map[string]int, len(old))
	for i := range old {
		at[old[i].Name] = i
	}
	out := append(make(attr.Item, 0, len(old)+len(u.actions)), old...)
	gone := make([]bool, len(old))
	for i := range u.actions {
		a := &u.actions[i]
		var present attr.Item
		j, there := at[a.path.Root()]
		if there {
			present = old[j : j+1]
		}
		e, err := a.effect(present)
		switch {
		case err != nil:
			return nil, err
		case e.kind == remove && there:
			gone[j] = true
		case e.kind == write && there:
			out[j].Value = e.value
		case e.kind == write:
			out = append(out, attr.Attribute{Name: a.path.Root(), Value: e.value})
		}
	}
	left := out[:0]
	for i := range out {
		if i >= len(gone) || !gone[i] {
			left = append(left, out[i])
		}
	}
	return left, nil
}

// applyManyWire is ApplyWire for many AttributeUpdates.
func (u *Update) applyManyWire(dst, wire []byte) (out []byte, grown int, err error) {
	var old attr.Item
	if len(wire) > 0 {
		if old, err = attr.ParseItem(wire); err != nil {
			return dst, 0, err
		}
	}
	updated, err := u.applyMany(old)
	if err != nil {
		return dst, 0, err
	}
	return attr.AppendItem(dst, updated), attr.ItemSize(updated) - attr.ItemSize(old), nil
}

// topLevel is the projection on top-level attributes, each taken once.
func topLevel(names []string) *Projection {
	p := &Projection{tree: make([]branch, 0, len(names))}
	seen := make(map[string]int, len(names))
	for _, name := range names {
		if _, ok := seen[name]; !ok {
			seen[name] = len(p.tree)
			p.tree = append(p.tree, branch{step: Step{Name: name}})
		}
	}
	if len(p.tree) > many {
		p.at = seen
	}
	return p
}
