package ion

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

// Error says where a text is not what an item can be made of.
type Error struct {
	Offset int // bytes from the beginning of the value
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("the Ion value is not valid at byte %d: %s", e.Offset, e.Reason)
}

// ParseStruct reads one top-level struct, as Scanner gives it. A number keeps
// the digits it was written with: its range and normal form, like the other
// rules for items, are the caller's to check. Errors are of type *Error, but for
// ErrBinary.
func ParseStruct(src []byte) (attr.Item, error) {
	if bytes.HasPrefix(src, binaryMarker) {
		return nil, ErrBinary
	}
	p := parser{lexer: lexer{src: src}}
	v, ok := p.value(0)
	if ok && v.Kind != attr.M {
		ok = p.fail("a struct is expected")
	}
	if p.blank(); ok && p.pos < len(src) {
		ok = p.fail("the text goes on after its struct")
	}
	if !ok {
		return nil, p.err
	}
	return v.Map, nil
}

type parser struct {
	lexer
	err *Error
}

func (p *parser) fail(reason string) bool {
	if p.err == nil {
		p.err = &Error{p.pos, reason}
	}
	return false
}

// peek is the next byte that means something; 0 at the end.
func (p *parser) peek() byte {
	p.blank()
	if p.pos >= len(p.src) {
		return 0
	}
	return p.src[p.pos]
}

func (p *parser) has(prefix string) bool { return bytes.HasPrefix(p.src[p.pos:], []byte(prefix)) }

// maxDepth bounds the nesting of values; the service takes 32 levels, which the
// caller checks, and the record around the item is not counted.
const maxDepth = 64

// value reads a value with its annotations.
func (p *parser) value(depth int) (attr.Value, bool) {
	if depth > maxDepth {
		return attr.Value{}, p.fail("the nesting is too deep")
	}
	set := attr.Invalid
	for {
		c := p.peek()
		if !identifierByte(c, true) && (c != '\'' || p.has("'''")) {
			break
		}
		start := p.pos
		name, ok := p.symbol()
		if !ok {
			return attr.Value{}, false
		}
		if p.peek(); !p.has("::") {
			p.pos = start
			return p.word(name, c == '\'')
		}
		p.pos += 2
		if kind, ok := setKind(name); ok {
			set = kind
		}
	}
	v, ok := p.plain(depth)
	if ok && set != attr.Invalid {
		return p.asSet(v, set)
	}
	return v, ok
}

func setKind(annotation string) (attr.Kind, bool) {
	name, ok := strings.CutPrefix(annotation, setPrefix)
	if !ok {
		return attr.Invalid, false
	}
	kind, ok := attr.ParseKind(name)
	return kind, ok && kind.IsSet()
}

// asSet makes a set of a list whose annotation says so.
func (p *parser) asSet(v attr.Value, kind attr.Kind) (attr.Value, bool) {
	if v.Kind != attr.L {
		return v, p.fail("the annotation of a set needs a list")
	}
	for _, m := range v.List {
		if m.Kind != kind.Member() {
			return v, p.fail("a member of a set of type " + kind.String() + " has type " + m.Kind.String())
		}
	}
	return attr.Value{Kind: kind, List: v.List}, true
}

// plain reads a value without annotations that is not a word.
func (p *parser) plain(depth int) (attr.Value, bool) {
	switch c := p.peek(); {
	case c == 0:
		return attr.Value{}, p.fail("the text ends where a value is expected")
	case c == '"' || c == '\'':
		text, ok := p.text()
		return attr.String(text), ok
	case p.has("{{"):
		return p.blob()
	case c == '{':
		it, ok := p.structure(depth)
		return attr.Map(it), ok
	case c == '[':
		list, ok := p.list(depth)
		return attr.Value{Kind: attr.L, List: list}, ok
	case c == '(':
		return attr.Value{}, p.fail("S-expressions are no attribute values")
	case c == '-' || c == '+' || c >= '0' && c <= '9':
		return p.number()
	default:
		return attr.Value{}, p.fail("no value begins with " + string(rune(c)))
	}
}

// word reads a keyword at the parser's place; other symbols are no values.
func (p *parser) word(name string, quoted bool) (attr.Value, bool) {
	if quoted {
		return attr.Value{}, p.fail("symbols are no attribute values")
	}
	p.pos += len(name)
	switch name {
	case "true", "false":
		return attr.Boolean(name == "true"), true
	case "null":
		if p.has(".") { // a null of a type, such as null.string
			p.pos++
			for p.pos < len(p.src) && identifierByte(p.src[p.pos], false) {
				p.pos++
			}
		}
		return attr.Null(), true
	}
	p.pos -= len(name)
	return attr.Value{}, p.fail("symbols are no attribute values: " + name)
}

// symbol reads a name, bare or in single quotes.
func (p *parser) symbol() (string, bool) {
	if p.src[p.pos] == '\'' {
		return p.one('\'')
	}
	start := p.pos
	for p.pos < len(p.src) && identifierByte(p.src[p.pos], p.pos == start) {
		p.pos++
	}
	return string(p.src[start:p.pos]), true
}

// structure reads a struct. Of fields with the same name the last one stays.
func (p *parser) structure(depth int) (attr.Item, bool) {
	p.pos++
	it := attr.Item{}
	for p.peek() != '}' {
		name, ok := p.field()
		if !ok {
			return nil, false
		}
		if p.peek() != ':' {
			return nil, p.fail("a colon is expected behind the name of a field")
		}
		p.pos++
		v, ok := p.value(depth + 1)
		if !ok {
			return nil, false
		}
		it = append(it, attr.Attribute{Name: name, Value: v})
		if !p.comma('}') {
			return nil, false
		}
	}
	p.pos++
	return it, true
}

func (p *parser) field() (string, bool) {
	switch c := p.peek(); {
	case c == '"' || c == '\'':
		if p.has("'''") {
			return p.text()
		}
		return p.one(c)
	case identifierByte(c, true):
		return p.symbol()
	}
	return "", p.fail("the name of a field is expected")
}

func (p *parser) list(depth int) ([]attr.Value, bool) {
	p.pos++
	list := []attr.Value{}
	for p.peek() != ']' {
		v, ok := p.value(depth + 1)
		if !ok {
			return nil, false
		}
		list = append(list, v)
		if !p.comma(']') {
			return nil, false
		}
	}
	p.pos++
	return list, true
}

// comma passes over the comma between two members; the last may have one too.
func (p *parser) comma(end byte) bool {
	switch p.peek() {
	case ',':
		p.pos++
		return true
	case end:
		return true
	}
	return p.fail("a comma or " + string(rune(end)) + " is expected")
}

// number reads an int or a decimal. Floats, which cannot hold DynamoDB's digits,
// and timestamps are refused.
func (p *parser) number() (attr.Value, bool) {
	start := p.pos
	for p.pos < len(p.src) && strings.IndexByte(" \t\r\n\v\f,]}){[(\"'/", p.src[p.pos]) < 0 {
		p.pos++
	}
	text := strings.ReplaceAll(string(p.src[start:p.pos]), "_", "")
	digits := strings.TrimPrefix(text, "-")
	if len(digits) > 2 && (digits[1]|0x20 == 'x' || digits[1]|0x20 == 'b') {
		n, ok := new(big.Int).SetString(text, 0)
		if !ok {
			return attr.Value{}, p.fail("not a number: " + text)
		}
		return attr.Value{Kind: attr.N, Str: n.String()}, true
	}
	switch {
	case len(digits) > 4 && strings.Trim(digits[:4], "0123456789") == "" && (digits[4] == '-' || digits[4] == 'T'):
		return attr.Value{}, p.fail("timestamps are no attribute values")
	case strings.ContainsAny(digits, "eE"), strings.HasPrefix(text, "+"):
		return attr.Value{}, p.fail("floats are no attribute values; write a decimal, such as 1d3")
	}
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "d")
	mantissa = strings.TrimSuffix(mantissa, ".")
	if exponent != "" {
		mantissa += "E" + exponent
	}
	n, err := attr.NormalizeNumber(mantissa)
	if err != nil {
		return attr.Value{}, p.fail(err.Error())
	}
	return attr.Value{Kind: attr.N, Str: n}, true
}

// blob reads binary data; the text in double braces may hold white space.
func (p *parser) blob() (attr.Value, bool) {
	end := bytes.Index(p.src[p.pos:], []byte("}}"))
	if end < 0 {
		return attr.Value{}, p.fail("a blob has no end")
	}
	text := bytes.Join(bytes.Fields(p.src[p.pos+2:p.pos+end]), nil)
	if bytes.IndexByte(text, '"') >= 0 || bytes.IndexByte(text, '\'') >= 0 {
		return attr.Value{}, p.fail("clobs are no attribute values")
	}
	raw, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil {
		return attr.Value{}, p.fail("a blob is not base64")
	}
	p.pos += end + 2
	return attr.Binary(raw), true
}
