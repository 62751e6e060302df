package query

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
)

// Item is a row: attributes by name.
type Item = map[string]types.AttributeValue

// resume is the key to go on from when only the first taken items of a page were wanted. Which attributes make up the
// key of the table, and of the index, shows in the keys the service gave: the one behind this page or the one before it.
// Where it gave none (a single page), or the items lack those attributes (a projection), it goes on from the beginning of
// the page.
func resume(items []Item, behind Item, before attr.Item, taken int) Item {
	if taken == 0 {
		return op.ToSDK(before)
	}
	if taken == len(items) {
		return behind
	}
	names := behind
	if len(names) == 0 {
		names = op.ToSDK(before)
	}
	key := make(Item, len(names))
	for name := range names {
		v, ok := items[taken-1][name]
		if !ok {
			return op.ToSDK(before)
		}
		key[name] = v
	}
	if len(key) == 0 {
		return op.ToSDK(before)
	}
	return key
}
