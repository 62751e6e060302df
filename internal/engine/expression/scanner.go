package expression

import "unicode/utf8"

// scan splits a text into tokens, the last of them eof. It never fails: a character that begins no token becomes a bad token, so that the parser reports
// it only when nothing before it is wrong.
func scan(text string) []token {
	tokens := make([]token, 0, 8+len(text)/4)
	for i := 0; i < len(text); {
		if isSpace(text[i]) {
			i++
			continue
		}
		k, n := next(text[i:])
		tokens = append(tokens, token{kind: k, start: i, end: i + n})
		i += n
	}
	return append(tokens, token{kind: eof, start: len(text), end: len(text)})
}

// next measures the token at the start of s, which is not empty.
func next(s string) (kind, int) {
	c := s[0]
	switch {
	case isLetter(c):
		n := wordLength(s)
		return keyword(s[:n]), n
	case isDigit(c):
		n := 1
		for c != '0' && n < len(s) && isDigit(s[n]) {
			n++
		}
		return number, n // no digit follows a zero that comes first
	}
	switch c {
	case '#', ':':
		n := 1 + wordLength(s[1:])
		switch {
		case n == 1:
			return bad, 1
		case c == '#':
			return nameRef, n
		default:
			return valueRef, n
		}
	case '<':
		if len(s) > 1 && s[1] == '=' {
			return opLe, 2
		}
		if len(s) > 1 && s[1] == '>' {
			return opNe, 2
		}
		return opLt, 1
	case '>':
		if len(s) > 1 && s[1] == '=' {
			return opGe, 2
		}
		return opGt, 1
	case '=':
		return opEq, 1
	case '+':
		return plus, 1
	case '-':
		return minus, 1
	case '(':
		return leftParen, 1
	case ')':
		return rightParen, 1
	case '[':
		return leftBracket, 1
	case ']':
		return rightBracket, 1
	case ',':
		return comma, 1
	case '.':
		return dot, 1
	}
	_, n := utf8.DecodeRuneInString(s)
	return bad, n
}

func isSpace(c byte) bool  { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// wordLength measures the letters, digits and underscores at the start of s.
func wordLength(s string) int {
	n := 0
	for n < len(s) && (isLetter(s[n]) || isDigit(s[n]) || s[n] == '_') {
		n++
	}
	return n
}
