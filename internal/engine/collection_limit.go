package engine

import (
	"sync"
	"sync/atomic"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// maxCollection is the most that the items of one partition key may hold in a table with local indexes, together with
// their entries in those (Developer Guide, "Item collections in local secondary indexes": 10 GB).
const maxCollection = 10 << 30

// maxCollections is how many sizes of collections are remembered for a table before they are added up anew.
const maxCollections = 1024

// collections holds the item collections of tables with local indexes to their limit.
//
// As long as a table with its local indexes is smaller than the limit none of its collections can be over it, and that is
// all a write looks at. From then on the sizes of the collections that are written to are added up and remembered.
type collections struct {
	limit  int64    // another limit, for tests; 0: maxCollection
	tables sync.Map // storage.SpaceID → *collectionGuard
}

type collectionGuard struct {
	left atomic.Int64 // bytes by which the table may grow before one of its collections can be full

	mu    sync.Mutex
	sizes map[string]int64 // of collections by the prefix of their rows
}

var errCollection = &apiError{Type: "ItemCollectionSizeLimitExceededException", Message: "Collection size exceeded"}

// growCollection counts what a write adds to its collection, or takes off it, and refuses what makes it too large.
func (e *Engine) growCollection(w *write, by int64) error {
	limit := int64(maxCollection)
	if e.collections.limit > 0 {
		limit = e.collections.limit
	}
	known, ok := e.collections.tables.Load(w.table.ID)
	if !ok {
		total, err := e.collectionsSize(w.table)
		if err != nil {
			return err
		}
		g := &collectionGuard{}
		g.left.Store(limit - total)
		known, _ = e.collections.tables.LoadOrStore(w.table.ID, g)
	}
	g := known.(*collectionGuard)
	if g.left.Add(-by) >= 0 {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return e.growLarge(g, w, by, limit)
}

// growLarge is growCollection for a table in which a collection may be full. The guard is locked.
func (e *Engine) growLarge(g *collectionGuard, w *write, by, limit int64) error {
	hash, _ := w.hash()
	prefix := string(tableSpace(w.table).appendPartition(nil, hash))
	size, ok := g.sizes[prefix]
	if !ok || by > 0 && size+by > limit {
		// A remembered size includes writes that were refused later on, so none is refused for it.
		var err error
		if size, err = e.collectionSize(w.table, hash); err != nil {
			return err
		}
	}
	if by > 0 && size+by > limit {
		g.left.Add(by)
		return errCollection
	}
	if g.sizes == nil || len(g.sizes) >= maxCollections {
		g.sizes = map[string]int64{}
	}
	g.sizes[prefix] = size + by
	return nil
}

// hash is the value of the item's partition key.
func (w *write) hash() (v attr.Value, ok bool) {
	im := w.new
	if im == nil {
		im = w.old
	}
	return im.attribute(w.table.Key.Hash[0].Name)
}

// collectionsSize is the size of a table with its local indexes: all its collections together.
func (e *Engine) collectionsSize(t *catalog.Table) (int64, error) {
	var sum int64
	for _, s := range collectionSpaces(t) {
		n, err := e.store.Counts(s.id)
		if err != nil {
			return 0, err
		}
		sum += n.Bytes
	}
	return sum, nil
}

// collectionSpaces are the spaces that the items of a collection and their entries are in.
func collectionSpaces(t *catalog.Table) []rowSpace {
	spaces := []rowSpace{tableSpace(t)}
	for _, x := range t.Indexes {
		if x.Local {
			spaces = append(spaces, indexSpace(x))
		}
	}
	return spaces
}
