package engine

import (
	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// collectionSize adds up an item collection: all items with one partition key, in the table and its local indexes.
func (e *Engine) collectionSize(t *catalog.Table, hash attr.Value) (int64, error) {
	var sum int64
	for _, s := range collectionSpaces(t) {
		start := s.appendPartition(nil, hash)
		n, err := e.spanSize(storage.Span{Start: start, End: storage.PrefixEnd(start)})
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// spanSize adds up the sizes of the rows of a span.
func (e *Engine) spanSize(sp storage.Span) (int64, error) {
	it, err := e.store.Iter(sp)
	if err != nil {
		return 0, err
	}
	var sum int64
	for ok := it.First(); ok; ok = it.Next() {
		row, err := it.Value()
		if err != nil {
			_ = it.Close()
			return 0, err
		}
		_, size, err := splitRow(row)
		if err != nil {
			_ = it.Close()
			return 0, err
		}
		sum += int64(size)
	}
	return sum, it.Close()
}
