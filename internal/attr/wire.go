package attr

import (
	"encoding/base64"
	"slices"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// kindPrefixes begin the wire form of a value.
var kindPrefixes = [...]string{
	S: `{"S":`, N: `{"N":`, B: `{"B":`, BOOL: `{"BOOL":`, NULL: `{"NULL":`, L: `{"L":`, M: `{"M":`, SS: `{"SS":`, NS: `{"NS":`, BS: `{"BS":`,
}

// AppendValue appends the canonical wire form of a value, such as {"S":"x"}: no white space, the fewest escapes, sets in order, numbers as they stand in the
// value.
func AppendValue(dst []byte, v Value) []byte {
	if v.Kind == Invalid || v.Kind > BS {
		return append(dst, "{}"...)
	}
	dst = append(dst, kindPrefixes[v.Kind]...)
	switch v.Kind {
	case S, N, B:
		dst = appendScalar(dst, v)
	case BOOL:
		if v.Bool {
			dst = append(dst, "true"...)
		} else {
			dst = append(dst, "false"...)
		}
	case NULL:
		dst = append(dst, "true"...)
	case L:
		dst = append(dst, '[')
		for i := range v.List {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendValue(dst, v.List[i])
		}
		dst = append(dst, ']')
	case M:
		dst = AppendItem(dst, v.Map)
	case SS, NS, BS:
		dst = append(appendMembers(append(dst, '['), inOrder(v.List)), ']')
	}
	return append(dst, '}')
}

// inOrder gives the members of a set in the order the service returns them in: text and bytes byte by byte, numbers by value.
func inOrder(members []Value) []Value {
	if slices.IsSortedFunc(members, Compare) {
		return members
	}
	members = slices.Clone(members)
	slices.SortFunc(members, Compare)
	return members
}

func appendMembers(dst []byte, members []Value) []byte {
	for i := range members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendScalar(dst, members[i])
	}
	return dst
}

func appendScalar(dst []byte, v Value) []byte {
	switch v.Kind {
	case N:
		dst = append(dst, '"')
		dst = append(dst, v.Str...)
		return append(dst, '"')
	case B:
		return appendBase64(dst, []byte(v.Str))
	default:
		return jsonscan.AppendQuoted(dst, v.Str)
	}
}

func appendBase64(dst, raw []byte) []byte {
	dst = append(dst, '"')
	dst = base64.StdEncoding.AppendEncode(dst, raw)
	return append(dst, '"')
}

// AppendItem appends the canonical wire form of an item: an object of values.
func AppendItem(dst []byte, it Item) []byte {
	dst = append(dst, '{')
	for i := range it {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendName(dst, it[i].Name)
		dst = AppendValue(dst, it[i].Value)
	}
	return append(dst, '}')
}

// AppendName appends an attribute's name and the colon behind it.
func AppendName(dst []byte, name string) []byte {
	return append(jsonscan.AppendQuoted(dst, name), ':')
}

// Lookup finds one top-level attribute of an item in canonical wire form, as Canonical and AppendItem write it, and returns the wire form of its value, an
// alias of wire. Nothing else is parsed.
func Lookup(wire []byte, name string) (value []byte, ok bool) {
	it := Iterate(wire)
	for it.Next() {
		if it.Is(name) {
			return it.Value, true
		}
	}
	return nil, false
}

// Iterator walks over the top-level attributes of an item in canonical wire form.
type Iterator struct {
	Value []byte // wire form of the attribute's value
	name  []byte // between the quotes, as it stands
	plain bool   // name holds no escapes
	rest  []byte
}

// Iterate starts before the first attribute of an item in canonical wire form, which it does not check. Next goes to each.
func Iterate(wire []byte) Iterator {
	if len(wire) > 0 && wire[0] == '{' {
		wire = wire[1:]
	}
	return Iterator{rest: wire}
}

// Rest is how many bytes of the wire form stand behind the attribute.
func (it *Iterator) Rest() int { return len(it.rest) }

// Is tells whether the attribute has a name, without making a string of it where it holds no escapes.
func (it *Iterator) Is(name string) bool {
	if it.plain {
		return string(it.name) == name
	}
	return it.Name() == name
}

// Name is the attribute's name with its escapes undone.
func (it *Iterator) Name() string {
	if it.plain {
		return string(it.name)
	}
	quoted := make([]byte, 0, len(it.name)+2)
	quoted = append(append(append(quoted, '"'), it.name...), '"')
	s := jsonscan.New(quoted)
	text, _ := s.Text()
	return string(text)
}

// Next goes to the next attribute and reports whether there is one.
func (it *Iterator) Next() bool {
	b := it.rest
	if len(b) > 0 && b[0] == ',' {
		b = b[1:]
	}
	if len(b) == 0 || b[0] != '"' {
		return false
	}
	end, plain := stringEnd(b)
	if end < 0 || end+1 >= len(b) || b[end] != ':' {
		return false
	}
	it.name, it.plain = b[1:end-1], plain
	b = b[end+1:]
	n := valueEnd(b)
	if n < 0 {
		return false
	}
	it.Value, it.rest = b[:n], b[n:]
	return true
}

// AppendName appends the attribute's name as a JSON string, as it stands in the wire form.
func (it *Iterator) AppendName(dst []byte) []byte {
	dst = append(dst, '"')
	dst = append(dst, it.name...)
	return append(dst, '"')
}
