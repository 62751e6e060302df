package records

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// A csvReader reads rows of RFC 4180. Unlike encoding/csv it gives a quoted cell byte for byte: a carriage return before a line feed is part of
// the text, and to drop it would change an item, or its key. Lines may end in a line feed alone.
type csvReader struct {
	from  *bufio.Reader
	line  int    // of the last line read
	raw   []byte // that line with its end
	text  []byte // the cells of a row, one behind the other
	ends  []int  // where in text each cell ends
	cells []string
}

// A csvError is a place behind which rows cannot be told apart.
type csvError struct {
	line int
	text string
}

func (e *csvError) Error() string { return e.text }

// next reads the next line, with its end. It is io.EOF that there is none.
func (r *csvReader) next() error {
	r.raw = r.raw[:0]
	for {
		part, err := r.from.ReadSlice('\n')
		r.raw = append(r.raw, part...)
		if len(r.raw) > longestLine {
			return &csvError{r.line + 1, fmt.Sprintf("a line of more than %d MB", longestLine>>20)}
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(r.raw) > 0:
			r.line++
			return nil
		case err == nil:
			r.line++
		}
		return err
	}
}

// read gives the next row and the line it begins on. Empty lines are no rows. The cells hold until the next call.
func (r *csvReader) read() (line int, cells []string, err error) {
	for {
		if err := r.next(); err != nil {
			return 0, nil, err
		}
		if !isLineEnd(r.raw) {
			break
		}
	}
	r.text, r.ends, r.cells = r.text[:0], r.ends[:0], r.cells[:0]
	line = r.line
	for rest, more := r.raw, true; more; {
		if rest, more, err = r.cell(line, rest); err != nil {
			return line, nil, err
		}
	}
	all, from := string(r.text), 0
	for _, end := range r.ends {
		r.cells = append(r.cells, all[from:end])
		from = end
	}
	return line, r.cells, nil
}

// cell reads a cell off the front of what is left of a line, and of more lines where quotes hold their ends.
func (r *csvReader) cell(row int, rest []byte) (left []byte, more bool, err error) {
	if len(rest) == 0 || rest[0] != '"' {
		text, left, more := bytes.Cut(rest, []byte(","))
		if !more {
			text = trimLineEnd(text)
		}
		if bytes.IndexByte(text, '"') >= 0 {
			return nil, false, &csvError{r.line, `a quote inside a cell that does not begin with one`}
		}
		r.text = append(r.text, text...)
		r.ends = append(r.ends, len(r.text))
		return left, more, nil
	}
	rest = rest[1:]
	for {
		text, after, closed := bytes.Cut(rest, []byte(`"`))
		r.text = append(r.text, text...)
		switch {
		case !closed:
			if len(r.text) > longestLine {
				return nil, false, &csvError{row, fmt.Sprintf("the quotes of a cell hold more than %d MB, or are not closed", longestLine>>20)}
			}
			if err := r.next(); errors.Is(err, io.EOF) {
				return nil, false, &csvError{row, "the quotes of a cell are not closed"}
			} else if err != nil {
				return nil, false, err
			}
			rest = r.raw
		case len(after) > 0 && after[0] == '"':
			r.text = append(r.text, '"')
			rest = after[1:]
		case len(after) > 0 && after[0] == ',':
			r.ends = append(r.ends, len(r.text))
			return after[1:], true, nil
		case isLineEnd(after):
			r.ends = append(r.ends, len(r.text))
			return nil, false, nil
		default:
			return nil, false, &csvError{r.line, "text behind the quote that ends a cell"}
		}
	}
}

func isLineEnd(text []byte) bool { return len(trimLineEnd(text)) == 0 }

// trimLineEnd takes off one line end, or the carriage return of one at the end of the file.
func trimLineEnd(text []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
}
