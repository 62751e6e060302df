package engine

import (
	"context"
	"errors"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Tables that a restore or an import fills are CREATING until their rows and indexes are there. Nobody else writes to
// them meanwhile, so rows go in without latches and indexes are built in one pass at the end.

// pendingDue is when a pending table would become active by itself: never, the work that fills it does that.
const pendingDue = 100 * 365 * 24 * time.Hour

// addPending gives a table its ids and adds it to the catalogue in the state CREATING, with what else belongs to that
// in the same batch; with may be nil. The error may be catalog.ErrExists.
func (e *Engine) addPending(t *catalog.Table, with func(*storage.Batch) error) (*tableDescriptionOutput, error) {
	err := withinQuotas(t, nil)
	if err != nil {
		return nil, err
	}
	if t.ID, err = e.catalog.NewSpace(); err != nil {
		return nil, err
	}
	t.UUID = newUUID()
	t.Status, t.Due = catalog.Creating, e.opts.Clock().Add(pendingDue)
	for _, x := range t.Indexes {
		if err := e.placeIndex(x); err != nil {
			return nil, err
		}
		x.Status, x.Due = catalog.Creating, t.Due
	}
	if err := e.catalog.Create(t, with); err != nil {
		return nil, err
	}
	return e.created(t)
}

// activate builds the indexes of a filled table, counts it and makes it active, with what change does in the same batch.
func (e *Engine) activate(ctx context.Context, t *catalog.Table, change func(*catalog.Table, *storage.Batch) error) error {
	counts, err := e.buildIndexes(ctx, t)
	if err != nil {
		return err
	}
	_, err = e.catalog.UpdateWith(t.Ref, func(t *catalog.Table, b *storage.Batch) error {
		for id, n := range counts {
			b.Delete(storage.CountKey(id))
			b.Count(id, n)
		}
		for _, x := range t.Indexes {
			x.Status, x.Due, x.Backfilling = catalog.Active, time.Time{}, false
		}
		t.Status, t.Due = catalog.Active, time.Time{}
		if e.realistic() {
			t.Status, t.Due = catalog.Creating, e.opts.Clock().Add(realisticTableDelay)
		}
		return change(t, b)
	})
	return err
}

// buildIndexes writes the entries of every row in every index and counts rows and entries.
func (e *Engine) buildIndexes(ctx context.Context, t *catalog.Table) (map[storage.SpaceID]storage.Counts, error) {
	// The catalogue's own copy knows what each index stores.
	t = e.catalog.Table(t.Ref)
	if t == nil {
		return nil, catalog.ErrNotFound
	}
	counts := map[storage.SpaceID]storage.Counts{}
	add := func(id storage.SpaceID, size int) {
		n := counts[id]
		n.Items++
		n.Bytes += int64(size)
		counts[id] = n
	}
	w := bulkWriter{s: e.store}
	defer w.close()
	err := eachRow(ctx, e.store, storage.RowSpan(t.ID), func(_, row []byte) error {
		wire, size, err := splitRow(row)
		if err != nil {
			return err
		}
		add(t.ID, size)
		im := &Image{Wire: wire, Size: size}
		for _, x := range t.Indexes {
			if en := indexEntry(t, x, im); en.key != nil {
				setRow(w.batch(), en.key, en.wire, en.size)
				add(x.ID, en.size)
			}
		}
		return w.flush()
	})
	if err != nil {
		return nil, err
	}
	return counts, w.finish()
}

// clearTable removes the rows and index entries of a pending table, so that its filling can begin again.
func (e *Engine) clearTable(t *catalog.Table) error {
	b := e.store.NewBatch()
	defer b.Close()
	for _, id := range t.Spaces() {
		b.DeleteSpan(storage.RowSpan(id))
		b.Delete(storage.CountKey(id))
	}
	return b.CommitReserved()
}

// dropPending removes a pending table that cannot be filled.
func (e *Engine) dropPending(t *catalog.Table) error {
	dropped, err := e.catalog.Drop(t.Ref)
	if errors.Is(err, catalog.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return e.catalog.Purge(dropped.Spaces()...)
}
