package records

import (
	"bytes"
	"errors"
	"io"

	"github.com/ddb-cli/ddb/internal/yamljson"
)

// eachYAML reads a list of maps, or maps as documents between lines of ---. It takes the text apart where an element of the list or a document begins, which
// is at the first column, and so holds no more than one of them.
func (s *Source) eachYAML(from io.Reader, take func(Record) error) error {
	var (
		chunk []byte
		start = 1
		list  bool
	)
	flush := func() error {
		if len(bytes.TrimSpace(chunk)) == 0 {
			chunk = chunk[:0]
			return nil
		}
		return yamlRecord(chunk, start, list, take)
	}
	err := s.lines(from, func(n int, text []byte) error {
		blank := len(bytes.TrimSpace(text)) == 0 || text[0] == '#'
		element := isElement(text)
		document := bytes.HasPrefix(text, []byte("---"))
		if document || element && (list || len(bytes.TrimSpace(chunk)) == 0) {
			if err := flush(); err != nil {
				return err
			}
			chunk, start, list = chunk[:0], n, element
			if document {
				text = bytes.TrimPrefix(text, []byte("---"))
			}
		} else if len(chunk) == 0 {
			if blank {
				return nil
			}
			start = n
		}
		chunk = append(append(chunk, text...), '\n')
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

func isElement(text []byte) bool {
	return bytes.HasPrefix(text, []byte("- ")) || len(text) == 1 && text[0] == '-'
}

// yamlRecord reads one element or document. A document that is a list, as in flow style, is its elements.
func yamlRecord(chunk []byte, start int, list bool, take func(Record) error) error {
	doc, err := yamljson.Convert(chunk)
	if known, ok := errors.AsType[*yamljson.Error](err); ok {
		return take(Record{Line: start + known.Line - 1, Err: errors.New(known.Message)})
	}
	if err != nil {
		return take(Record{Line: start, Err: err})
	}
	if list { // the element stands in a list of its own
		doc = doc[1 : len(doc)-1]
	} else if len(doc) > 0 && doc[0] == '[' {
		return eachElement(doc, start, take)
	}
	return take(Record{Line: start, JSON: doc})
}

// yamlList tells whether the text is a list, and its one element therefore one of many.
func (s *Source) yamlList() bool {
	list := false
	from, err := s.begin()
	if err != nil {
		return false
	}
	_ = s.lines(from, func(_ int, text []byte) error {
		trimmed := bytes.TrimSpace(text)
		if len(trimmed) == 0 || trimmed[0] == '#' || bytes.Equal(trimmed, []byte("---")) {
			return nil
		}
		list = isElement(text) || trimmed[0] == '['
		return ErrStop
	})
	return list
}
