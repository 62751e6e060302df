package partiql

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// scanner cuts a statement into tokens. It keeps line and column by character, for messages.
type scanner struct {
	src       string
	at        int
	line, col int
}

// symbols, longest first where one begins another.
var symbols = [...]string{
	"<<", ">>", "<>", "!=", "<=", ">=", "||", "<", ">", "=", "+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ",", ".", ":", ";", "@",
}

// tokens cuts the whole statement. It ends with a token of kind endOfStatement.
func (s *scanner) tokens() ([]token, error) {
	out := make([]token, 0, 16+len(s.src)/6)
	for {
		t, err := s.next()
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		if t.kind == endOfStatement {
			return out, nil
		}
	}
}

// next gives the next token, or a syntax error.
func (s *scanner) next() (token, error) {
	if err := s.skipSpace(); err != nil {
		return token{}, at(err, Pos{Line: s.line, Col: s.col})
	}
	start, pos := s.at, Pos{Line: s.line, Col: s.col}
	if s.at == len(s.src) {
		return token{kind: endOfStatement, pos: pos}, nil
	}
	t, err := s.word()
	if err != nil {
		return token{}, at(err, pos)
	}
	t.raw = s.src[start:s.at]
	pos.Len = utf8.RuneCountInString(t.raw)
	t.pos = pos
	return t, nil
}

func (s *scanner) word() (token, error) {
	c := s.src[s.at]
	switch {
	case c == '\'':
		value, err := s.quoted('\'')
		return token{kind: text, text: value}, err
	case c == '"':
		value, err := s.quoted('"')
		return token{kind: quotedName, text: value}, err
	case c == '`':
		value, err := s.quoted('`')
		return token{kind: ion, text: value}, err
	case c == '?':
		s.advance(1)
		return token{kind: parameter, text: "?"}, nil
	case isDigit(c), c == '.' && s.at+1 < len(s.src) && isDigit(s.src[s.at+1]):
		return s.number()
	case isLetter(c):
		return s.identifier(), nil
	}
	for _, sym := range symbols {
		if strings.HasPrefix(s.src[s.at:], sym) {
			s.advance(len(sym))
			if sym == "!=" {
				sym = "<>"
			}
			return token{kind: symbol, text: sym}, nil
		}
	}
	return token{}, errText()
}

// quoted reads up to the closing quote; a doubled quote stands for one.
func (s *scanner) quoted(quote byte) (string, error) {
	s.advance(1)
	var b strings.Builder
	for {
		end := strings.IndexByte(s.src[s.at:], quote)
		if end < 0 {
			return "", errText()
		}
		b.WriteString(s.src[s.at : s.at+end])
		s.advance(end + 1)
		if quote == '`' || s.at == len(s.src) || s.src[s.at] != quote {
			return b.String(), nil
		}
		b.WriteByte(quote)
		s.advance(1)
	}
}

func (s *scanner) number() (token, error) {
	start := s.at
	s.digits()
	if s.at < len(s.src) && s.src[s.at] == '.' {
		s.advance(1)
		s.digits()
	}
	if s.at < len(s.src) && (s.src[s.at] == 'e' || s.src[s.at] == 'E') {
		s.advance(1)
		if s.at < len(s.src) && (s.src[s.at] == '+' || s.src[s.at] == '-') {
			s.advance(1)
		}
		if s.at == len(s.src) || !isDigit(s.src[s.at]) {
			return token{}, errText()
		}
		s.digits()
	}
	if s.at < len(s.src) && isLetter(s.src[s.at]) {
		return token{}, errText()
	}
	return token{kind: number, text: s.src[start:s.at]}, nil
}

func (s *scanner) digits() {
	for s.at < len(s.src) && isDigit(s.src[s.at]) {
		s.advance(1)
	}
}

func (s *scanner) identifier() token {
	start := s.at
	for s.at < len(s.src) && (isLetter(s.src[s.at]) || isDigit(s.src[s.at])) {
		s.advance(1)
	}
	word := s.src[start:s.at]
	if upper := strings.ToUpper(word); keywords[upper] {
		return token{kind: keyword, text: upper}
	}
	return token{kind: name, text: word}
}

// skipSpace passes over white space and over comments: -- to the end of the line, and /* … */.
func (s *scanner) skipSpace() error {
	for s.at < len(s.src) {
		rest := s.src[s.at:]
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case unicode.IsSpace(r):
			s.advance(size)
		case strings.HasPrefix(rest, "--"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			s.advance(end)
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return errText()
			}
			s.advance(end + 4)
		default:
			return nil
		}
	}
	return nil
}

// advance moves n bytes on, keeping line and column.
func (s *scanner) advance(n int) {
	for _, r := range s.src[s.at : s.at+n] {
		if r == '\n' {
			s.line, s.col = s.line+1, 1
		} else {
			s.col++
		}
	}
	s.at += n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$'
}
