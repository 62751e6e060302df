package ion

import (
	"bytes"
	"fmt"
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
// errBinary.
func ParseStruct(src []byte) (attr.Item, error) {
	if bytes.HasPrefix(src, binaryMarker) {
		return nil, errBinary
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
		if !identifierStart(c) && (c != '\'' || p.has("'''")) {
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
	case identifierStart(c):
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
