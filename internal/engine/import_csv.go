package engine

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/bucket"
)

// readCSV reads rows whose columns are named by the header list of the request, else by the first row (developer guide,
// "Amazon S3 import formats"). Columns that are keys have the type their definition gives, all others are texts.
func (f *recordForm) readCSV(content io.Reader, each func(*record, error) error) error {
	content, err := withoutMark(content)
	if err != nil {
		return err
	}
	bound := &boundedReader{r: content, left: bucket.MaxRecord}
	rows := csv.NewReader(bound)
	rows.FieldsPerRecord = -1
	if f.csv.Delimiter != "" {
		rows.Comma = rune(f.csv.Delimiter[0])
	}
	header := f.csv.HeaderList
	if header == nil {
		first, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the header cannot be read: %w", err)
		}
		header = first
	}
	columns, err := f.columns(header)
	if err != nil {
		return err
	}
	rows.ReuseRecord = true
	r := &record{}
	for {
		bound.left = bucket.MaxRecord
		before := rows.InputOffset()
		row, err := rows.Read()
		var syntax *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err == nil:
			err = r.fromRow(columns, row)
		case !errors.As(err, &syntax) || errors.Is(err, errRecordSize):
			return err
		}
		r.bytes = rows.InputOffset() - before
		if err := each(r, err); err != nil {
			return err
		}
	}
}

// withoutMark passes over the mark that some editors put before UTF-8. It goes before the rows are read: after it a quote
// would stand within a field, and without a header it would be a part of the first key.
func withoutMark(content io.Reader) (io.Reader, error) {
	const mark = "\uFEFF"
	var start [len(mark)]byte
	n, err := io.ReadFull(content, start[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	if string(start[:n]) == mark {
		return content, nil
	}
	return io.MultiReader(bytes.NewReader(start[:n]), content), nil
}

// csvColumn is one column of a CSV object.
type csvColumn struct {
	name string
	kind attr.Kind
}

func (f *recordForm) columns(header []string) ([]csvColumn, error) {
	columns := make([]csvColumn, len(header))
	for i, name := range header {
		if slices.Contains(header[:i], name) {
			return nil, fmt.Errorf("the header names the column %q twice", name)
		}
		columns[i] = csvColumn{name, attr.S}
		for _, k := range f.typed {
			if k.Name == name {
				columns[i].kind = k.Type
			}
		}
	}
	return columns, nil
}

// fromRow makes the item of a row.
func (r *record) fromRow(columns []csvColumn, row []string) error {
	if len(row) != len(columns) {
		return fmt.Errorf("the row has %d columns, the header %d", len(row), len(columns))
	}
	it := make(attr.Item, len(row))
	for i, c := range columns {
		it[i] = attr.Attribute{Name: c.name, Value: attr.Value{Kind: c.kind, Str: row[i]}}
		switch c.kind {
		case attr.N:
			n, err := attr.NormalizeNumber(row[i])
			if err != nil {
				return fmt.Errorf("column %s: %w", c.name, err)
			}
			it[i].Value.Str = n
		case attr.B:
			raw, err := base64.StdEncoding.DecodeString(row[i])
			if err != nil {
				return fmt.Errorf("column %s is not base64", c.name)
			}
			it[i].Value.Str = string(raw)
		}
	}
	if err := r.set(r.item.Wire, it); err != nil {
		return err
	}
	return r.check()
}

// errRecordSize says that a record is larger than any item can be.
var errRecordSize = fmt.Errorf("a record is longer than %d bytes", bucket.MaxRecord)

// boundedReader refuses to give more than left bytes, so that a quote that is never closed does not fill the memory.
type boundedReader struct {
	r    io.Reader
	left int
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errRecordSize
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
