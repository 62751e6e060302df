package engine

import (
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// settle carries out the changes of state that are due: tables and indexes become active or go away. It runs at the
// beginning of the first call after the time, so no timer is needed and a fake clock works.
func (e *Engine) settle(now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, t := range e.catalog.All() {
		if err := e.settleOne(t, now); err != nil {
			e.opts.Logger.Error("change of state failed; it will be tried again", "table", t.Name, "error", err)
		}
	}
}

func (e *Engine) settleOne(t *catalog.Table, now time.Time) error {
	due := func(at time.Time) bool { return !at.IsZero() && !at.After(now) }
	if due(t.Due) && t.Status == catalog.Deleting {
		keep, err := keepingOf(t)
		if err != nil {
			return err
		}
		return e.dropTable(t.Ref, keep)
	}
	for _, x := range t.Indexes {
		if due(x.Due) && x.Status == catalog.Deleting {
			if err := e.dropIndex(t.Ref, x.Name); err != nil {
				return err
			}
		}
	}
	_, err := e.catalog.Update(t.Ref, func(t *catalog.Table) error {
		for _, x := range t.Indexes {
			if due(x.Due) {
				x.Due = time.Time{}
			}
			settleIndex(x)
		}
		if due(t.Due) {
			t.Due = time.Time{}
		}
		settleTable(t)
		return nil
	})
	return err
}

// settleIndex makes an index active when nothing is left to wait for.
func settleIndex(x *catalog.Index) {
	if !x.Backfilling && x.Due.IsZero() && x.Status != catalog.Deleting {
		x.Status = catalog.Active
	}
}

// settleTable makes a table active when it is not changing and no index is leaving it. While an index is filled its table
// is active again (Developer Guide, "Managing global secondary indexes": phases of index creation).
func settleTable(t *catalog.Table) {
	if t.Status == catalog.Deleting || !t.Due.IsZero() {
		return
	}
	for _, x := range t.Indexes {
		if x.Status == catalog.Deleting {
			return
		}
	}
	t.Status = catalog.Active
}

// resumeIndexes takes up the backfills and removals an earlier process left unfinished.
func (e *Engine) resumeIndexes() {
	for _, t := range e.catalog.All() {
		for _, x := range t.Indexes {
			switch {
			case x.Status == catalog.Deleting && x.Due.IsZero():
				e.background(func() { e.removeIndex(t.Ref, x.Name) })
			case x.Backfilling:
				e.background(func() { e.backfill(t.Ref, x.Name) })
			}
		}
	}
}

func (e *Engine) removeIndex(r catalog.Ref, index string) {
	if err := e.whileFull(func() error { return e.dropIndex(r, index) }); err != nil {
		e.opts.Logger.Error("removing an index failed; it goes on when the engine is opened again", "table", r.Name, "index", index, "error", err)
	}
}

// backfillChunk is how many items are read between two looks at whether the engine is closing.
const backfillChunk = 256

// backfill puts every item of a table into a new index and then makes the index active. Writes go on meanwhile: they
// maintain the index themselves, and an item that is already in it is passed over.
func (e *Engine) backfill(r catalog.Ref, index string) {
	err := e.whileFull(func() error { return e.fillIndex(r, index) })
	if err == nil {
		err = e.finishBackfill(r, index)
	}
	if err != nil && e.ctx.Err() == nil {
		e.opts.Logger.Error("building an index failed; it goes on when the engine is opened again", "table", r.Name, "index", index, "error", err)
	}
}

func (e *Engine) finishBackfill(r catalog.Ref, index string) error {
	_, err := e.catalog.Update(r, func(t *catalog.Table) error {
		if x := t.Index(index); x != nil {
			x.Backfilling = false
			settleIndex(x)
		}
		settleTable(t)
		return nil
	})
	return err
}

func (e *Engine) fillIndex(r catalog.Ref, index string) error {
	t := e.catalog.Table(r)
	if t == nil || t.Index(index) == nil {
		return nil
	}
	id := t.Index(index).ID
	snap := e.store.Snapshot()
	defer snap.Close()
	it, err := snap.Iter(storage.RowSpan(t.ID))
	if err != nil {
		return err
	}
	n := 0
	for ok := it.First(); ok; ok = it.Next() {
		if n++; n%backfillChunk == 0 && e.ctx.Err() != nil {
			err = e.ctx.Err()
			break
		}
		if err = e.fillItem(r, id, it.Key()); err != nil {
			break
		}
	}
	if cerr := it.Close(); err == nil {
		err = cerr
	}
	return err
}

// fillItem adds the entry of one item, as the item is now, unless it is there or the index is gone.
func (e *Engine) fillItem(r catalog.Ref, id storage.SpaceID, row []byte) error {
	set := latchesOf(nil, row)
	e.latches.lock(set)
	defer e.latches.unlock(set)
	t := e.catalog.Table(r)
	if t == nil {
		return nil
	}
	var x *catalog.Index
	for _, y := range t.Indexes {
		if y.ID == id {
			x = y
		}
	}
	if x == nil {
		return nil
	}
	value, ok, err := e.store.Get(row, nil)
	if err != nil || !ok {
		return err
	}
	wire, size, err := splitRow(value)
	if err != nil {
		return err
	}
	en := indexEntry(t, x, &Image{Wire: wire, Size: size})
	if en.key == nil {
		return nil
	}
	if _, ok, err = e.store.Get(en.key, nil); err != nil || ok {
		return err
	}
	b := e.store.NewBatch()
	defer b.Close()
	setRow(b, en.key, en.wire, en.size)
	b.Count(x.ID, storage.Counts{Items: 1, Bytes: int64(en.size)})
	return b.Commit()
}
