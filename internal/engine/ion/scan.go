package ion

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// errBinary says that a text is binary Ion.
var errBinary = errors.New("binary Ion is not supported by this engine; it reads text Ion")

// binaryMarker begins every binary Ion stream.
var binaryMarker = []byte{0xE0, 0x01, 0x00, 0xEA}

// A Scanner takes a stream of text Ion apart into its top-level values. Version
// markers and comments between them are passed over.
type Scanner struct {
	s     *bufio.Scanner
	first bool
	err   error
}

// NewScanner reads from r; a value longer than limit bytes ends the scan with an
// error.
func NewScanner(r io.Reader, limit int) *Scanner {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 64<<10), limit)
	s.Split(splitValue)
	return &Scanner{s: s, first: true}
}

// Scan goes to the next value.
func (s *Scanner) Scan() bool {
	if s.err != nil || !s.s.Scan() {
		return false
	}
	if s.first && bytes.HasPrefix(s.s.Bytes(), binaryMarker) {
		s.err = errBinary
		return false
	}
	s.first = false
	return true
}

// Bytes is the text of the present value, valid until the next Scan.
func (s *Scanner) Bytes() []byte { return s.s.Bytes() }

// Err is what ended the scan; nil at the end of the stream.
func (s *Scanner) Err() error {
	if s.err != nil {
		return s.err
	}
	return s.s.Err()
}

// splitValue finds the end of the first value: of a struct its last brace, of
// anything else, which no item is, the end of the line.
func splitValue(data []byte, atEOF bool) (advance int, token []byte, err error) {
	l := lexer{src: data}
	for {
		l.blank()
		if l.pos == len(data) || l.partial {
			if atEOF {
				return len(data), nil, nil
			}
			return 0, nil, nil
		}
		marker, whole := l.marker()
		if !whole && !atEOF {
			return 0, nil, nil
		}
		if !marker {
			break
		}
		l.pos += len(Version)
	}
	start := l.pos
	if end, ok := l.valueEnd(); ok {
		return end, data[start:end], nil
	}
	if !atEOF {
		return 0, nil, nil
	}
	return len(data), data[start:], nil
}

// marker reports whether a version marker stands at the lexer's place, and
// whether enough of the text is there to tell.
func (l *lexer) marker() (is, whole bool) {
	rest := l.src[l.pos:]
	if !bytes.HasPrefix(rest, []byte(Version)) {
		return false, len(rest) > len(Version) || !bytes.HasPrefix([]byte(Version), rest)
	}
	if len(rest) == len(Version) {
		return true, false
	}
	next := rest[len(Version)]
	return !identifierPart(next) && next != ':', true
}

// lexer walks over Ion text without reading values.
type lexer struct {
	src     []byte
	pos     int
	partial bool // the text ends within a comment
}

// blank passes over white space and comments.
func (l *lexer) blank() {
	for l.pos < len(l.src) {
		rest := l.src[l.pos:]
		switch {
		case strings.IndexByte(" \t\r\n\v\f", rest[0]) >= 0:
			l.pos++
		case bytes.HasPrefix(rest, []byte("//")):
			l.comment("\n")
		case bytes.HasPrefix(rest, []byte("/*")):
			l.comment("*/")
		default:
			l.partial = len(rest) == 1 && rest[0] == '/'
			return
		}
		if l.partial {
			return
		}
	}
}

func (l *lexer) comment(end string) {
	i := bytes.Index(l.src[l.pos+2:], []byte(end))
	if i < 0 {
		l.pos, l.partial = len(l.src), true
		return
	}
	l.pos += 2 + i + len(end)
}

// valueEnd finds the end of the value at the lexer's place: where its brackets
// are closed again. false when the text ends before.
func (l *lexer) valueEnd() (int, bool) {
	depth := 0
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; c {
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			if depth--; depth <= 0 {
				return l.pos + 1, true
			}
		case '\n':
			if depth == 0 {
				return l.pos, true
			}
		case '"', '\'':
			if !l.quoted(c) {
				return 0, false
			}
			continue
		case '/':
			before := l.pos
			if l.blank(); l.partial {
				return 0, false
			}
			if l.pos > before {
				continue
			}
		}
		l.pos++
	}
	return 0, false
}

// quoted passes over a string, a quoted symbol or a long string.
func (l *lexer) quoted(quote byte) bool {
	if quote == '\'' && bytes.HasPrefix(l.src[l.pos:], []byte("'''")) {
		for i := l.pos + 3; i < len(l.src); i++ {
			if l.src[i] == '\\' {
				i++
			} else if bytes.HasPrefix(l.src[i:], []byte("'''")) {
				l.pos = i + 3
				return true
			}
		}
		return false
	}
	for i := l.pos + 1; i < len(l.src); i++ {
		switch l.src[i] {
		case '\\':
			i++
		case quote:
			l.pos = i + 1
			return true
		}
	}
	return false
}
