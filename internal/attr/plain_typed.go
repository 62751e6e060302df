package attr

import (
	"encoding/base64"
	"fmt"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// typed looks ahead, on a copy of the cursor: has the object exactly one member, named as a type?
func (r *plainReader) typed() (Kind, bool) {
	ahead := r.s
	if !ahead.Open() {
		return Invalid, false
	}
	name, ok := ahead.Key()
	if !ok || len(name) > 4 {
		return Invalid, false
	}
	kind, ok := ParseKind(string(name))
	if !ok || !ahead.Skip() {
		return Invalid, false
	}
	if _, more := ahead.Key(); more || ahead.Err() != nil {
		return Invalid, false
	}
	return kind, true
}

// typedValue reads {"SS": […]} and its kin. Numbers may stand with or without quotes.
func (r *plainReader) typedValue(kind Kind, depth int) (v Value, err error) {
	r.s.Open()
	r.s.Key()
	wrong := func(want string) error {
		hint := fmt.Sprintf(`{%q: …} with one member is a value of type %s; a map with this one name is written {"M": {%[1]q: …}}`, kind, kind)
		return r.fail(fmt.Sprintf("%s takes %s, not %s", kind, want, article(r.s.Kind())), hint)
	}
	v.Kind = kind
	have := r.s.Kind()
	switch kind {
	case S, B:
		if have != jsonscan.String {
			return v, wrong("text")
		}
		v, err = r.scalar(kind)
	case N:
		if have != jsonscan.String && have != jsonscan.Number {
			return v, wrong("a number")
		}
		v, err = r.scalar(kind)
	case BOOL:
		if have != jsonscan.True && have != jsonscan.False {
			return v, wrong("true or false")
		}
		k, ok := r.s.Literal()
		if !ok {
			return v, r.syntax()
		}
		v.Bool = k == jsonscan.True
	case NULL:
		if have != jsonscan.True {
			return v, wrong("true")
		}
		if _, ok := r.s.Literal(); !ok {
			return v, r.syntax()
		}
	case M:
		if have != jsonscan.Object {
			return v, wrong("an object")
		}
		v.Map, err = r.item(depth)
	case L:
		if have != jsonscan.Array {
			return v, wrong("a list")
		}
		v.List, err = r.list(depth, r.value)
	default:
		if have != jsonscan.Array {
			return v, wrong("a list")
		}
		v.List, err = r.set(kind)
	}
	if err != nil {
		return v, err
	}
	if _, more := r.s.Key(); more || r.s.Err() != nil {
		return v, r.syntax()
	}
	return v, nil
}

// scalar reads a text as S, N or B.
func (r *plainReader) scalar(kind Kind) (Value, error) {
	if kind == N && r.s.Kind() == jsonscan.Number {
		return r.number()
	}
	if r.s.Kind() != jsonscan.String {
		return Value{}, r.fail("expected text, found "+article(r.s.Kind()), "")
	}
	raw, ok := r.s.Text()
	if !ok {
		return Value{}, r.syntax()
	}
	text := string(raw)
	switch kind {
	case N:
		n, err := NormalizeNumber(text)
		if err != nil {
			return Value{}, r.fail(err.Error(), "")
		}
		return Value{Kind: N, Str: n}, nil
	case B:
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return Value{}, r.fail(fmt.Sprintf("binary is written in base64, which %q is not", text), "")
		}
		return Value{Kind: B, Str: string(data)}, nil
	default:
		return Value{Kind: S, Str: text}, nil
	}
}

func (r *plainReader) set(kind Kind) ([]Value, error) {
	list, err := r.list(0, func(int) (Value, error) { return r.scalar(kind.Member()) })
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, r.fail("a set may not be empty", "leave the attribute out")
	}
	if hasDuplicates(list) {
		return nil, r.fail("a set holds each member once", "")
	}
	return list, nil
}
