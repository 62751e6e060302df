package records

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// eachCSV reads RFC 4180: the first row names the attributes, quotes may hold line ends, and every row has as many cells.
func (s *Source) eachCSV(from io.Reader, take func(Record) error) error {
	r := csvReader{from: bufio.NewReaderSize(from, 64<<10)}
	rows := rows{source: s, columns: s.opts.Columns}
	for {
		line, cells, err := r.read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if broken, ok := errors.AsType[*csvError](err); ok {
			return &Error{fmt.Sprintf("%s, line %d: %s", s.name, broken.line, broken.text), "a cell with a quote in it stands in quotes, and the quote is written twice"}
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", s.name, err)
		}
		if err := rows.row(line, cells, take); err != nil {
			return err
		}
	}
}

// tsvUnescape reads back the marks that keep a row on one line.
var tsvUnescape = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r")

func (s *Source) eachTSV(from io.Reader, take func(Record) error) error {
	rows := rows{source: s, columns: s.opts.Columns}
	return s.lines(from, func(n int, text []byte) error {
		if len(text) == 0 {
			return nil
		}
		cells := strings.Split(string(text), "\t")
		for i := range cells {
			cells[i] = tsvUnescape.Replace(cells[i])
		}
		return rows.row(n, cells, take)
	})
}

// rows makes records of rows of cells.
type rows struct {
	source  *Source
	columns []string
	buf     []byte
}

func (w *rows) row(line int, cells []string, take func(Record) error) error {
	if expected := w.source.opts.Expected; w.columns == nil && expected != nil && !slices.ContainsFunc(cells, func(c string) bool { return slices.Contains(expected, c) }) {
		w.columns = expected
	}
	if w.columns == nil {
		return w.header(line, cells)
	}
	if len(cells) != len(w.columns) {
		return take(Record{Line: line, Err: fmt.Errorf("%d cells, and there are %d columns", len(cells), len(w.columns))})
	}
	w.buf = append(w.buf[:0], '{')
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		if len(w.buf) > 1 {
			w.buf = append(w.buf, ',')
		}
		name := w.columns[i]
		w.buf = append(jsonscan.AppendQuoted(w.buf, name), ':')
		switch {
		case w.source.opts.Typed && !json.Valid([]byte(cell)):
			return take(Record{Line: line, Err: fmt.Errorf("attribute %s: %q is no DynamoDB JSON", name, cell)})
		case w.source.opts.Typed:
			w.buf = append(w.buf, cell...)
		default:
			w.buf = appendCell(w.buf, cell, w.source.Text != nil && w.source.Text(name))
		}
	}
	w.buf = append(w.buf, '}')
	return take(Record{Line: line, JSON: w.buf})
}

// header takes the names of the columns.
func (w *rows) header(line int, cells []string) error {
	seen := make(map[string]bool, len(cells))
	for i, name := range cells {
		switch {
		case name == "":
			return &Error{fmt.Sprintf("%s, line %d: column %d has no name", w.source.name, line, i+1), "the first line names the attributes; where there is none: --no-header --columns a,b"}
		case seen[name]:
			return &Error{fmt.Sprintf("%s, line %d: two columns are called %q", w.source.name, line, name), "name each attribute once"}
		}
		seen[name] = true
		w.columns = append(w.columns, name)
	}
	return nil
}

// appendCell writes a cell as JSON. A cell that is a JSON value is that value, and any other is text; an attribute known to be text is one unless it
// stands in JSON's quotes. Package render writes cells by the same rule.
func appendCell(dst []byte, cell string, text bool) []byte {
	if jsonscan.IsValue(cell) && (!text || cell[0] == '"') {
		return append(dst, cell...)
	}
	return jsonscan.AppendQuoted(dst, cell)
}
