package mcp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxLine is the longest message the stdio transport accepts, in bytes. A
// batch_write_item of 25 items of 400 KB, the service's largest request, fits.
const maxLine = 16 << 20

// lineTooLongError reports a message over the limit. The line has been skipped, so
// reading goes on with the next one.
type lineTooLongError struct {
	Size int    // bytes of the line, without its end
	ID   []byte // the request's id as it was sent; nil when none was found
}

func (e *lineTooLongError) Error() string {
	return fmt.Sprintf("message of %d bytes; the limit is %d bytes", e.Size, maxLine)
}

// lineReader reads lines without ever holding more than limit bytes of one.
// mcp-go's own reader grows with the line, so one broken client could take all
// memory.
type lineReader struct {
	src   *bufio.Reader
	limit int
}

func newLineReader(r io.Reader, limit int) *lineReader {
	return &lineReader{src: bufio.NewReaderSize(r, 64<<10), limit: limit}
}

// next returns the next line that is not blank, without its end. The slice
// belongs to the caller. A last line without an end counts. The error is
// io.EOF, *lineTooLongError, or that of the source.
func (l *lineReader) next() ([]byte, error) {
	for {
		line, err := l.line()
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return line, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (l *lineReader) line() ([]byte, error) {
	var line []byte
	for {
		part, err := l.src.ReadSlice('\n')
		if len(line)+len(bytes.TrimRight(part, "\r\n")) > l.limit {
			return nil, l.skip(line, part, err)
		}
		line = append(line, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// skip reads to the end of a line that is too long. It looks for the request's
// id on the way: an answer without the id leaves the client waiting.
func (l *lineReader) skip(head, part []byte, err error) error {
	var id idFinder
	id.feed(head)
	size := len(head)
	for {
		id.feed(part)
		size += len(bytes.TrimRight(part, "\r\n"))
		if !errors.Is(err, bufio.ErrBufferFull) {
			break
		}
		part, err = l.src.ReadSlice('\n')
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return &lineTooLongError{Size: size, ID: id.value()}
}

// idFinder finds the top-level "id" of a JSON object that passes by in pieces.
// Clients differ in where they put it: before the parameters or behind them.
type idFinder struct {
	depth    int
	inString bool
	escaped  bool
	wantKey  bool   // the next string at depth 1 is a key
	key      []byte // the key being read or just read, at most maxID bytes
	inValue  bool   // between "id": and the end of its value
	found    []byte
	done     bool
}

// maxID bounds what idFinder keeps. Ids are counters and UUIDs.
const maxID = 128

func (f *idFinder) feed(p []byte) {
	for _, c := range p {
		if f.done {
			return
		}
		if f.inString {
			f.stringByte(c)
		} else {
			f.plainByte(c)
		}
	}
}

func (f *idFinder) stringByte(c byte) {
	if f.inValue {
		f.keep(c)
	}
	switch {
	case f.escaped:
		f.escaped = false
	case c == '\\':
		f.escaped = true
	case c == '"':
		f.inString = false
		return
	}
	if f.wantKey && len(f.key) < maxID {
		f.key = append(f.key, c)
	}
}

func (f *idFinder) plainByte(c byte) {
	switch c {
	case '"':
		f.inString = true
		if f.depth == 1 && f.wantKey {
			f.key = f.key[:0]
		}
	case ':':
		if f.depth == 1 && f.wantKey {
			f.wantKey = false
			f.inValue = string(f.key) == "id"
			return
		}
	case '{', '[':
		f.depth++
		f.wantKey = f.depth == 1 && c == '{'
	case '}', ']':
		f.depth--
		if f.depth == 0 && f.inValue {
			f.done = true
		}
	case ',':
		if f.depth == 1 {
			f.done = f.inValue
			f.wantKey = true
		}
	}
	if f.inValue && !f.done {
		f.keep(c)
	}
}

func (f *idFinder) keep(c byte) {
	if len(f.found) <= maxID {
		f.found = append(f.found, c)
	}
}

// value is the id as it was sent, or nil when there was none a request may
// have: a string or a number of reasonable length.
func (f *idFinder) value() []byte {
	id := bytes.TrimSpace(f.found)
	if !f.done || len(id) > maxID || !validID(id) {
		return nil
	}
	return id
}
