package expression

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
)

// ApplyWire is Apply for an item in canonical wire form, which it appends to dst; empty wire is an item that does not exist. Only the attributes the update
// refers to are parsed, the others are copied. Grown is by how many bytes the item's size changed.
func (u *Update) ApplyWire(dst, wire []byte) (out []byte, grown int, err error) {
	if u.many() {
		return u.applyManyWire(dst, wire)
	}
	old := make(attr.Item, 0, len(u.refers))
	var few [8]span
	spans := few[:0] // where the attributes of old stand
	from := min(1, len(wire))
	for it := attr.Iterate(wire); it.Next(); {
		to := len(wire) - it.Rest()
		for _, name := range u.refers {
			if !it.Is(name) {
				continue
			}
			v, err := attr.ParseValue(it.Value)
			if err != nil {
				return dst, 0, err
			}
			old = append(old, attr.Attribute{Name: name, Value: v})
			spans = append(spans, span{from, to})
			break
		}
		from = to
	}
	updated, err := u.Apply(old)
	if err != nil {
		return dst, 0, err
	}
	dst = slices.Grow(dst, len(wire)+128)
	dst = append(dst, '{')
	start := len(dst)
	from = min(1, len(wire))
	for i, s := range spans {
		dst = appendMembers(dst, start, wire[from:s.from])
		if v, ok := updated.Get(old[i].Name); ok {
			dst = appendMember(dst, start, old[i].Name, v)
		}
		from = s.to
	}
	if len(wire) > 0 {
		dst = appendMembers(dst, start, wire[from:len(wire)-1])
	}
	for i := range updated {
		if old.Index(updated[i].Name) < 0 {
			dst = appendMember(dst, start, updated[i].Name, updated[i].Value)
		}
	}
	return append(dst, '}'), attr.ItemSize(updated) - attr.ItemSize(old), nil
}

// span is a piece of the wire form: a member with the comma before it.
type span struct{ from, to int }

// appendMembers appends a piece of an object's content, which may begin with a comma, to an object whose content begins at start.
func appendMembers(dst []byte, start int, piece []byte) []byte {
	if len(piece) > 0 && piece[0] == ',' {
		piece = piece[1:]
	}
	if len(piece) == 0 {
		return dst
	}
	if len(dst) > start {
		dst = append(dst, ',')
	}
	return append(dst, piece...)
}

func appendMember(dst []byte, start int, name string, v attr.Value) []byte {
	if len(dst) > start {
		dst = append(dst, ',')
	}
	dst = attr.AppendName(dst, name)
	return attr.AppendValue(dst, v)
}

// ChangedWire gives what UPDATED_OLD returns of the item before the update, or UPDATED_NEW of the item after it, in canonical wire form: the parts at the
// paths the update writes to, nested as in the item. Nil means that Attributes is left out of the answer.
func (u *Update) ChangedWire(wire []byte) ([]byte, error) {
	out, err := u.changed.AppendWire(nil, wire)
	if err != nil || len(out) <= len("{}") {
		return nil, err
	}
	return out, nil
}

// references lists the top-level attributes that actions write to and read, and those of them that are reached into.
func references(actions []action) (names, nested []string) {
	add := func(p Path) {
		if !slices.Contains(names, p.Root()) {
			names = append(names, p.Root())
		}
		if len(p) > 1 && !slices.Contains(nested, p.Root()) {
			nested = append(nested, p.Root())
		}
	}
	var read func(o setOperand)
	read = func(o setOperand) {
		switch o := o.(type) {
		case *setPath:
			add(o.path)
		case *setDefault:
			add(o.path)
			read(o.otherwise)
		case *setAppend:
			read(o.first)
			read(o.second)
		case *setSum:
			read(o.left)
			read(o.right)
		}
	}
	for i := range actions {
		add(actions[i].path)
		read(actions[i].value)
	}
	return names, nested
}
