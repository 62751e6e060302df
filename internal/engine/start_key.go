package engine

import (
	"bytes"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/expression"
)

const msgStartKey = "The provided starting key is invalid"

// startRow is the row key an ExclusiveStartKey names; the row itself may be gone. The key must hold the attributes of the key schemas and nothing else.
// What is wrong is found in the service's order and words (nubo-db/dynoxide, from recordings of the service): the number of attributes, the keys of the
// index, those of the table.
func (p *page) startRow(start attr.Item) ([]byte, error) {
	expected := p.table.Key.Attributes()
	if p.index != nil {
		for _, k := range p.index.Key.Attributes() {
			if !p.table.Key.Has(k.Name) {
				expected = append(expected, k)
			}
		}
	}
	if len(start) != len(expected) {
		return nil, validation(msgStartKey)
	}
	if p.index == nil {
		key, _, err := requestKeyOf(p.table, start, nil)
		if err != nil {
			return nil, errStartKey(err)
		}
		return key.row, nil
	}
	for _, k := range p.index.Key.Attributes() {
		v, ok := start.Get(k.Name)
		if !ok {
			return nil, validation(msgStartKey)
		}
		if v.Kind != k.Type {
			return nil, validation(msgKeySchema)
		}
	}
	tableKey := func(k catalog.KeyAttribute) (attr.Value, error) {
		v, ok := start.Get(k.Name)
		if !ok || v.Kind != k.Type {
			return v, validation(msgKeySchema)
		}
		return v, nil
	}
	if _, _, err := buildKey(p.table, tableKey, nil); err != nil {
		return nil, errStartKey(err)
	}
	row, ok := indexKey(p.table, p.index, parsedItem(start))
	if !ok {
		return nil, validation(msgStartKey)
	}
	return row, nil
}

func errStartKey(err error) error { return validation(msgStartKey + ": " + asAPIError(err).Message) }

// startsWithin checks that a start key lies where a query reads.
func (p *page) startsWithin(start attr.Item, k expression.KeyCondition) error {
	for i, h := range p.schema().Hash {
		if v, _ := start.Get(h.Name); !v.Equal(k.Hash[i]) {
			return validation("The provided starting key is outside query boundaries based on provided conditions")
		}
	}
	if bytes.Compare(p.after, p.span.Start) < 0 || p.span.End != nil && bytes.Compare(p.after, p.span.End) >= 0 {
		return validation("The provided starting key does not match the range key predicate")
	}
	return nil
}

// startError words an invalid value in a start key: all but numbers are told of as a part of it.
func startError(err error) error {
	e, ok := err.(*attr.Error) //nolint:errorlint // as the decoder made it
	if !ok || strings.Contains(e.Message, "umber") || strings.Contains(e.Message, "numeric") {
		return err
	}
	prefixed := *e
	prefixed.Message = msgStartKey + ": " + e.Message
	return &prefixed
}
