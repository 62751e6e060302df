package engine

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// planBatchGet checks the whole request before anything is read: its size, expressions, then tables and keys.
func (c *call) planBatchGet(in *batchGetInput) ([]*tableReads, error) {
	total := 0
	if len(in.RequestItems) == 0 {
		return nil, errNoRequests("BatchGetItem")
	}
	for name, r := range in.RequestItems {
		if len(r.Keys) == 0 { // the table itself is null, or has a name that is reported first
			return nil, validation(envelope + "Value null at 'requestItems." + name + ".member.keys' failed to satisfy constraint: Member must not be null")
		}
		if len(r.Keys) > maxBatchKeys { // spelled and without the keys as the service does (ExtendDB/extenddb 16)
			return nil, validation(envelope + "Value at 'RequestItems." + name + ".member.Keys' failed to satisfy constraint: " +
				"Member must have length less than or equal to " + strconv.Itoa(maxBatchKeys))
		}
		total += len(r.Keys)
	}
	if total > maxBatchKeys {
		return nil, validation("Too many items requested for the BatchGetItem call")
	}
	if err := in.exclusive(); err != nil {
		return nil, err
	}
	tables := make([]*tableReads, 0, len(in.RequestItems))
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		r := &tableReads{name: name, in: in.RequestItems[name]}
		var err error
		if r.projection, err = planProjection(r.in.AttributesToGet, r.in.ProjectionExpression, r.in.ExpressionAttributeNames); err != nil {
			return nil, err
		}
		if repeatedKeys(r.in.Keys) {
			return nil, validation(msgDuplicateKeys)
		}
		tables = append(tables, r)
	}
	seen := make(map[string]bool, total)
	for _, r := range tables {
		var err error
		if r.table, err = c.table(r.name); err != nil {
			return nil, err
		}
		if err := checkScalars(r.table, r.projection); err != nil {
			return nil, err
		}
		for _, k := range r.in.Keys {
			var key itemKey
			if key, c.scratch, err = requestKeyOf(r.table, k, c.scratch); err != nil {
				return nil, err
			}
			if seen[string(key.row)] {
				return nil, validation(msgDuplicateKeys)
			}
			seen[string(key.row)] = true
			r.rows = append(r.rows, key)
		}
	}
	return tables, nil
}

// requestJSON is what a batch asks for as the newer of the service's programs repeats it: JSON in the order of names (twelve Regions in October 2026: source
// of nubo-db/dynoxide 3.2).
func requestJSON(items map[string]keysAndAttributes) []byte {
	sorted := func(it attr.Item) attr.Item {
		return slices.SortedFunc(slices.Values(it), func(a, b attr.Attribute) int { return strings.Compare(a.Name, b.Name) })
	}
	dst := []byte{'{'}
	for _, table := range slices.Sorted(maps.Keys(items)) {
		in := items[table]
		if dst = append(appendQuotedMember(dst, table), '{'); in.AttributesToGet != nil {
			dst = appendTexts(appendMember(dst, "AttributesToGet"), in.AttributesToGet)
		}
		if in.ConsistentRead {
			dst = append(appendMember(dst, "ConsistentRead"), "true"...)
		}
		if in.ExpressionAttributeNames != nil {
			dst = appendNames(appendMember(dst, "ExpressionAttributeNames"), in.ExpressionAttributeNames)
		}
		dst = append(appendMember(dst, "Keys"), '[')
		for i, k := range in.Keys {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = attr.AppendItem(dst, sorted(k))
		}
		if dst = append(dst, ']'); in.ProjectionExpression != nil {
			dst = jsonscan.AppendQuoted(appendMember(dst, "ProjectionExpression"), *in.ProjectionExpression)
		}
		dst = append(dst, '}')
	}
	return append(dst, '}')
}

// errNoRequests refuses a batch of nothing, which the service words differently from other missing members (ExtendDB/extenddb 14).
func errNoRequests(operation string) error {
	return validation("The requestItems parameter is required for " + operation)
}

// repeatedKeys finds a key that is there twice before the table is looked at, as the service does (ExtendDB/extenddb 192).
func repeatedKeys(keys []attr.Item) bool {
	seen := make(map[string]struct{}, len(keys))
	var (
		sorted attr.Item
		wire   []byte
	)
	for _, k := range keys {
		sorted = append(sorted[:0], k...)
		slices.SortFunc(sorted, func(a, b attr.Attribute) int { return strings.Compare(a.Name, b.Name) })
		wire = attr.AppendItem(wire[:0], sorted)
		seen[string(wire)] = struct{}{}
	}
	return len(seen) < len(keys)
}

// exclusive refuses AttributesToGet beside a ProjectionExpression, also where they are asked of two tables.
func (in *batchGetInput) exclusive() error {
	legacy, expressions := false, false
	for _, r := range in.RequestItems {
		legacy = legacy || r.AttributesToGet != nil
		expressions = expressions || r.ProjectionExpression != nil
	}
	return exclusive([]param{{"AttributesToGet", legacy}}, []param{{"ProjectionExpression", expressions}})
}
