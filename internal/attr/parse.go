package attr

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// MaxNesting is how many levels deep an attribute value may be, itself being the first (Developer Guide, "Service quotas": nested attribute depth), so that
// at most 31 lists and maps enclose a value. What is only compared, as a value of a condition, may be one deeper: it is not in an item, which is a level itself
// (DynamoDB Local; ExtendDB/extenddb 191). So reading takes one more, and what is stored is held to MaxNesting where it is written. The newer of the
// service's programs makes no such exception: see ScanItemWithin.
const MaxNesting = 32

// secondNesting is how many lists and maps may enclose a value for the first of the newer program's two checks to find it; what the second one finds is
// no violation of the request (us-east-1 and eu-west-2, October 2026: source of nubo-db/dynoxide 3.2).
const secondNesting = 62

// ParseItem reads an item in DynamoDB JSON as strictly as the service. Errors are of type *Error. An error of shape is reported before one of value,
// wherever they stand. Of a name given twice the last one counts, in the place of the first, as the service's reader of JSON objects has it.
func ParseItem(src []byte) (Item, error) {
	s := jsonscan.New(src)
	it, err := ScanItem(&s)
	if err == nil && !s.End() {
		err = syntax(s.Err())
	}
	return it, err
}

// ParseValue reads one attribute value in DynamoDB JSON; see ParseItem.
func ParseValue(src []byte) (Value, error) {
	s := jsonscan.New(src)
	v, err := ScanValueWithin(&s, MaxNesting)
	if err == nil && !s.End() {
		err = syntax(s.Err())
	}
	return v, err
}

// ScanItem reads an item at the Scanner's place. After an error of value (not of Serialization) the Scanner stands behind the item, so a decoder may go
// on to look for errors of shape.
func ScanItem(s *jsonscan.Scanner) (Item, error) {
	r := reader{s: s, levels: MaxNesting}
	it, ok := r.item(0)
	return it, r.result(ok)
}

// ScanItemWithin is ScanItem for values that at most so many lists and maps may enclose, of which there are mostly few: a key, the values of an expression.
func ScanItemWithin(s *jsonscan.Scanner, levels int) (Item, error) {
	r := reader{s: s, levels: levels, few: true}
	it, ok := r.item(0)
	return it, r.result(ok)
}

// ScanValueWithin reads one attribute value at the Scanner's place, in which at most so many lists and maps may enclose another; see ScanItem.
func ScanValueWithin(s *jsonscan.Scanner, levels int) (Value, error) {
	r := reader{s: s, levels: levels}
	v, ok := r.value(0)
	return v, r.result(ok)
}

func syntax(err error) *Error {
	if err == nil {
		return nil
	}
	return malformed(err.Error())
}

// reader walks attribute values in wire form. Methods return false when the shape is wrong and nothing more can be read; errors of value are noted, the
// first of them kept, and reading goes on, because the service reports shape before value.
type reader struct {
	s       *jsonscan.Scanner
	shape   *Error
	invalid *Error
	scratch []byte
	levels  int  // how many lists and maps may enclose a value
	few     bool // attributes are expected
}

// result is the error to report.
func (r *reader) result(ok bool) error {
	switch {
	case r.shape != nil:
		return r.shape
	case !ok:
		return syntax(r.s.Err())
	case r.invalid != nil:
		return r.invalid
	default:
		return nil
	}
}

func (r *reader) wrong(message string) bool {
	if r.shape == nil {
		r.shape = malformed(message)
	}
	return false
}

func (r *reader) refuse(err *Error) {
	if r.invalid == nil {
		r.invalid = err
	}
}

// nested refuses a value that too many lists and maps enclose.
func (r *reader) nested(depth int) {
	r.refuse(constraint(msgNesting))
	if depth > secondNesting && r.invalid.Message == msgNesting {
		r.invalid.Constraint = false
	}
}

// value reads one value, which depth lists and maps enclose.
func (r *reader) value(depth int) (Value, bool) {
	if depth > r.levels {
		r.nested(depth)
	}
	if r.s.Kind() == jsonscan.Null {
		r.refuse(invalid(msgEmpty))
		return Value{}, r.s.Skip()
	}
	if !r.open(classValue, msgValueType) {
		return Value{}, false
	}
	var v Value
	for {
		name, ok := r.s.Key()
		if !ok {
			if r.s.Err() == nil && v.Kind == Invalid {
				r.refuse(invalid(msgEmpty))
			}
			return v, r.s.Err() == nil
		}
		kind := kindOf(name)
		if kind == Invalid || r.s.Kind() == jsonscan.Null {
			if !r.s.Skip() {
				return Value{}, false
			}
			continue
		}
		several := v.Kind != Invalid && v.Kind != kind
		if v, ok = r.payload(kind, depth); !ok {
			return Value{}, false
		}
		if several { // a number that is none is reported first
			r.refuse(invalid(msgSeveral))
		}
	}
}

// kindOf is ParseKind for bytes.
func kindOf(name []byte) Kind {
	if len(name) == 1 {
		switch name[0] {
		case 'S':
			return S
		case 'N':
			return N
		case 'B':
			return B
		case 'L':
			return L
		case 'M':
			return M
		}
		return Invalid
	}
	switch string(name) {
	case "BOOL":
		return BOOL
	case "NULL":
		return NULL
	case "SS":
		return SS
	case "NS":
		return NS
	case "BS":
		return BS
	}
	return Invalid
}

// payload reads what stands behind the type's name.
func (r *reader) payload(kind Kind, depth int) (Value, bool) {
	v := Value{Kind: kind}
	var ok bool
	switch kind {
	case S, N, B:
		v.Str, ok = r.scalar(kind)
	case BOOL:
		v.Bool, ok = r.boolean()
	case NULL:
		ok = r.null()
	case L:
		v.List, ok = r.list(depth + 1)
	case M:
		v.Map, ok = r.item(depth + 1)
	default:
		v.List, ok = r.set(kind)
	}
	return v, ok
}

func (r *reader) scalar(kind Kind) (string, bool) {
	var text []byte
	var ok bool
	switch kind {
	case N:
		text, ok = r.number()
	case B:
		text, ok = r.binary()
	default:
		text, ok = r.text(classString, "String")
	}
	return string(text), ok
}

func (r *reader) list(depth int) ([]Value, bool) {
	if !r.openList() {
		return nil, false
	}
	list := []Value{}
	for r.s.Elem() {
		v, ok := r.value(depth)
		if !ok {
			return nil, false
		}
		if len(list) == manyMembers {
			list = slices.Grow(list, left(*r.s))
		}
		list = append(list, v)
	}
	return list, r.s.Err() == nil
}
