package attr

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokEnd     tokenKind = iota
	tokName              // status, `any name`
	tokHolder            // #name or :value
	tokText              // "open"
	tokNumber            // 12.5
	tokSymbol            // = <> ( ) , . [ ] + -
	tokLiteral           // a JSON list or object, only where a value may stand
)

// A token of the expression language. Text is the decoded text of a string or name; the source text otherwise.
type token struct {
	kind   tokenKind
	text   string
	quoted bool // a name in backquotes: never a keyword
	offset int
	end    int
}

// is tells whether the token is the given symbol or, in any case, the given keyword.
func (t token) is(word string) bool {
	switch t.kind {
	case tokSymbol:
		return t.text == word
	case tokName:
		return !t.quoted && strings.EqualFold(t.text, word)
	default:
		return false
	}
}

// shown is the token as an error message quotes it.
func (t token) shown(src string) string {
	if t.kind == tokEnd {
		return "the end"
	}
	return strconv.Quote(src[t.offset:t.end])
}

// A scanner reads tokens from src. Whether a minus or a bracket begins a value depends on where it stands, which the parser knows: it asks for an
// operand or for an operator.
type scanner struct {
	src string
	pos int
}

func (s *scanner) fail(offset int, message, hint string) error {
	return &SyntaxError{Text: s.src, Offset: offset, Message: message, Hint: hint}
}

// nextOperand reads the next token where a value may begin.
func (s *scanner) nextOperand() (token, error) {
	s.space()
	if s.pos < len(s.src) {
		switch s.src[s.pos] {
		case '-':
			return s.number()
		case '[', '{':
			return s.literal()
		}
	}
	return s.nextOperator()
}

func (s *scanner) space() {
	for s.pos < len(s.src) && strings.IndexByte(" \t\r\n", s.src[s.pos]) >= 0 {
		s.pos++
	}
}

// nextOperator reads the next token where a minus subtracts and a bracket belongs to a path.
func (s *scanner) nextOperator() (token, error) {
	s.space()
	start := s.pos
	if start == len(s.src) {
		return token{kind: tokEnd, offset: start, end: start}, nil
	}
	c := s.src[start]
	switch {
	case c == '"':
		return s.text()
	case c == '\'':
		return s.quoted('\'', tokText)
	case c == '`':
		return s.quoted('`', tokName)
	case c == '#' || c == ':':
		return s.holder()
	case c >= '0' && c <= '9':
		return s.number()
	}
	if r, _ := utf8.DecodeRuneInString(s.src[start:]); r == '_' || unicode.IsLetter(r) {
		return s.name(), nil
	}
	for _, two := range []string{"<=", ">=", "<>", "!=", "=="} {
		if strings.HasPrefix(s.src[start:], two) {
			s.pos += 2
			return token{kind: tokSymbol, text: two, offset: start, end: s.pos}, nil
		}
	}
	if strings.IndexByte("=<>(),.[]+-", c) >= 0 {
		s.pos++
		return token{kind: tokSymbol, text: string(c), offset: start, end: s.pos}, nil
	}
	r, _ := utf8.DecodeRuneInString(s.src[start:])
	return token{}, s.fail(start, "unexpected character "+strconv.QuoteRune(r), "write attribute names with other characters in backquotes: `my attribute`")
}

// name reads an attribute name or keyword. A hyphen belongs to it when a letter follows directly, as in created-at; a subtraction has spaces around it.
func (s *scanner) name() token {
	start := s.pos
	for s.pos < len(s.src) {
		r, size := utf8.DecodeRuneInString(s.src[s.pos:])
		after, _ := utf8.DecodeRuneInString(s.src[s.pos+size:])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && (r != '-' || !unicode.IsLetter(after)) {
			break
		}
		s.pos += size
	}
	return token{kind: tokName, text: s.src[start:s.pos], offset: start, end: s.pos}
}

func (s *scanner) holder() (token, error) {
	start := s.pos
	s.pos++
	for s.pos < len(s.src) && plainWord(s.src[s.pos:s.pos+1]) {
		s.pos++
	}
	if s.pos == start+1 {
		return token{}, s.fail(start, "a placeholder needs a name after "+strconv.Quote(s.src[start:start+1]), "")
	}
	return token{kind: tokHolder, text: s.src[start:s.pos], offset: start, end: s.pos}, nil
}

func (s *scanner) number() (token, error) {
	start := s.pos
	s.pos++
	for s.pos < len(s.src) {
		c := s.src[s.pos]
		exponentSign := (c == '-' || c == '+') && (s.src[s.pos-1] == 'e' || s.src[s.pos-1] == 'E')
		if c != '.' && c != 'e' && c != 'E' && (c < '0' || c > '9') && !exponentSign {
			break
		}
		s.pos++
	}
	text, err := NormalizeNumber(s.src[start:s.pos])
	if err != nil {
		return token{}, s.fail(start, "not a number: "+s.src[start:s.pos], "text stands in quotes: \""+s.src[start:s.pos]+"\"")
	}
	return token{kind: tokNumber, text: text, offset: start, end: s.pos}, nil
}

// text reads a double-quoted string with the escapes of JSON.
func (s *scanner) text() (token, error) {
	start := s.pos
	end := jsonStringEnd(s.src, start)
	if end < 0 {
		return token{}, s.fail(start, "text without a closing quote", "")
	}
	v, err := ParsePlainValue([]byte(s.src[start:end]))
	if err != nil {
		return token{}, s.fail(start, "malformed text: "+err.Error(), "")
	}
	s.pos = end
	return token{kind: tokText, text: v.Str, offset: start, end: end}, nil
}

// quoted reads text between two equal marks; the mark itself is written twice inside.
func (s *scanner) quoted(mark byte, kind tokenKind) (token, error) {
	start := s.pos
	var b strings.Builder
	for i := start + 1; i < len(s.src); i++ {
		if s.src[i] != mark {
			b.WriteByte(s.src[i])
			continue
		}
		if i+1 < len(s.src) && s.src[i+1] == mark {
			b.WriteByte(mark)
			i++
			continue
		}
		s.pos = i + 1
		if kind == tokName && b.Len() == 0 {
			return token{}, s.fail(start, "an attribute name may not be empty", "")
		}
		return token{kind: kind, text: b.String(), quoted: true, offset: start, end: s.pos}, nil
	}
	return token{}, s.fail(start, "text without a closing "+string(mark), "")
}

// literal takes a whole JSON list or object.
func (s *scanner) literal() (token, error) {
	start, depth := s.pos, 0
	for i := start; i < len(s.src); i++ {
		switch s.src[i] {
		case '"':
			end := jsonStringEnd(s.src, i)
			if end < 0 {
				return token{}, s.fail(i, "text without a closing quote", "")
			}
			i = end - 1
		case '[', '{':
			depth++
		case ']', '}':
			depth--
			if depth == 0 {
				s.pos = i + 1
				return token{kind: tokLiteral, text: s.src[start:s.pos], offset: start, end: s.pos}, nil
			}
		}
	}
	return token{}, s.fail(start, "a list or map without its closing bracket", "")
}

// jsonStringEnd gives the offset after the closing quote of the JSON string that begins at start, or −1.
func jsonStringEnd(src string, start int) int {
	for i := start + 1; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}
