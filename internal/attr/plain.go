package attr

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// PlainError is plain JSON that is no item or value: what is wrong, and which attribute it is in.
type PlainError struct {
	Path    string // such as lines[2].sku; "" for the whole
	Message string
	Hint    string
}

// Error names the attribute before the message, where there is one. Hint is not in it: front ends show hints on a line of their own.
func (e *PlainError) Error() string {
	if e.Path == "" {
		return e.Message
	}
	return "attribute " + e.Path + ": " + e.Message
}

// ParsePlainItem reads an item in plain JSON: {"id": "a", "n": 5, "tags": {"SS": ["x"]}}. Texts, numbers, booleans, null, lists and objects are the types of the same name. An object
// with exactly one member that is named as a type (S N B BOOL NULL L M SS NS BS) is a value of that type, as in DynamoDB JSON; the item itself never is. Numbers keep all their
// digits; more than 38 are an error. A name given twice is an error, as are empty sets and sets with a member given twice.
func ParsePlainItem(src []byte) (Item, error) {
	r := plainReader{s: jsonscan.New(src)}
	if k := r.s.Kind(); k != jsonscan.Object && k != jsonscan.Invalid && !misspelt(k, src) {
		return nil, &PlainError{Message: "an item is a JSON object, not " + article(k)}
	}
	it, err := r.item(0)
	if err != nil {
		return nil, err
	}
	if !r.s.End() {
		return nil, r.syntax()
	}
	return it, nil
}

// ParsePlainValue reads one value in plain JSON. Rules and errors are those of ParsePlainItem; at the top an object of one member that is named as a type is
// that value, and not a map.
func ParsePlainValue(src []byte) (Value, error) {
	r := plainReader{s: jsonscan.New(src)}
	v, err := r.value(0)
	if err != nil {
		return Value{}, err
	}
	if !r.s.End() {
		return Value{}, r.syntax()
	}
	return v, nil
}

// misspelt reports whether what begins like a word of JSON is none, such as nope: then the place is the news.
func misspelt(k jsonscan.Kind, src []byte) bool {
	switch k {
	case jsonscan.Null, jsonscan.True, jsonscan.False:
		return !json.Valid(src)
	}
	return false
}

type plainReader struct {
	s    jsonscan.Scanner
	path []byte
}

func (r *plainReader) fail(message, hint string) error {
	return &PlainError{Path: string(r.path), Message: message, Hint: hint}
}

func (r *plainReader) syntax() error {
	if err := r.s.Err(); err != nil {
		return &PlainError{Path: string(r.path), Message: err.Error()}
	}
	return r.fail("invalid JSON", "")
}

func article(k jsonscan.Kind) string {
	switch k {
	case jsonscan.EOF:
		return "nothing"
	case jsonscan.Array:
		return "an array"
	case jsonscan.True, jsonscan.False, jsonscan.Null:
		return k.String()
	default:
		return "a " + k.String()
	}
}

// enter adds a name to the path and returns the length to go back to.
func (r *plainReader) enter(name string) int {
	back := len(r.path)
	if back > 0 {
		r.path = append(r.path, '.')
	}
	if plainWord(name) {
		r.path = append(r.path, name...)
	} else {
		r.path = strconv.AppendQuote(r.path, name)
	}
	return back
}

func (r *plainReader) item(depth int) (Item, error) {
	if !r.s.Open() {
		return nil, r.syntax()
	}
	it := Item{}
	for {
		key, ok := r.s.Key()
		if !ok {
			break
		}
		name := string(key)
		if it.Index(name) >= 0 {
			return nil, r.fail(fmt.Sprintf("the name %q is given twice", name), "")
		}
		back := r.enter(name)
		v, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		r.path = r.path[:back]
		it = append(it, Attribute{Name: name, Value: v})
	}
	if r.s.Err() != nil {
		return nil, r.syntax()
	}
	return it, nil
}

func (r *plainReader) value(depth int) (Value, error) {
	switch r.s.Kind() {
	case jsonscan.String:
		text, ok := r.s.Text()
		if !ok {
			return Value{}, r.syntax()
		}
		return Value{Kind: S, Str: string(text)}, nil
	case jsonscan.Number:
		return r.number()
	case jsonscan.True, jsonscan.False, jsonscan.Null:
		k, ok := r.s.Literal()
		if !ok {
			return Value{}, r.syntax()
		}
		if k == jsonscan.Null {
			return Value{Kind: NULL}, nil
		}
		return Value{Kind: BOOL, Bool: k == jsonscan.True}, nil
	case jsonscan.Array:
		if depth++; depth > MaxNesting {
			return Value{}, r.fail("nested deeper than 32 levels, the most an item may have", "")
		}
		list, err := r.list(depth, r.value)
		return Value{Kind: L, List: list}, err
	case jsonscan.Object:
		if depth++; depth > MaxNesting {
			return Value{}, r.fail("nested deeper than 32 levels, the most an item may have", "")
		}
		if kind, ok := r.typed(); ok {
			return r.typedValue(kind, depth)
		}
		m, err := r.item(depth)
		return Value{Kind: M, Map: m}, err
	default:
		if r.s.Kind() == jsonscan.EOF {
			return Value{}, r.fail("expected a JSON value, found nothing", "")
		}
		r.s.Skip()
		return Value{}, r.syntax()
	}
}

func (r *plainReader) number() (Value, error) {
	raw, ok := r.s.Number()
	if !ok {
		return Value{}, r.syntax()
	}
	n, err := NormalizeNumber(string(raw))
	if err != nil {
		return Value{}, r.fail(err.Error(), "a number has at most 38 digits and lies between 1E-130 and 9.99E+125")
	}
	return Value{Kind: N, Str: n}, nil
}

func (r *plainReader) list(depth int, element func(int) (Value, error)) ([]Value, error) {
	if !r.s.Open() {
		return nil, r.syntax()
	}
	list := []Value{}
	back := len(r.path)
	for r.s.Elem() {
		r.path = append(strconv.AppendInt(append(r.path, '['), int64(len(list)), 10), ']')
		v, err := element(depth)
		if err != nil {
			return nil, err
		}
		r.path = r.path[:back]
		list = append(list, v)
	}
	if r.s.Err() != nil {
		return nil, r.syntax()
	}
	return list, nil
}
