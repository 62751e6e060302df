// Package records reads items from text: JSON lines, a JSON array, objects over several lines, CSV, TSV and YAML. Whatever the format, a record comes out as
// JSON with the place it stands in, so that what follows knows one form. What package render writes in any of these formats is read here to the same items.
package records

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// The formats a source can be in. Lines is JSON lines, which also takes JSON arrays and objects over several lines.
const (
	Lines = "jsonl"
	CSV   = "csv"
	TSV   = "tsv"
	YAML  = "yaml"
)

// Formats lists what --format takes: "json" and "dynamodb" are read as Lines is.
var Formats = []string{"jsonl", "json", "csv", "tsv", "yaml", "dynamodb"}

const (
	// longestLine bounds one line: an item of 400 KB, every byte of it escaped, is below this.
	longestLine = 8 << 20
	// spoolAt is how much of a pipe is held in memory before it goes to a temporary file.
	spoolAt = 1 << 20
	// peeked is how much of a source is looked at to tell its format.
	peeked = 4 << 10
)

// ErrStop ends Each without an error when the function that Each calls returns it.
var ErrStop = errors.New("records: enough")

// A Record is one item's text, as JSON, with the line it begins on, counted from 1. Err is set instead of JSON where there is no record to be read.
type Record struct {
	Line int
	JSON []byte
	Err  error
}

// Options say how a source is read.
type Options struct {
	// Format is one of Formats; "" finds out, from the name and from the first bytes.
	Format string
	// Streaming reads a pipe as it comes, once; otherwise it is kept, in a temporary file where it is long, and can be read twice.
	Streaming bool
	// Columns are the names of the columns of CSV and TSV, where the text has none in its first line.
	Columns []string
	// Expected are names one of which the first row has, if it names the columns at all; otherwise they are the names of the columns.
	Expected []string
	// Typed says that the cells of CSV and TSV are DynamoDB JSON.
	Typed bool
}

// A Source is a file, or a pipe, with items in it.
type Source struct {
	// Format is Lines, CSV, TSV or YAML; Guessed that nobody said so.
	Format  string
	Guessed bool
	// Text tells which attributes are texts whatever their cells look like, because they are part of a key. It may be nil.
	Text func(name string) bool

	name   string // for messages: "standard input", or the file's
	opts   Options
	r      io.ReadSeeker
	pipe   io.Reader // instead of r, when streaming
	close  func() error
	values [][]byte // instead of lines: the elements of a JSON array, or objects over several lines
	starts []int    // the line each value begins on
}

// An Error is a source that cannot be read at all, as against a record of it.
type Error struct{ Message, Hint string }

func (e *Error) Error() string { return e.Message }

// Name is the source in messages: the file's name, or "standard input".
func (s *Source) Name() string { return s.name }

// Each hands over every record. ErrStop ends it without an error; an error of its own is one of the source, behind which nothing can be read.
func (s *Source) Each(take func(Record) error) error {
	from := s.pipe
	if from == nil {
		var err error
		if from, err = s.begin(); err != nil {
			return err
		}
	}
	var err error
	switch s.Format {
	case CSV:
		err = s.eachCSV(from, take)
	case TSV:
		err = s.eachTSV(from, take)
	case YAML:
		err = s.eachYAML(from, take)
	default:
		err = s.eachJSON(from, take)
	}
	if errors.Is(err, ErrStop) {
		return nil
	}
	return err
}

// Single gives the one record there is, if there is one only. An array is many, whatever its length, and so are rows.
func (s *Source) Single() ([]byte, bool) {
	if s.pipe != nil || s.Format == CSV || s.Format == TSV {
		return nil, false
	}
	var only []byte
	n, list := 0, false
	err := s.Each(func(r Record) error {
		n++
		only = bytes.Clone(r.JSON)
		if n > 1 {
			return ErrStop
		}
		return r.Err
	})
	if s.Format == YAML {
		list = s.yamlList()
	}
	array := list || s.values != nil && !bytes.HasPrefix(only, []byte("{"))
	return only, err == nil && n == 1 && !array
}

// lines hands over line after line with its number, without its end.
func (s *Source) lines(from io.Reader, take func(line int, text []byte) error) error {
	scanner := bufio.NewScanner(from)
	scanner.Buffer(make([]byte, 64<<10), longestLine)
	n := 0
	for scanner.Scan() {
		n++
		text := scanner.Bytes()
		if err := take(n, text); err != nil {
			return err
		}
	}
	if err := scanner.Err(); err != nil {
		return fmt.Errorf("read %s, line %d: %w", s.name, n+1, err)
	}
	return nil
}
