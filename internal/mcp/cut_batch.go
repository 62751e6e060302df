package mcp

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/batch"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/wire"
)

// batch leaves the largest items to the next call, which a client makes anyway for the keys the service did not get to. Keys
// may be long: where those do not fit either, the places they have in the request stand for them.
func (c *cutting) batch(out *dynamodb.BatchGetItemOutput, size int) (string, error) {
	in, ok := c.in.(*batch.GetInput)
	if !ok {
		return "", errUncut
	}
	switch {
	case c.byPlace:
		out = c.whole
	case c.whole == nil:
		c.whole, c.wholeSize = copyOfBatch(out), size
	}
	type place struct {
		table string
		i     int
		size  int
	}
	var places []place
	sum := 0
	for name, items := range out.Responses {
		for i, it := range items {
			places = append(places, place{name, i, len(wire.AppendItem(nil, it))})
			sum += places[len(places)-1].size
		}
	}
	if len(places) == 0 { // the service got to none of many keys
		if c.byPlace {
			return "", errUncut
		}
		c.byPlace, out = true, c.whole
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(b.size, a.size), strings.Compare(a.table, b.table), cmp.Compare(b.i, a.i))
	})
	left := (size - c.s.maxBytes) * sum / size // each item takes its share of the answer
	for n, p := range places {
		if n > 0 && left <= 0 {
			break
		}
		if n == len(places)-1 {
			if c.byPlace {
				return "", errUncut
			}
			c.byPlace = true
			return c.batch(c.whole, c.wholeSize)
		}
		asked, name := askedOf(in, p.table)
		key := keyOf(asked, out.Responses[p.table][p.i])
		if key == nil {
			return "", op.Invalid("the answer is too large, and which keys to leave for a later call is not known, because the projection leaves out attributes of the key",
				"add the key's attributes to ProjectionExpression, or ask for fewer keys at once")
		}
		later, ok := out.UnprocessedKeys[name]
		if !ok {
			later, later.Keys = asked, nil
		}
		later.Keys = append(later.Keys, key)
		if out.UnprocessedKeys == nil {
			out.UnprocessedKeys = map[string]types.KeysAndAttributes{}
		}
		out.UnprocessedKeys[name] = later
		out.Responses[p.table][p.i] = nil
		left -= p.size
	}
	n := 0
	for name, items := range out.Responses {
		out.Responses[name] = slices.DeleteFunc(items, func(it query.Item) bool { return it == nil })
		n += len(out.Responses[name])
	}
	if !c.byPlace {
		return cutNote(fmt.Sprintf("cut to %d items to fit: call again with request_items = UnprocessedKeys for the others, or ask for fewer attributes with ProjectionExpression", n)), nil
	}
	shown := *out
	shown.UnprocessedKeys = nil
	c.out = &shown
	return cutNote(fmt.Sprintf("cut to %d items to fit: unprocessed tells by their places (from 0) in request_items which keys to call again with; or ask for fewer attributes with ProjectionExpression", n)) +
		member("unprocessed", placesOf(in, out.UnprocessedKeys)), nil
}

// copyOfBatch shares items and keys, and no list of them.
func copyOfBatch(out *dynamodb.BatchGetItemOutput) *dynamodb.BatchGetItemOutput {
	whole := *out
	whole.Responses, whole.UnprocessedKeys = maps.Clone(out.Responses), maps.Clone(out.UnprocessedKeys)
	for name, items := range whole.Responses {
		whole.Responses[name] = slices.Clone(items)
	}
	for name, keys := range whole.UnprocessedKeys {
		keys.Keys = slices.Clone(keys.Keys)
		whole.UnprocessedKeys[name] = keys
	}
	return &whole
}

// placesOf finds keys in the request they come from. The service may write a number otherwise than it was asked for.
func placesOf(in *batch.GetInput, keys map[string]types.KeysAndAttributes) map[string][]int {
	places := map[string][]int{}
	for table, later := range keys {
		asked, name := askedOf(in, table)
		wanted := map[string]bool{}
		for _, k := range later.Keys {
			wanted[oneWay(k)] = true
		}
		for i, k := range asked.Keys {
			if wanted[oneWay(k)] {
				places[name] = append(places[name], i)
			}
		}
	}
	return places
}

// oneWay is a key in the one way there is to write it.
func oneWay(k query.Item) string {
	k = maps.Clone(k)
	for name, v := range k {
		if n, ok := v.(*types.AttributeValueMemberN); ok {
			if text, err := attr.NormalizeNumber(n.Value); err == nil {
				k[name] = &types.AttributeValueMemberN{Value: text}
			}
		}
	}
	return string(wire.AppendItem(nil, k))
}

// askedOf is what was asked of a table, which the caller may have named by its ARN.
func askedOf(in *batch.GetInput, table string) (types.KeysAndAttributes, string) {
	if asked, ok := in.RequestItems[table]; ok {
		return asked, table
	}
	for name, asked := range in.RequestItems {
		if op.TableName(name) == op.TableName(table) {
			return asked, name
		}
	}
	return types.KeysAndAttributes{}, table
}

// keyOf is the key of an item, by the attributes of the keys asked for; nil where it lacks one.
func keyOf(asked types.KeysAndAttributes, it query.Item) query.Item {
	if len(asked.Keys) == 0 {
		return nil
	}
	key := query.Item{}
	for name := range asked.Keys[0] {
		v, ok := it[name]
		if !ok {
			return nil
		}
		key[name] = v
	}
	return key
}
