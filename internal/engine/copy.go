package engine

import (
	"context"
	"errors"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/engine/streams"
)

// Backups, restores and exports copy rows from one space to another. A row is copied as it lies, its key with another
// prefix and its bytes unread, so a copy costs the reading and the writing of the table's bytes and no parsing:
// a backup takes as much room as the table's rows (its indexes are built anew by a restore).

// copyBatch is how many bytes are committed together: large enough to be quick, small enough for any memory.
const copyBatch = 1 << 20

// rowKeyOf appends the key of a row of a copy.
type rowKeyOf func(dst, rest []byte) []byte

func rowsOf(id storage.SpaceID) rowKeyOf {
	return func(dst, rest []byte) []byte { return storage.RowKey(dst, id, rest) }
}

// rowsOfTable are the rows of a table, copied from rows that are kept in the given order.
func rowsOfTable(t *catalog.Table, from catalog.RowOrder) rowKeyOf {
	return func(dst, rest []byte) []byte { return storage.RowKey(dst, t.ID, reordered(rest, from, t.Order)) }
}

func backupOf(id storage.SpaceID) rowKeyOf {
	return func(dst, rest []byte) []byte { return storage.BackupRow(dst, id, rest) }
}

// eachRow calls f for every row of a span: the row's key without its space, and its stored bytes.
func eachRow(ctx context.Context, r storage.Reader, sp storage.Span, f func(rest, row []byte) error) error {
	it, err := r.Iter(sp)
	if err != nil {
		return err
	}
	n := 0
	for ok := it.First(); ok; ok = it.Next() {
		if n++; n%1024 == 0 && ctx.Err() != nil {
			return errors.Join(ctx.Err(), it.Close())
		}
		row, err := it.Value()
		if err == nil {
			err = f(storage.RowRest(it.Key()), row)
		}
		if err != nil {
			return errors.Join(err, it.Close())
		}
	}
	return it.Close()
}

// bulkWriter writes many rows in batches.
type bulkWriter struct {
	s *storage.Store
	b *storage.Batch
}

func (w *bulkWriter) batch() *storage.Batch {
	if w.b == nil {
		w.b = w.s.NewBatch()
	}
	return w.b
}

// flush commits what is pending once it is large enough.
func (w *bulkWriter) flush() error {
	if w.b == nil || w.b.Len() < copyBatch {
		return nil
	}
	return w.finish()
}

// finish commits the rest.
func (w *bulkWriter) finish() error {
	if w.b == nil {
		return nil
	}
	err := w.b.Commit()
	w.close()
	return err
}

func (w *bulkWriter) close() {
	if w.b != nil {
		w.b.Close()
		w.b = nil
	}
}

// copyRows copies all rows of a span and says how many items and bytes they are.
func (e *Engine) copyRows(ctx context.Context, r storage.Reader, from storage.Span, to rowKeyOf) (storage.Counts, error) {
	var counts storage.Counts
	w := bulkWriter{s: e.store}
	defer w.close()
	var key []byte
	err := eachRow(ctx, r, from, func(rest, row []byte) error {
		_, size, err := splitRow(row)
		if err != nil {
			return err
		}
		counts.Items++
		counts.Bytes += int64(size)
		key = to(key[:0], rest)
		w.batch().Set(key, row)
		return w.flush()
	})
	if err != nil {
		return counts, err
	}
	return counts, w.finish()
}

// copyAt copies the rows of a table as they were at a time that its change log reaches: the rows of now, then every
// later change undone. It costs one copy of the table and one more write for each change since.
func (e *Engine) copyAt(ctx context.Context, r storage.Reader, t *catalog.Table, at time.Time, to rowKeyOf) error {
	if _, err := e.copyRows(ctx, r, storage.RowSpan(t.ID), to); err != nil {
		return err
	}
	w := bulkWriter{s: e.store}
	defer w.close()
	var key, row []byte
	err := undo(ctx, r, t.ID, at, func(rec streams.Record) error {
		key = to(key[:0], rec.Key)
		if rec.Old == nil {
			w.batch().Delete(key)
		} else {
			row = append(row[:0], rec.Old...)
			w.batch().Set(key, row)
		}
		return w.flush()
	})
	if err != nil {
		return err
	}
	return w.finish()
}
