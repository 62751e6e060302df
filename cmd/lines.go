package cmd

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

const (
	// longestLine bounds one line: an item of 400 KB, every byte of it escaped, is below this.
	longestLine = 8 << 20
	// spoolAt is how much of a pipe is held in memory before it goes to a temporary file.
	spoolAt = 8 << 20
)

// A lineSource is a file, or a pipe that was read to its end, with items in it. It can be read more than once, unless it streams.
type lineSource struct {
	name   string // for messages: "standard input", or the file's
	r      io.ReadSeeker
	pipe   io.Reader // instead of r, when streaming
	close  func() error
	values [][]byte // instead of lines: the elements of a JSON array, or objects over several lines
	starts []int    // the line each value begins on
}

// openLines opens "-" or "@name".
func (a *app) openLines(text string, streaming bool) (*lineSource, error) {
	s := &lineSource{name: "standard input", close: func() error { return nil }}
	from := a.io.In
	if text != "-" {
		f, err := os.Open(text[1:])
		if err != nil {
			return nil, usage(err.Error(), "@name reads a file")
		}
		s.name, s.close = text[1:], f.Close
		from = f
	}
	if streaming {
		s.pipe = from
		return s, nil
	}
	var err error
	if f, ok := from.(*os.File); ok && seekable(f) {
		s.r = f
	} else if err = s.spool(from); err != nil {
		return nil, err
	}
	if err = s.detect(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func seekable(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	at, err := f.Seek(0, io.SeekCurrent)
	return err == nil && at == 0
}

// spool reads a pipe to its end: into memory, or where it is long into a temporary file.
func (s *lineSource) spool(from io.Reader) error {
	var head bytes.Buffer
	if _, err := io.CopyN(&head, from, spoolAt); errors.Is(err, io.EOF) {
		s.r = bytes.NewReader(head.Bytes())
		return nil
	} else if err != nil {
		return fmt.Errorf("read %s: %w", s.name, err)
	}
	f, err := os.CreateTemp("", "ddb-put-*.jsonl")
	if err != nil {
		return fmt.Errorf("keep %s while it is checked: %w", s.name, err)
	}
	s.r = f
	s.close = func() error { return errors.Join(f.Close(), os.Remove(f.Name())) }
	if _, err := io.Copy(f, io.MultiReader(&head, from)); err != nil {
		return errors.Join(fmt.Errorf("keep %s while it is checked: %w", s.name, err), s.close())
	}
	return nil
}

// Close closes the file, and removes a temporary one.
func (s *lineSource) Close() error { return s.close() }

// detect looks at the first line: a JSON array and objects over several lines are taken apart here, in memory; everything else is JSON lines.
func (s *lineSource) detect() error {
	var first []byte
	err := s.each(func(_ int, raw []byte) error {
		first = bytes.Clone(raw)
		return errStop
	})
	if err != nil || first == nil {
		return err
	}
	if first[0] != '[' && json.Valid(first) {
		return nil
	}
	if _, err := s.r.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read %s: %w", s.name, err)
	}
	all, err := io.ReadAll(s.r)
	if err != nil {
		return fmt.Errorf("read %s: %w", s.name, err)
	}
	scan := jsonscan.New(all)
	line, counted := 1, 0
	take := func() bool {
		scan.Kind() // stands at the value's first byte
		line += bytes.Count(all[counted:scan.Pos()], []byte("\n"))
		counted = scan.Pos()
		raw, ok := scan.Raw()
		if ok {
			s.values, s.starts = append(s.values, raw), append(s.starts, line)
		}
		return ok
	}
	if first[0] == '[' {
		for ok := scan.Open(); ok && scan.Elem(); {
			ok = take()
		}
		if scan.Err() != nil || !scan.End() {
			return usage(fmt.Sprintf("%s is no JSON array: %v", s.name, scan.Err()), "")
		}
		if s.values == nil {
			s.values = [][]byte{}
		}
		return nil
	}
	for scan.Kind() != jsonscan.EOF {
		if !take() {
			s.values, s.starts = nil, nil // not even that: JSON lines, of which some are bad
			return nil
		}
	}
	return nil
}

var errStop = errors.New("enough")

// each hands over every record with the line it begins on. errStop ends it without an error.
func (s *lineSource) each(take func(line int, raw []byte) error) error {
	if s.values != nil {
		for i, raw := range s.values {
			if err := take(s.starts[i], raw); err != nil {
				return stopped(err)
			}
		}
		return nil
	}
	from := s.pipe
	if from == nil {
		if _, err := s.r.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("read %s: %w", s.name, err)
		}
		from = s.r
	}
	scanner := bufio.NewScanner(from)
	scanner.Buffer(make([]byte, 64<<10), longestLine)
	n := 0
	for scanner.Scan() {
		n++
		raw := bytes.TrimSpace(bytes.TrimPrefix(scanner.Bytes(), []byte("\ufeff")))
		if len(raw) == 0 {
			continue
		}
		if err := take(n, raw); err != nil {
			return stopped(err)
		}
	}
	if err := scanner.Err(); err != nil {
		return fmt.Errorf("read %s, line %d: %w", s.name, n+1, err)
	}
	return nil
}

func stopped(err error) error {
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

// single gives the one record there is, if there is one only. An array is many, whatever its length.
func (s *lineSource) single() ([]byte, bool) {
	if s.pipe != nil {
		return nil, false
	}
	var only []byte
	n := 0
	err := s.each(func(_ int, raw []byte) error {
		n++
		only = bytes.Clone(raw)
		if n > 1 {
			return errStop
		}
		return nil
	})
	array := s.values != nil && !bytes.HasPrefix(only, []byte("{"))
	return only, err == nil && n == 1 && !array
}

// itemOf reads a record as an item of the table.
func (a *app) itemOf(s *schema, raw []byte) (attr.Item, error) {
	it, err := a.decodeItem(raw)
	if err != nil {
		return nil, err
	}
	for _, part := range s.key {
		v, ok := it.Get(part.Name)
		switch {
		case !ok:
			return nil, fmt.Errorf("the key attribute %q is missing", part.Name)
		case v.Kind != part.Kind:
			return nil, fmt.Errorf("attribute %s: the key of %s wants type %s here, not %s", part.Name, s.table, part.Kind, v.Kind)
		case v.Str == "":
			return nil, fmt.Errorf("attribute %s: a key may not be empty", part.Name)
		}
	}
	if size := attr.ItemSize(it); size > 400<<10 {
		return nil, fmt.Errorf("the item has %s, and may have 400 KB", strings.TrimSpace(counted(size, "byte")))
	}
	return it, nil
}
