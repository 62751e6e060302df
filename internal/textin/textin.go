// Package textin reads text that comes in as UTF-8, whatever editor or shell wrote it: a byte order mark in front is dropped, and UTF-16 with one, as Windows
// PowerShell writes a redirected output, is converted. Everything else passes as it is.
package textin

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

var (
	markUTF8 = []byte("\ufeff")
	markLow  = []byte{0xff, 0xfe} // UTF-16, the low byte of each unit first
	markHigh = []byte{0xfe, 0xff}
)

// Reader gives the text of r as UTF-8.
func Reader(r io.Reader) io.Reader { return &reader{from: bufio.NewReader(r)} }

// Bytes is text as UTF-8. It shares its memory where nothing has to be converted.
func Bytes(text []byte) []byte {
	if !bytes.HasPrefix(text, markLow) && !bytes.HasPrefix(text, markHigh) {
		return bytes.TrimPrefix(text, markUTF8)
	}
	all, err := io.ReadAll(Reader(bytes.NewReader(text)))
	if err != nil { // which bytes in memory do not give
		return text
	}
	return all
}

type reader struct {
	from   *bufio.Reader
	begun  bool
	high   bool // which byte of a unit is first, where wide
	wide   bool
	unit   rune   // the first half of a pair that waits for the second, or 0
	held   []byte // converted and not yet read
	buffer []byte // what held is a part of
	err    error
}

// Read gives bytes of UTF-8. A half of a pair without the other, and half a unit at the end, become U+FFFD.
func (r *reader) Read(p []byte) (int, error) {
	if !r.begun {
		if err := r.begin(); err != nil {
			return 0, err
		}
	}
	if !r.wide {
		return r.from.Read(p)
	}
	for len(r.held) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.convert()
	}
	n := copy(p, r.held)
	r.held = r.held[n:]
	return n, nil
}

// begin looks for a mark. What it cannot see, because the text ends or reading fails, the next read reports.
func (r *reader) begin() error {
	r.begun = true
	head, err := r.from.Peek(len(markUTF8))
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	mark := 0
	switch {
	case bytes.HasPrefix(head, markUTF8):
		mark = len(markUTF8)
	case bytes.HasPrefix(head, markLow):
		mark, r.wide = len(markLow), true
	case bytes.HasPrefix(head, markHigh):
		mark, r.wide, r.high = len(markHigh), true, true
	}
	_, err = r.from.Discard(mark)
	return err
}

// convert fills held with what the next units stand for.
func (r *reader) convert() {
	r.buffer = r.buffer[:0]
	for len(r.buffer) < 4<<10 {
		one, err := r.from.ReadByte()
		if err != nil {
			r.end(err, 0)
			break
		}
		two, err := r.from.ReadByte()
		if err != nil {
			r.end(err, 1)
			break
		}
		if r.high {
			one, two = two, one
		}
		r.add(rune(one) | rune(two)<<8)
		if r.from.Buffered() == 0 && r.unit == 0 {
			break // what is there is handed on before more is waited for
		}
	}
	r.held = r.buffer
}

func (r *reader) add(unit rune) {
	if r.unit != 0 {
		first := r.unit
		r.unit = 0
		if pair := utf16.DecodeRune(first, unit); pair != utf8.RuneError {
			r.buffer = utf8.AppendRune(r.buffer, pair)
			return
		}
		r.buffer = utf8.AppendRune(r.buffer, utf8.RuneError)
	}
	if unit >= 0xd800 && unit < 0xdc00 {
		r.unit = unit
		return
	}
	r.buffer = utf8.AppendRune(r.buffer, unit) // the second half of a pair on its own is none, and becomes U+FFFD
}

// end keeps what ended the text, and marks what it ended in the middle of.
func (r *reader) end(err error, odd int) {
	r.err = err
	if errors.Is(err, io.EOF) && (odd > 0 || r.unit != 0) {
		r.buffer = utf8.AppendRune(r.buffer, utf8.RuneError)
	}
	r.unit = 0
}
