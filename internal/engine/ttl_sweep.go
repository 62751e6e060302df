package engine

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// How expired items are found: a table with time to live has, beside its rows, one key for each item with a usable
// time, ordered by that time (storage.ExpiryKey). The writes keep it in step in their own batch, so a sweep is one seek
// for each table, however many items there are, and a table without time to live pays nothing.

// expiryAge is how far in the past a time may lie: items that expired earlier are left alone (developer guide, "Time to
// Live": five years, so that a table is not emptied by a wrong unit).
const expiryAge = 5 * 365 * 24 * time.Hour

// sweepBatch bounds what one sweep deletes from one table before it looks at the next.
const sweepBatch = 1000

// openBatch is how many items of a table Open deletes before it returns, about a millisecond's work. Commands that open
// the store for one call and close it again would else never see an expired item go: no sweep is due in their time.
const openBatch = 100

// expiryOf is the time an item expires at, in seconds since 1970; false when it has none that counts.
func expiryOf(im *Image, attribute string) (int64, bool) {
	v, ok := im.attribute(attribute)
	if !ok || v.Kind != attr.N {
		return 0, false
	}
	if n, err := strconv.ParseInt(v.Str, 10, 64); err == nil {
		return n, n > 0
	}
	f, err := strconv.ParseFloat(v.Str, 64)
	if err != nil || f < 1 || f > 1<<62 {
		return 0, false
	}
	return int64(f), true
}

// noteExpiry keeps the order of expiry in step with a write of the row at key, in the write's batch.
func noteExpiry(b *storage.Batch, t *catalog.Table, key []byte, before, after *Image) {
	if !t.TTL.Enabled {
		return
	}
	was, had := expiryOf(before, t.TTL.Attribute)
	is, has := expiryOf(after, t.TTL.Attribute)
	if had == has && was == is {
		return
	}
	rest := storage.RowRest(key)
	if had {
		b.Delete(storage.ExpiryKey(t.ID, was, rest))
	}
	if has {
		b.Set(storage.ExpiryKey(t.ID, is, rest), nil)
	}
}

// fileExpiries files the items a table has under the time they expire at. When it is cut short it is done again at the
// next Open.
func (e *Engine) fileExpiries(ctx context.Context, t *catalog.Table) error {
	if err := e.fileRows(ctx, t); err != nil {
		return err
	}
	_, err := e.catalog.Update(t.Ref, func(now *catalog.Table) error {
		if now.ID == t.ID {
			now.TTL.Filing = false
		}
		return nil
	})
	if errors.Is(err, catalog.ErrNotFound) {
		return nil
	}
	return err
}

// resumeFiling files the tables whose filing was cut short.
func (e *Engine) resumeFiling() {
	for _, t := range e.catalog.All() {
		if t.TTL.Enabled && t.TTL.Filing {
			e.background(func() { e.report("filing items by their time to live", t.Name, e.fileExpiries(e.ctx, t)) })
		}
	}
}

func (e *Engine) fileRows(ctx context.Context, t *catalog.Table) error {
	it, err := e.store.Iter(storage.RowSpan(t.ID))
	if err != nil {
		return err
	}
	b := e.store.NewBatch()
	defer func() { b.Close() }()
	for ok := it.First(); ok; ok = it.Next() {
		value, err := it.Value()
		if err != nil {
			return errors.Join(err, it.Close())
		}
		wire, size, err := splitRow(value)
		if err != nil {
			return errors.Join(err, it.Close())
		}
		if at, ok := expiryOf(&Image{Wire: wire, Size: size}, t.TTL.Attribute); ok {
			b.Set(storage.ExpiryKey(t.ID, at, storage.RowRest(it.Key())), nil)
		}
		if b.Len() > copyBatch {
			if err := errors.Join(b.Commit(), ctx.Err()); err != nil {
				return errors.Join(err, it.Close())
			}
			b.Close()
			b = e.store.NewBatch()
		}
	}
	return errors.Join(it.Close(), b.Commit())
}

// sweepAtOpen deletes what has expired while the store was closed, as far as openBatch goes. A table without time to live
// costs nothing, one with it a seek.
func (e *Engine) sweepAtOpen() {
	if _, err := e.sweep(e.ctx, e.opts.Clock(), openBatch); err != nil {
		e.opts.Logger.Error("deleting expired items failed; it will be tried again", "error", err)
	}
}

// sweep deletes items that have expired by now, up to limit of each table, and returns the largest number deleted from
// one.
func (e *Engine) sweep(ctx context.Context, now time.Time, limit int) (most int, err error) {
	for _, t := range e.catalog.All() {
		if !t.TTL.Enabled || t.Follows() || t.Status == catalog.Deleting || t.Status == catalog.Creating {
			continue
		}
		n, terr := e.sweepTable(ctx, t, now, limit)
		err = errors.Join(err, terr)
		most = max(most, n)
	}
	return most, err
}

// sweepTable deletes up to limit expired items of one table.
func (e *Engine) sweepTable(ctx context.Context, t *catalog.Table, now time.Time, limit int) (int, error) {
	due, err := e.expired(t, now, limit)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, entry := range due {
		if ctx.Err() != nil {
			return n, ctx.Err()
		}
		if err := e.expire(ctx, t, entry); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// expiryEntry is one item that is due: its time, and its row key without the table.
type expiryEntry struct {
	at   int64
	rest []byte
}

// expired lists the next items to delete, at most limit, oldest first.
func (e *Engine) expired(t *catalog.Table, now time.Time, limit int) ([]expiryEntry, error) {
	sp := storage.Span{
		Start: storage.ExpiryKey(t.ID, now.Add(-expiryAge).Unix(), nil),
		End:   storage.ExpiryKey(t.ID, now.Unix(), nil),
	}
	it, err := e.store.Iter(sp)
	if err != nil {
		return nil, err
	}
	var due []expiryEntry
	for ok := it.First(); ok && len(due) < limit; ok = it.Next() {
		at, rest := storage.SplitExpiryKey(it.Key())
		due = append(due, expiryEntry{at, append([]byte(nil), rest...)})
	}
	return due, it.Close()
}

// expire deletes one item if it is still there with the time it was filed under; else it removes the entry that led
// here, so that it does not come up again. Both happen under the item's latch.
func (e *Engine) expire(ctx context.Context, t *catalog.Table, entry expiryEntry) error {
	c := e.newInternalCall(ctx, "TimeToLive", t.Ref)
	key := itemKey{row: storage.RowKey(nil, t.ID, entry.rest)}
	latch := latchesOf(nil, key.row)
	e.latches.lock(latch)
	defer e.latches.unlock(latch)
	t = e.catalog.Table(t.Ref)
	if t == nil || !t.TTL.Enabled {
		return nil // its entries went with the table or the setting
	}
	old, err := e.load(c, key)
	if err != nil {
		return err
	}
	if at, ok := expiryOf(old, t.TTL.Attribute); !ok || at != entry.at {
		b := e.store.NewBatch()
		defer b.Close()
		b.Delete(storage.ExpiryKey(t.ID, entry.at, entry.rest))
		return b.Commit()
	}
	remove := func(*write) (*Image, error) { return nil, nil }
	return e.commit(c, nil, []*write{{table: t, key: key, service: true, change: remove, old: old}})
}
