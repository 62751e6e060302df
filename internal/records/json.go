package records

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// detect looks at the first line: a JSON array and objects over several lines are taken apart here, in memory; everything else is JSON lines.
func (s *Source) detect() error {
	var first []byte
	err := s.Each(func(r Record) error {
		first = bytes.Clone(r.JSON)
		return ErrStop
	})
	if err != nil || first == nil {
		return err
	}
	if first[0] != '[' && json.Valid(first) {
		return nil
	}
	text, err := s.begin()
	if err != nil {
		return err
	}
	all, err := io.ReadAll(text)
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
			return &Error{Message: fmt.Sprintf("%s is no JSON array: %v", s.name, scan.Err())}
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

func (s *Source) eachJSON(from io.Reader, take func(Record) error) error {
	if s.values != nil {
		for i, raw := range s.values {
			if err := take(Record{Line: s.starts[i], JSON: raw}); err != nil {
				return err
			}
		}
		return nil
	}
	return s.lines(from, func(n int, text []byte) error {
		if text = bytes.TrimSpace(text); len(text) == 0 {
			return nil
		}
		return take(Record{Line: n, JSON: text})
	})
}

// eachElement hands over the elements of an array in memory, all under one line.
func eachElement(array []byte, line int, take func(Record) error) error {
	scan := jsonscan.New(array)
	for ok := scan.Open(); ok && scan.Elem(); {
		raw, whole := scan.Raw()
		if ok = whole; !ok {
			break
		}
		if err := take(Record{Line: line, JSON: raw}); err != nil {
			return err
		}
	}
	return nil
}
