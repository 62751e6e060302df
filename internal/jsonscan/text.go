package jsonscan

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// Text takes a string and returns its content. It aliases the source when the string holds no escapes, else it is newly allocated.
func (s *Scanner) Text() ([]byte, bool) {
	start, end, escaped, ok := s.quoted()
	if !ok {
		return nil, false
	}
	if !escaped {
		return s.src[start:end], true
	}
	return appendUnescaped(make([]byte, 0, end-start), s.src[start:end]), true
}

// Token takes a string and returns its content and, if it holds no escapes, its text with the quotes, which then is the shortest form there is.
func (s *Scanner) Token() (text, quoted []byte, ok bool) {
	start, end, escaped, ok := s.quoted()
	switch {
	case !ok:
		return nil, nil, false
	case escaped:
		return appendUnescaped(make([]byte, 0, end-start), s.src[start:end]), nil, true
	default:
		return s.src[start:end], s.src[start-1 : end+1], true
	}
}

func (s *Scanner) skipString() bool {
	_, _, _, ok := s.quoted()
	return ok
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special marks, in the high bit of each byte, the bytes of w that are a quote, a backslash, a control character or not ASCII. Bytes above the
// lowest marked one may be marked wrongly; only the lowest is used.
func special(w uint64) uint64 {
	quote := w ^ (ones * '"')
	slash := w ^ (ones * '\\')
	return ((quote - ones) | (slash - ones) | (w - ones*0x20) | w) & highs
}

// quoted takes a string and returns the bounds of what stands between its quotes, checked.
func (s *Scanner) quoted() (start, end int, escaped, ok bool) {
	if s.err != nil {
		return 0, 0, false, false
	}
	if !s.space() || s.src[s.pos] != '"' {
		return 0, 0, false, s.fail(s.pos, "expected a string")
	}
	src, i := s.src, s.pos+1
	start = i
	for {
		for words := 1; i+8 <= len(src); words++ {
			if m := special(binary.LittleEndian.Uint64(src[i:])); m != 0 {
				i += bits.TrailingZeros64(m) >> 3
				break
			}
			i += 8
			if words == 2 { // most strings have ended
				i = passPlain(src, i)
			}
		}
		if i >= len(src) {
			return 0, 0, false, s.fail(i, "unexpected end of the text in a string")
		}
		switch c := src[i]; {
		case c == '"':
			s.pos = i + 1
			return start, i, escaped, true
		case c == '\\':
			escaped = true
			n, reason := escape(src[i:])
			if reason != "" {
				return 0, 0, false, s.fail(i, reason)
			}
			i += n
		case c < 0x20:
			return 0, 0, false, s.fail(i, "a control character in a string must be escaped")
		case c < utf8.RuneSelf:
			i++
		default:
			r, n := utf8.DecodeRune(src[i:])
			if r == utf8.RuneError && n <= 1 {
				return 0, 0, false, s.fail(i, "a string is not valid UTF-8")
			}
			i += n
		}
	}
}

// passPlain passes what needs no look, from i, four words at a time.
func passPlain(src []byte, i int) int {
	for i+32 <= len(src) {
		b := src[i : i+32 : i+32]
		if special(binary.LittleEndian.Uint64(b))|special(binary.LittleEndian.Uint64(b[8:]))|
			special(binary.LittleEndian.Uint64(b[16:]))|special(binary.LittleEndian.Uint64(b[24:])) != 0 {
			break
		}
		i += 32
	}
	return i
}

// escape measures the escape sequence at the start of b, which begins with a backslash. A surrogate pair counts as one sequence.
func escape(b []byte) (n int, reason string) {
	if len(b) < 2 {
		return 0, "unexpected end of the text in a string"
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, ""
	case 'u':
		r, ok := hex4(b[2:])
		if !ok {
			return 0, "\\u must be followed by four hexadecimal digits"
		}
		if !utf16.IsSurrogate(r) {
			return 6, ""
		}
		if len(b) >= 12 && b[6] == '\\' && b[7] == 'u' {
			if r2, ok := hex4(b[8:]); ok && utf16.DecodeRune(r, r2) != utf8.RuneError {
				return 12, ""
			}
		}
		return 0, "a surrogate without its pair"
	default:
		return 0, "an escape sequence that JSON does not know"
	}
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		r <<= 4
		switch {
		case c >= '0' && c <= '9':
			r |= rune(c - '0')
		case c >= 'a' && c <= 'f':
			r |= rune(c - 'a' + 10)
		case c >= 'A' && c <= 'F':
			r |= rune(c - 'A' + 10)
		default:
			return 0, false
		}
	}
	return r, true
}

// appendUnescaped appends the content of a checked string.
func appendUnescaped(dst, src []byte) []byte {
	for i := 0; i < len(src); {
		c := src[i]
		if c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		c = src[i+1]
		i += 2
		switch c {
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u':
			r, _ := hex4(src[i:])
			i += 4
			if utf16.IsSurrogate(r) {
				low, _ := hex4(src[i+2:])
				r = utf16.DecodeRune(r, low)
				i += 6
			}
			dst = utf8.AppendRune(dst, r)
			continue
		}
		dst = append(dst, c)
	}
	return dst
}
