// Package jsonscan reads JSON text without building a tree and, where strings hold no escapes, without allocating. A Scanner is a cursor over one
// complete text: the caller asks for the kind of the next value and takes it as what it is. Every byte that is passed is checked (RFC 8259, UTF-8,
// paired surrogates, a limit on nesting), so what Raw returns is valid JSON. The engine's request decoder and package attr are written on it.
package jsonscan

import "fmt"

// maxDepth is how deep objects and arrays may nest in a text. The deepest request the service takes, 32 levels of attribute values within a
// transaction, needs fewer than 100; the limit keeps hostile input from exhausting the stack.
const maxDepth = 512

// Scanner is a cursor over a JSON text. After the first error every method fails and Err says why. The zero Scanner is at the end of an empty text.
// A Scanner is a value: a copy is an independent cursor at the same place, which is how a caller looks ahead.
type Scanner struct {
	src   []byte
	pos   int
	depth int
	fresh bool // an object or array was just opened: no comma is due
	err   *SyntaxError
}

// New returns a Scanner at the beginning of src. Slices that the Scanner returns may alias src.
func New(src []byte) Scanner {
	return Scanner{src: src}
}

// Err returns the first error, or nil.
func (s *Scanner) Err() error {
	if s.err == nil {
		return nil
	}
	return s.err
}

// Pos is the offset of the next byte to be read.
func (s *Scanner) Pos() int { return s.pos }

func (s *Scanner) fail(offset int, reason string) bool {
	if s.err == nil {
		s.err = &SyntaxError{Offset: offset, Reason: reason}
	}
	return false
}

// space skips white space and reports whether a byte is left.
func (s *Scanner) space() bool {
	for s.pos < len(s.src) {
		if c := s.src[s.pos]; c > ' ' || (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
			return true
		}
		s.pos++
	}
	return false
}

// Kind tells what the next value is, without taking it.
func (s *Scanner) Kind() Kind {
	if s.err != nil {
		return Invalid
	}
	if !s.space() {
		return EOF
	}
	switch c := s.src[s.pos]; c {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't':
		return True
	case 'f':
		return False
	case 'n':
		return Null
	default:
		if c == '-' || (c >= '0' && c <= '9') {
			return Number
		}
		return Invalid
	}
}

// Open takes the beginning of the object or array that is next; Key or Elem then walk through it.
func (s *Scanner) Open() bool {
	if s.err != nil {
		return false
	}
	if !s.space() || (s.src[s.pos] != '{' && s.src[s.pos] != '[') {
		return s.fail(s.pos, "expected an object or an array")
	}
	if s.depth++; s.depth > maxDepth {
		return s.fail(s.pos, fmt.Sprintf("nested deeper than %d levels", maxDepth))
	}
	s.pos++
	s.fresh = true
	return true
}

// Key takes the next member's name and the colon behind it. It returns false when the object ends, having taken its end, and after an error.
// The value that follows has to be taken before the next call. Names are not checked for duplicates.
func (s *Scanner) Key() (name []byte, ok bool) {
	name, _, ok = s.KeyToken()
	return name, ok
}

// KeyToken is Key, with the name's text in quotes as Token returns it.
func (s *Scanner) KeyToken() (name, quoted []byte, ok bool) {
	if !s.next('}') {
		return nil, nil, false
	}
	if !s.space() || s.src[s.pos] != '"' {
		return nil, nil, s.fail(s.pos, "expected a member name in quotes")
	}
	name, quoted, ok = s.Token()
	if !ok {
		return nil, nil, false
	}
	if !s.space() || s.src[s.pos] != ':' {
		return nil, nil, s.fail(s.pos, "expected a colon behind the member name")
	}
	s.pos++
	return name, quoted, true
}

// Elem reports whether another element follows in the array. It returns false when the array ends, having taken its end, and after an error.
// The element has to be taken before the next call.
func (s *Scanner) Elem() bool {
	return s.next(']')
}

// next stands at a comma or at the end of the innermost object or array.
func (s *Scanner) next(end byte) bool {
	if s.err != nil {
		return false
	}
	if !s.space() {
		return s.fail(s.pos, "unexpected end of the text")
	}
	c := s.src[s.pos]
	if c == end {
		s.pos++
		s.depth--
		s.fresh = false
		return false
	}
	if s.fresh {
		s.fresh = false
		return true
	}
	if c != ',' {
		return s.fail(s.pos, "expected a comma or the end of the object or array")
	}
	s.pos++
	if s.space() && s.src[s.pos] == end {
		return s.fail(s.pos, "a comma before the end of the object or array")
	}
	return true
}

// End reports whether nothing but white space is left; anything else is an error.
func (s *Scanner) End() bool {
	if s.err != nil {
		return false
	}
	if s.space() {
		return s.fail(s.pos, "text behind the end of the value")
	}
	return true
}

// Literal takes true, false or null.
func (s *Scanner) Literal() (Kind, bool) {
	k := s.Kind()
	var word string
	switch k {
	case True:
		word = "true"
	case False:
		word = "false"
	case Null:
		word = "null"
	default:
		return Invalid, s.fail(s.pos, "expected true, false or null")
	}
	if len(s.src)-s.pos < len(word) || string(s.src[s.pos:s.pos+len(word)]) != word {
		return Invalid, s.fail(s.pos, "expected "+word)
	}
	s.pos += len(word)
	return k, true
}

// Number takes a number and returns its text, an alias of the source.
func (s *Scanner) Number() ([]byte, bool) {
	if s.Kind() != Number {
		return nil, s.fail(s.pos, "expected a number")
	}
	start := s.pos
	if s.src[s.pos] == '-' {
		s.pos++
	}
	if s.at('0') {
		s.pos++
	} else if !s.digits() {
		return nil, false
	}
	if s.at('.') {
		s.pos++
		if !s.digits() {
			return nil, false
		}
	}
	if s.at('e') || s.at('E') {
		s.pos++
		if s.at('+') || s.at('-') {
			s.pos++
		}
		if !s.digits() {
			return nil, false
		}
	}
	return s.src[start:s.pos], true
}

func (s *Scanner) at(c byte) bool { return s.pos < len(s.src) && s.src[s.pos] == c }

func (s *Scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.src) && s.src[s.pos] >= '0' && s.src[s.pos] <= '9' {
		s.pos++
	}
	if s.pos == start {
		return s.fail(s.pos, "expected a digit")
	}
	return true
}

// Raw takes the next value, whatever it is, checks it whole and returns its text without surrounding white space, an alias of the source.
func (s *Scanner) Raw() ([]byte, bool) {
	if s.err != nil {
		return nil, false
	}
	s.space()
	start := s.pos
	if !s.skip() {
		return nil, false
	}
	return s.src[start:s.pos], true
}

// Skip takes the next value and checks it.
func (s *Scanner) Skip() bool { return s.skip() }

func (s *Scanner) skip() bool {
	switch s.Kind() {
	case Object:
		if !s.Open() {
			return false
		}
		for s.next('}') {
			if !s.space() || s.src[s.pos] != '"' {
				return s.fail(s.pos, "expected a member name in quotes")
			}
			if !s.skipString() {
				return false
			}
			if !s.space() || s.src[s.pos] != ':' {
				return s.fail(s.pos, "expected a colon behind the member name")
			}
			s.pos++
			if !s.skip() {
				return false
			}
		}
		return s.err == nil
	case Array:
		if !s.Open() {
			return false
		}
		for s.next(']') {
			if !s.skip() {
				return false
			}
		}
		return s.err == nil
	case String:
		return s.skipString()
	case Number:
		_, ok := s.Number()
		return ok
	case True, False, Null:
		_, ok := s.Literal()
		return ok
	case EOF:
		return s.fail(s.pos, "unexpected end of the text")
	default:
		return s.fail(s.pos, "expected a value")
	}
}
