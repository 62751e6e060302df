package engine

import (
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
			return nil, validation(msgStartKey)
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

// errStartKey words what is wrong with the key of the table: what does not fit its schema is told of without a reason, an empty value as anywhere.
func errStartKey(err error) error {
	if asAPIError(err).Message == msgKeySchema {
		return validation(msgStartKey)
	}
	return err
}

// checkTypes is what a Scan of a table with indexes says of an attribute of another type than the table's definitions have, by the index that is read or the
// first there is (eu-west-2 and eu-central-1 in October 2026: source of nubo-db/dynoxide 3.2).
func (p *page) checkTypes(start attr.Item) error {
	name := ""
	if p.index != nil {
		name = p.index.Name
	}
	types := map[string]attr.Kind{}
	for _, k := range p.table.Key.Attributes() {
		types[k.Name] = k.Type
	}
	for _, local := range []bool{false, true} {
		for _, x := range p.table.Indexes {
			if x.Local != local || x.Vector != nil {
				continue
			}
			if name == "" {
				name = x.Name
			}
			for _, k := range x.Key.Attributes() {
				types[k.Name] = k.Type
			}
		}
	}
	if name == "" {
		return nil
	}
	for _, a := range start {
		if want, ok := types[a.Name]; ok && a.Value.Kind != want {
			return invalidParameter("Type mismatch for Index Key " + a.Name + " Expected: " + want.String() + " Actual: " + a.Value.Kind.String() +
				" IndexName: " + name)
		}
	}
	return nil
}

// startsWithin checks that a start key lies where a query reads, as the service goes through the conditions of the key (eu-west-2 and us-east-1 in October
// 2026: source of nubo-db/dynoxide 3.2).
func (p *page) startsWithin(start attr.Item, k expression.KeyCondition) error {
	const atMostOne = "The query can return at most one row and cannot be restarted"
	hash, sort := p.schema().Hash, p.schema().Range
	differs := func(name string, want attr.Value) bool {
		v, _ := start.Get(name)
		return !v.Equal(want)
	}
	last := len(hash) - 1
	for i, h := range hash[:last] {
		if differs(h.Name, k.Hash[i]) {
			return validation(atMostOne)
		}
	}
	for i, v := range k.SortEq {
		if differs(sort[i].Name, v) {
			return validation(msgOutOfRange)
		}
	}
	if k.Op != expression.None {
		if v, _ := start.Get(sort[len(k.SortEq)].Name); !k.Holds(v) {
			return validation(msgOutOfRange)
		}
	}
	switch {
	case !differs(hash[last].Name, k.Hash[last]):
		return nil
	case k.Op != expression.None || len(k.SortEq) > 0:
		return validation(atMostOne)
	case p.index == nil && len(sort) == 0:
		return validation("The provided exclusive start key is invalid")
	}
	return validation("The provided starting key is outside query boundaries based on provided conditions")
}

const msgOutOfRange = "The provided starting key does not match the range key predicate"

// startError words an invalid value in a start key: what is no constraint is told of as a part of it.
func startError(err error) error {
	e, ok := err.(*attr.Error) //nolint:errorlint // as the decoder made it
	if !ok || e.Constraint {
		return err
	}
	prefixed := *e
	prefixed.Message = msgStartKey + ": " + e.Message
	return &prefixed
}
