package engine

import (
	"errors"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Limits of a batch (API reference, BatchGetItem and BatchWriteItem). Of 100 items of 300 KB, 52 are read "so as not to exceed the 16 MB limit", so a read's
// megabytes are decimal. "More than 1 MB per partition" is what ends a page; a partition is here the items of one partition key.
const (
	maxBatchKeys   = 100
	maxBatchWrites = 25
	maxBatchBytes  = 16 << 20
	maxBatchRead   = 16e6
)

// maxSpelling is how many times its size an item may have in wire form before a batch counts it as more. Ordinary items have less; one of lists of nothing has seven
// times, and a batch of those would be an answer of 112 MB.
const maxSpelling = 2

const msgDuplicateKeys = "Provided list of item keys contains duplicates"

type batchGetInput struct {
	newerProgram
	RequestItems           map[string]keysAndAttributes `wire:"RequestItems,min=1,max=100,key.max=255,key.min=3,key.pattern=[a-zA-Z0-9_.-]+"`
	ReturnConsumedCapacity string                       `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
}

type keysAndAttributes struct {
	Keys                     []attr.Item       `wire:"Keys,required,min=1"`
	AttributesToGet          []string          `wire:"AttributesToGet,min=1"`
	ConsistentRead           bool              `wire:"ConsistentRead"`
	ProjectionExpression     *string           `wire:"ProjectionExpression"`
	ExpressionAttributeNames map[string]string `wire:"ExpressionAttributeNames"`
}

// tableReads is what a batch asks of one table, and the answer to it.
type tableReads struct {
	name       string // as the request gives it
	in         keysAndAttributes
	table      *catalog.Table
	projection *expression.Projection
	rows       []itemKey

	items     []byte // separated by commas
	unread    []attr.Item
	read      bool  // anything was read
	throttled error // why some keys were not
	consumed  *consumedCapacity
}

func batchGetItem(c *call, in *batchGetInput) (*batchGetOutput, error) {
	tables, err := c.planBatchGet(in)
	if err != nil {
		return nil, err
	}
	size := 0
	for _, r := range tables {
		if err := c.readBatch(r, &size, in.ReturnConsumedCapacity); err != nil {
			return nil, err
		}
	}
	if err := allThrottled(tables); err != nil {
		return nil, err
	}
	return &batchGetOutput{tables}, nil
}

// allThrottled is why nothing at all was read, nil when anything was (API reference, BatchGetItem: a request of which no
// item can be processed is refused).
func allThrottled(tables []*tableReads) (err error) {
	for _, r := range tables {
		if r.read {
			return nil
		}
		if r.throttled != nil {
			err = r.throttled
		}
	}
	return err
}

// readBatch reads the items of one table until the answer, all tables together, has reached its limit; the keys that are
// left go back unprocessed. Each item is rounded up to read units by itself (Developer Guide, "BatchGetItem").
func (c *call) readBatch(r *tableReads, size *int, wanted string) error {
	from, done, err := c.e.store.Find(len(r.rows), func(i int) []byte { return r.rows[i].row })
	if err != nil {
		return err
	}
	b := &batchReader{Getter: from, store: c.e.store, done: done}
	taken, err := c.readRows(r, b, size)
	b.pause()
	if err := errors.Join(err, b.failed); err != nil {
		return err
	}
	r.consumed = taken.report(wanted, r.name)
	return nil
}

// batchReader finds rows until it is done, and reads on by the store.
type batchReader struct {
	storage.Getter
	store  *storage.Store
	done   func() error
	failed error
}

func (b *batchReader) pause() {
	if b.done != nil {
		b.failed = b.done()
		b.Getter, b.done = b.store, nil
	}
}

func (c *call) readRows(r *tableReads, from *batchReader, size *int) (taken cost, err error) {
	sizes, total := make([]int, len(r.rows)), 0
	for i, key := range r.rows {
		if total >= pageBytes && r.partitionBytes(sizes[:i], i) >= pageBytes {
			r.unread = append(r.unread, r.in.Keys[i])
			continue
		}
		if err := c.ctx.Err(); err != nil {
			return taken, err
		}
		mark := len(c.scratch)
		im, err := c.e.loadFrom(from, c, key)
		if err != nil {
			return taken, err
		}
		if im != nil && *size+im.Size > maxBatchRead {
			r.unread = append(r.unread, r.in.Keys[i:]...)
			break
		}
		units := readUnits(billed(r.table, im), r.in.ConsistentRead)
		if err := c.chargeRead(r.table, key.row, units); err != nil {
			r.unread, r.throttled = append(r.unread, r.in.Keys[i]), err
			c.scratch = c.scratch[:mark]
			continue
		}
		r.read = true
		taken.table += units
		if im != nil {
			sizes[i] = im.Size
			total += im.Size
			*size += max(im.Size, len(im.Wire)/maxSpelling)
			wire, err := projected(r.projection, im.Wire)
			if err != nil {
				return taken, err
			}
			if err := c.grow(len(wire), from); err != nil {
				return taken, err
			}
			if len(r.items) > 0 {
				r.items = append(r.items, ',')
			}
			r.items = append(r.items, wire...)
		}
		c.scratch = c.scratch[:mark] // copied, so the next item may have the memory
	}
	return taken, nil
}

// partitionBytes is how much was read, of the items before number i, that has the partition key of number i.
func (r *tableReads) partitionBytes(sizes []int, i int) (sum int) {
	name := r.table.Key.Hash[0].Name
	own, _ := r.in.Keys[i].Get(name)
	for j, n := range sizes {
		if v, _ := r.in.Keys[j].Get(name); n > 0 && attr.Compare(v, own) == 0 {
			sum += n
		}
	}
	return sum
}
