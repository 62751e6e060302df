package engine

import (
	"bytes"
	"maps"
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

type batchWriteInput struct {
	RequestItems                map[string][]writeRequest `wire:"RequestItems,max=25,key.max=255,key.min=3,key.pattern=[a-zA-Z0-9_.-]+,elem.min=1,elem.max=25"`
	ReturnConsumedCapacity      string                    `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
	ReturnItemCollectionMetrics string                    `wire:"ReturnItemCollectionMetrics,enum=SIZE|NONE"`
}

type writeRequest struct {
	PutRequest    *putRequest    `wire:"PutRequest"`
	DeleteRequest *deleteRequest `wire:"DeleteRequest"`
}

type putRequest struct {
	Item Image `wire:"Item,required"`
}

type deleteRequest struct {
	Key attr.Item `wire:"Key,required"`
}

// tableWrites is what a request writes to one table, and what came of it.
type tableWrites struct {
	name   string // as the request gives it
	writes []*write
	keys   []attributes   // of each write, for the metrics
	from   []writeRequest // of each write of a batch; nil in transactions

	consumed *consumedCapacity
	metrics  []*collectionMetrics
}

type batchWriteOutput struct {
	tables []*tableWrites
}

// batchWriteItem writes all at once where it can, although a batch only promises that for each item: what the service
// refuses in a batch it refuses before it writes. Only what meets a transaction or a limit of throughput stays unprocessed.
func batchWriteItem(c *call, in *batchWriteInput) (*batchWriteOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	out := &batchWriteOutput{}
	var all []*write
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		w, err := c.planTableWrites(name, in.RequestItems[name])
		if err != nil {
			return nil, err
		}
		out.tables = append(out.tables, w)
		if all == nil {
			all = w.writes
			continue
		}
		all = slices.Concat(all, w.writes) // which leaves those of the first table as they are
	}
	if repeated(all) {
		return nil, validation(msgDuplicateKeys)
	}
	if err := c.writeBatch(all); err != nil {
		return nil, err
	}
	for _, w := range out.tables {
		if err := w.report(c, in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics, 1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// check checks what needs no table.
func (in *batchWriteInput) check() error {
	if len(in.RequestItems) == 0 {
		return errNoRequests("BatchWriteItem")
	}
	total, size := 0, 0
	for _, requests := range in.RequestItems {
		total += len(requests)
		for _, r := range requests {
			if (r.PutRequest == nil) == (r.DeleteRequest == nil) {
				return validation("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
			}
			if r.PutRequest == nil {
				continue
			}
			if r.PutRequest.Item.Size > attr.MaxItemSize {
				return errItemSize()
			}
			size += r.PutRequest.Item.Size
		}
	}
	if total > maxBatchWrites {
		return validation("Too many items requested for the BatchWriteItem call")
	}
	if size > maxBatchBytes {
		return errTooLarge()
	}
	return nil
}

func (c *call) planTableWrites(name string, requests []writeRequest) (*tableWrites, error) {
	t, err := c.table(name)
	if err != nil {
		return nil, err
	}
	out := &tableWrites{name: name, from: requests, writes: make([]*write, 0, len(requests)), keys: make([]attributes, 0, len(requests))}
	of := make([]write, len(requests))
	for i, r := range requests {
		w := &of[i]
		w.table = t
		if r.PutRequest != nil {
			item := &r.PutRequest.Item
			w.change = func(*write) (*Image, error) { return item, nil }
			w.key, c.scratch, err = c.batchPutKey(t, item)
			out.keys = append(out.keys, item)
		} else {
			w.change = func(*write) (*Image, error) { return nil, nil }
			w.key, c.scratch, err = requestKeyOf(t, r.DeleteRequest.Key, c.scratch)
			out.keys = append(out.keys, parsedItem(r.DeleteRequest.Key))
		}
		if err != nil {
			return nil, err
		}
		out.writes = append(out.writes, w)
	}
	return out, nil
}

// batchPutKey finds the key of an item to be put. A batch words a key that is missing or of the wrong type as it does in
// the Key of a request, unlike PutItem.
func (c *call) batchPutKey(t *catalog.Table, it *Image) (itemKey, []byte, error) {
	key, scratch, err := itemKeyOf(t, it, c.scratch)
	if err == nil {
		return key, scratch, nil
	}
	for _, k := range t.Key.Attributes() {
		if v, ok := it.attribute(k.Name); !ok || v.Kind != k.Type {
			return itemKey{}, scratch, validation(msgKeySchema)
		}
	}
	return itemKey{}, scratch, err
}

// repeated reports whether two writes name one item.
func repeated(ws []*write) bool {
	rows := make([][]byte, len(ws))
	for i, w := range ws {
		rows[i] = w.key.row
	}
	slices.SortFunc(rows, bytes.Compare)
	for i := 1; i < len(rows); i++ {
		if bytes.Equal(rows[i-1], rows[i]) {
			return true
		}
	}
	return false
}

// report sums up capacity and collections of a table's writes. Transactions take factor units where others take one, on
// the table and not on its indexes.
func (w *tableWrites) report(c *call, capacity, metrics string, factor float64) error {
	var sum cost
	for _, x := range w.writes {
		if x.err != nil {
			continue // unprocessed
		}
		x.cost.table *= factor
		sum.add(x.cost)
	}
	w.consumed = sum.report(capacity, w.name)
	if metrics != "SIZE" {
		return nil
	}
	seen := map[string]bool{}
	for i, x := range w.writes {
		if x.err != nil || x.check {
			continue
		}
		m, err := c.collectionMetrics(metrics, x.table, w.keys[i])
		if err != nil || m == nil {
			return err
		}
		key := string(attr.AppendItem(nil, m.ItemCollectionKey))
		if !seen[key] {
			seen[key] = true
			w.metrics = append(w.metrics, m)
		}
	}
	return nil
}

func (o *batchWriteOutput) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"UnprocessedItems":{`...)
	for _, w := range o.tables {
		dst = w.appendUnprocessed(dst)
	}
	return append(appendWritten(append(dst, '}'), o.tables), '}')
}

// appendWritten appends what a request on several tables answers about its writes.
func appendWritten(dst []byte, tables []*tableWrites) []byte {
	consumed := make([]*consumedCapacity, len(tables))
	metrics := false
	for i, w := range tables {
		consumed[i] = w.consumed
		metrics = metrics || w.metrics != nil
	}
	dst = appendConsumedList(dst, consumed)
	if !metrics {
		return dst
	}
	dst = append(appendMember(dst, "ItemCollectionMetrics"), '{')
	for _, w := range tables {
		if w.metrics == nil {
			continue
		}
		dst = append(appendQuotedMember(dst, w.name), '[')
		for i, m := range w.metrics {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = encode(dst, shapeMetrics(), m)
		}
		dst = append(dst, ']')
	}
	return append(dst, '}')
}
