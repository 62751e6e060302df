package query

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
)

// An answer is what the outputs of Query and Scan have in common, to be read and written.
type answer struct {
	items          []Item
	count, scanned *int32
	last           *Item
	capacity       **types.ConsumedCapacity
}

// pages follows the pages of an operation, whose output is seen as an answer and whose input goes on from a key.
func pages[In, Out any](seen func(*Out) answer, start func(*In) *attr.Item) op.Pages[In, Out, Item] {
	return op.Pages[In, Out, Item]{
		Rows: func(out *Out) []Item { return seen(out).items },
		Next: func(in *In, out *Out) bool {
			key := op.FromSDK(*seen(out).last)
			*start(in) = key
			return len(key) > 0
		},
		Sum: func(total, page *Out) {
			t, p := seen(total), seen(page)
			*t.count += *p.count
			*t.scanned += *p.scanned
			*t.last = *p.last
			*t.capacity = op.SumCapacity(*t.capacity, *p.capacity)
		},
		Cut: func(total, page *Out, in *In, taken int) {
			t, p := seen(total), seen(page)
			*t.count -= *p.count - int32(taken)
			*t.last = resume(p.items, *p.last, *start(in), taken)
		},
	}
}
