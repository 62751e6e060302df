package render

import (
	"bytes"
	"encoding/csv"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// separated writes rows as CSV (RFC 4180) or TSV. Lists and maps are compact JSON in their cell; an absent attribute is an empty cell.
func (p *Printer) separated(tree any) error {
	rows, columns := rowsOf(tree), p.opts.Columns
	if len(columns) == 0 && !allLists(rows) {
		columns = columnsOf(rows, heading(tree))
	}
	w := p.csvWriter()
	if !p.opts.NoHeader && len(columns) > 0 {
		if err := w.write(columns); err != nil {
			return err
		}
	}
	for _, row := range rows {
		if err := w.write(cellsOf(row, columns)); err != nil {
			return err
		}
	}
	return w.flush()
}

// allLists tells that rows were selected as lists, as by --query '[].[a, b]': their elements are cells, and have no names.
func allLists(rows []any) bool {
	for _, row := range rows {
		if _, ok := row.([]any); !ok {
			return false
		}
	}
	return len(rows) > 0
}

// heading is what the rows of a list are called that have no fields: TableName of TableNames.
func heading(tree any) string {
	if obj, ok := tree.(*Object); ok {
		for _, f := range obj.Fields {
			if _, list := f.Value.([]any); list {
				return strings.TrimSuffix(f.Name, "s")
			}
		}
	}
	return "value"
}

// columnsOf is the union of the fields, in the order they appear. Rows that are not objects have one column, called by the heading.
func columnsOf(rows []any, heading string) []string {
	var columns []string
	seen := make(map[string]bool)
	for _, row := range rows {
		obj, ok := row.(*Object)
		if !ok {
			return []string{heading}
		}
		for _, f := range obj.Fields {
			if !seen[f.Name] {
				seen[f.Name] = true
				columns = append(columns, f.Name)
			}
		}
	}
	return columns
}

func cellsOf(row any, columns []string) []string {
	if list, ok := row.([]any); ok && len(columns) == 0 {
		cells := make([]string, len(list))
		for i, v := range list {
			if cells[i] = scalarText(v); v == nil {
				cells[i] = "null"
			}
		}
		return cells
	}
	obj, ok := row.(*Object)
	if !ok {
		return []string{scalarText(row)}
	}
	cells := make([]string, len(columns))
	for i, c := range columns {
		v, ok := lookupPath(obj, c)
		if !ok {
			continue
		}
		cells[i] = scalarText(v)
		if v == nil {
			cells[i] = "null"
		}
	}
	return cells
}

// A csvWriter writes rows: through csv, through tab as TSV, or by way of row where they end in CR LF. The standard library's own CR LF would change the line feeds inside
// texts too.
type csvWriter struct {
	csv  *csv.Writer
	tab  *Printer
	crlf *Printer
	row  *bytes.Buffer
}

func (p *Printer) csvWriter() csvWriter {
	if p.opts.Format == TSV {
		return csvWriter{tab: p}
	}
	if p.opts.CRLF {
		row := new(bytes.Buffer)
		return csvWriter{csv: csv.NewWriter(row), crlf: p, row: row}
	}
	return csvWriter{csv: csv.NewWriter(p.out)}
}

// tsvEscape keeps a TSV row on one line, as PostgreSQL's COPY text does.
var tsvEscape = strings.NewReplacer("\\", "\\\\", "\t", "\\t", "\n", "\\n", "\r", "\\r")

func (w csvWriter) write(cells []string) error {
	if w.crlf != nil {
		w.row.Reset()
		err := w.csv.Write(cells)
		w.csv.Flush()
		if err != nil {
			return err
		}
		_, err = w.crlf.out.Write(append(bytes.TrimSuffix(w.row.Bytes(), []byte("\n")), "\r\n"...))
		return err
	}
	if w.csv != nil {
		return w.csv.Write(cells)
	}
	for i, c := range cells {
		cells[i] = tsvEscape.Replace(c)
	}
	return w.tab.line([]byte(strings.Join(cells, "\t")))
}

func (w csvWriter) flush() error {
	if w.csv == nil {
		return nil
	}
	w.csv.Flush()
	return w.csv.Error()
}

// csvText is an attribute value in a cell of CSV or TSV, from which package records reads the same value. A text that would read as a JSON value, and the empty
// one, stand in JSON's quotes.
func csvText(v attr.Value) string {
	if v.Kind == attr.S && (v.Str == "" || jsonscan.IsValue(v.Str)) {
		return string(jsonscan.AppendQuoted(nil, v.Str))
	}
	return attrText(v)
}

// csvKnownText is csvText for an attribute that is known to be text, as a key of type S is: only one that begins with a quote needs quotes.
func csvKnownText(v attr.Value) string {
	if v.Kind == attr.S && v.Str != "" && v.Str[0] != '"' {
		return v.Str
	}
	return csvText(v)
}

// attrText is an attribute value for the eye: text as it is, numbers with their digits, the rest as JSON.
func attrText(v attr.Value) string {
	switch v.Kind {
	case attr.S, attr.N:
		return v.Str
	default:
		return string(attr.AppendPlainValue(nil, v))
	}
}
