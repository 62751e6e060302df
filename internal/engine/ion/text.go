package ion

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text reads a string, or long strings that follow each other and make one.
func (p *parser) text() (string, bool) {
	if !p.has("'''") {
		return p.one('"')
	}
	var b strings.Builder
	for p.peek(); p.has("'''"); p.peek() {
		p.pos += 3
		for !p.has("'''") {
			if !p.character(&b, 0) {
				return "", false
			}
		}
		p.pos += 3
	}
	return b.String(), true
}

// one reads text in one pair of quotes.
func (p *parser) one(quote byte) (string, bool) {
	if p.pos >= len(p.src) || p.src[p.pos] != quote {
		return "", p.fail("text in quotes is expected")
	}
	p.pos++
	var b strings.Builder
	for {
		if p.pos < len(p.src) && p.src[p.pos] == quote {
			p.pos++
			return b.String(), true
		}
		if !p.character(&b, quote) {
			return "", false
		}
	}
}

// character reads one character or escape. quote is 0 in a long string, which may
// go over the end of a line.
func (p *parser) character(b *strings.Builder, quote byte) bool {
	if p.pos >= len(p.src) {
		return p.fail("text has no end")
	}
	c := p.src[p.pos]
	switch {
	case c == '\\':
		return p.escape(b)
	case quote != 0 && (c == '\n' || c == '\r'):
		return p.fail("text goes over the end of its line")
	case c < utf8.RuneSelf:
		b.WriteByte(c)
		p.pos++
		return true
	}
	r, n := utf8.DecodeRune(p.src[p.pos:])
	if r == utf8.RuneError && n <= 1 {
		return p.fail("text is not UTF-8")
	}
	b.WriteRune(r)
	p.pos += n
	return true
}

// escapes are the escapes of one letter.
var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", 'n': "\n", 'f': "\f", 'r': "\r", 'v': "\v",
	'"': `"`, '\'': "'", '?': "?", '\\': `\`, '/': "/", '\n': "",
}

func (p *parser) escape(b *strings.Builder) bool {
	if p.pos+1 >= len(p.src) {
		return p.fail("text has no end")
	}
	c := p.src[p.pos+1]
	if s, ok := escapes[c]; ok {
		b.WriteString(s)
		p.pos += 2
		return true
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	r, ok := p.hex(digits)
	if !ok {
		return false
	}
	if utf16.IsSurrogate(r) && p.has(`\u`) {
		low, ok := p.hex(4)
		if !ok {
			return false
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return p.fail("an escape names no character")
		}
	}
	if !utf8.ValidRune(r) {
		return p.fail("an escape names no character")
	}
	b.WriteRune(r)
	return true
}

// hex reads an escape of a number of digits.
func (p *parser) hex(digits int) (rune, bool) {
	if digits == 0 || p.pos+2+digits > len(p.src) {
		return 0, p.fail("an escape is not known")
	}
	n, err := strconv.ParseUint(string(p.src[p.pos+2:p.pos+2+digits]), 16, 32)
	if err != nil || n > utf8.MaxRune {
		return 0, p.fail("an escape names no character")
	}
	p.pos += 2 + digits
	return rune(n), true
}
