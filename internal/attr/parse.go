package attr

import (
	"encoding/base64"
	"strconv"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// MaxNesting is how many levels deep an attribute value may be, itself being the first (Developer Guide, "Service quotas": nested attribute depth), so that
// at most 31 lists and maps enclose a value.
const MaxNesting = 32

// MaxNameSize is the longest name of an attribute in bytes (API reference, PutItem).
const MaxNameSize = 65535

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
	v, err := ScanValue(&s)
	if err == nil && !s.End() {
		err = syntax(s.Err())
	}
	return v, err
}

// ScanItem reads an item at the Scanner's place. After an error of value (not of Serialization) the Scanner stands behind the item, so a decoder may go
// on to look for errors of shape.
func ScanItem(s *jsonscan.Scanner) (Item, error) {
	r := reader{s: s}
	it, ok := r.item(0)
	return it, r.result(ok)
}

// ScanValue reads one attribute value at the Scanner's place; see ScanItem.
func ScanValue(s *jsonscan.Scanner) (Value, error) {
	r := reader{s: s}
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

// The Java types that stand in the service's words for a list where something else is expected.
const (
	classString  = "class java.lang.String"
	classBoolean = "class java.lang.Boolean"
	classValue   = "class com.amazonaws.dynamodb.v20120810.AttributeValue"
	classBuffer  = "class java.nio.ByteBuffer"
	classMap     = "java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>"
)

// open opens an object, as a map of values or as one value.
func (r *reader) open(class, scalar string) bool {
	switch r.s.Kind() {
	case jsonscan.Object:
		return r.s.Open()
	case jsonscan.Array:
		return r.wrong(msgCollection + class)
	case jsonscan.Invalid, jsonscan.EOF:
		return r.s.Skip()
	default:
		return r.wrong(scalar)
	}
}

func (r *reader) openList() bool {
	switch r.s.Kind() {
	case jsonscan.Array:
		return r.s.Open()
	case jsonscan.Object:
		return r.wrong(msgStructure)
	case jsonscan.Invalid, jsonscan.EOF:
		return r.s.Skip()
	default:
		return r.wrong(msgFieldType)
	}
}

// text takes a string, or says in the service's words that something else is there.
func (r *reader) text(class, name string) ([]byte, bool) {
	if r.s.Kind() == jsonscan.String {
		return r.s.Text()
	}
	return nil, r.noScalar(class, name)
}

func (r *reader) noScalar(class, name string) bool {
	var found string
	switch r.s.Kind() {
	case jsonscan.Object:
		return r.wrong(msgStructure)
	case jsonscan.Array:
		return r.wrong(msgCollection + class)
	case jsonscan.Number:
		text, ok := r.s.Number()
		if !ok {
			return false
		}
		found = "NUMBER_VALUE"
		if _, err := strconv.ParseInt(string(text), 10, 64); err != nil {
			found = "DECIMAL_VALUE"
		}
	case jsonscan.True:
		found = "TRUE_VALUE"
	case jsonscan.False:
		found = "FALSE_VALUE"
	case jsonscan.String:
		found = "STRING_VALUE"
	default:
		return r.s.Skip()
	}
	return r.wrong(found + " cannot be converted to " + name)
}

func (r *reader) boolean() (value, ok bool) {
	switch r.s.Kind() {
	case jsonscan.True, jsonscan.False:
		k, ok := r.s.Literal()
		return k == jsonscan.True, ok
	case jsonscan.String:
		return false, r.wrong(msgToken)
	default:
		return false, r.noScalar(classBoolean, "Boolean")
	}
}

// binary takes a string in base64 and returns the bytes, valid until the next call.
func (r *reader) binary() ([]byte, bool) {
	text, ok := r.text(classBuffer, "ByteBuffer")
	if !ok {
		return nil, false
	}
	if len(text)%4 != 0 {
		return nil, r.wrong("Base64 encoded length is expected a multiple of 4 bytes but found: " + strconv.Itoa(len(text)))
	}
	var err error
	r.scratch, err = base64.StdEncoding.AppendDecode(r.scratch[:0], text)
	if err == nil {
		return r.scratch, true
	}
	for _, c := range text {
		if !isBase64(c) {
			return nil, r.wrong("Invalid Base64 character: '" + string(rune(c)) + "'")
		}
	}
	return nil, r.wrong("Invalid Base64 encoding")
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '='
}

// number takes a string that is a number. Bad numbers are noted, and give "0".
func (r *reader) number() (text []byte, ok bool) {
	text, ok = r.text(classString, "String")
	if !ok || isNormalInteger(text) {
		return text, ok
	}
	x, msg := parseNumber(text)
	if msg != "" {
		if msg == msgNotNumeric {
			r.refuse(notNumeric(string(text)))
		} else {
			r.refuse(invalid(msg))
		}
		return []byte{'0'}, true
	}
	r.scratch = x.Append(r.scratch[:0])
	return r.scratch, true
}

// checkName holds a name to the limits of attributes' names.
func (r *reader) checkName(name []byte) {
	switch {
	case len(name) == 0:
		r.refuse(invalid(msgNoName))
	case len(name) > MaxNameSize:
		r.refuse(invalid(msgLongName))
	}
}

// checkMember refuses null as a member of a set; null in a set of numbers is refused as a number that is none.
func (r *reader) checkMember(kind Kind) {
	if r.s.Kind() != jsonscan.Null {
		return
	}
	switch kind {
	case SS:
		r.refuse(invalid(msgParameters + "An string set may not have a null string as a member"))
	case BS:
		r.refuse(invalid(msgParameters + "An binary set may not have a null binary as a member"))
	}
}

// item reads a map of values.
func (r *reader) item(depth int) (Item, bool) {
	if !r.open(classMap, msgFieldType) {
		return nil, false
	}
	it := Item{}
	for {
		name, ok := r.s.Key()
		if !ok {
			return it, r.s.Err() == nil
		}
		before := r.invalid
		r.checkName(name)
		v, ok := r.value(depth)
		if !ok {
			return nil, false
		}
		if depth == 0 && before == nil && r.invalid != nil {
			r.invalid.Attribute = string(name)
		}
		if len(it) == 0 {
			it = make(Item, 0, 8)
		}
		if len(it) < smallItem {
			it.Set(string(name), v)
			continue
		}
		it = append(it, Attribute{Name: string(name), Value: v})
		if len(it)&(len(it)-1) == 0 || r.atEnd() {
			it = it.distinct()
		}
	}
}

// smallItem is up to how many attributes looking for a repeated name at each step is quicker than building a map at the end.
const smallItem = 32

// atEnd looks whether the innermost object ends here.
func (r *reader) atEnd() bool {
	next := *r.s
	_, ok := next.Key()
	return !ok
}

// distinct keeps of each name the last value at the place of the first.
func (it Item) distinct() Item {
	at := make(map[string]int, len(it))
	out := it[:0]
	for _, a := range it {
		if i, ok := at[a.Name]; ok {
			out[i].Value = a.Value
			continue
		}
		at[a.Name] = len(out)
		out = append(out, a)
	}
	return out
}

// value reads one value, which depth lists and maps enclose.
func (r *reader) value(depth int) (Value, bool) {
	if depth >= MaxNesting {
		r.refuse(invalid(msgNesting))
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
		var set bool
		if set, ok = r.boolean(); ok && !set {
			r.refuse(invalid(msgNotNull))
		}
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
		list = append(list, v)
	}
	return list, r.s.Err() == nil
}

func (r *reader) set(kind Kind) ([]Value, bool) {
	if !r.openList() {
		return nil, false
	}
	var members []Value
	for r.s.Elem() {
		r.checkMember(kind)
		text, ok := r.scalar(kind.Member())
		if !ok {
			return nil, false
		}
		members = append(members, Value{Kind: kind.Member(), Str: text})
	}
	if r.s.Err() != nil {
		return nil, false
	}
	if len(members) == 0 {
		r.refuse(emptySet(kind))
	}
	if hasDuplicates(members) {
		r.refuse(duplicates(kind, members))
	}
	return members, true
}

func hasDuplicates(members []Value) bool {
	if len(members) <= smallSet {
		for i := range members {
			for j := range i {
				if members[i].Str == members[j].Str {
					return true
				}
			}
		}
		return false
	}
	seen := make(map[string]struct{}, len(members))
	for i := range members {
		seen[members[i].Str] = struct{}{}
	}
	return len(seen) < len(members)
}

func duplicates(kind Kind, members []Value) *Error {
	if kind == NS {
		return invalid("Input collection contains duplicates")
	}
	text := []byte(msgParameters + "Input collection [")
	for i := range members {
		if i > 0 {
			text = append(text, ", "...)
		}
		if kind == BS {
			text = base64.StdEncoding.AppendEncode(text, []byte(members[i].Str))
		} else {
			text = append(text, members[i].Str...)
		}
	}
	if kind == BS {
		return invalid(string(text) + "]of type BS contains duplicates.")
	}
	return invalid(string(text) + "] contains duplicates.")
}
