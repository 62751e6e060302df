package engine

import (
	"context"
	"errors"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/engine/streams"
)

// The change log of a table is read onwards by streams and by replication, and backwards by what needs the table as it was at a time.

// changeAt reads the record an iterator is at, and gives it as it is stored too. Both lie in the store's memory, which is theirs until
// the iterator moves; streams.Record.Clone makes a record that may be kept.
func changeAt(it *storage.Iter) (rec streams.Record, stored []byte, err error) {
	if stored, err = it.Value(); err != nil {
		return streams.Record{}, nil, err
	}
	rec, err = streams.DecodeRecord(storage.ChangeSeq(it.Key()), stored)
	return rec, stored, err
}

// eachChange calls f for the changes of a span of a log, the earliest first, until f wants no more. A record is f's until it returns.
func eachChange(r storage.Reader, sp storage.Span, f func(streams.Record) (more bool, err error)) error {
	it, err := r.Iter(sp)
	if err != nil {
		return err
	}
	for ok := it.First(); ok; ok = it.Next() {
		rec, _, err := changeAt(it)
		more := false
		if err == nil {
			more, err = f(rec)
		}
		if err != nil {
			return errors.Join(err, it.Close())
		}
		if !more {
			break
		}
	}
	return it.Close()
}

// clockSlack is how far the times of neighbouring change records may be out of order when the system's clock is set.
const clockSlack = time.Hour

// changedAfter reports whether the log of a table has changes later than at.
func changedAfter(r storage.Reader, table storage.SpaceID, at time.Time) (bool, error) {
	changed := false
	err := undo(context.Background(), r, table, at, func(streams.Record) error {
		changed = true
		return errStop
	})
	if errors.Is(err, errStop) {
		err = nil
	}
	return changed, err
}

// errStop ends a walk early.
var errStop = errors.New("stop")

// undo calls f for every change later than at, the latest first. Putting back the old images in this order turns the
// rows as r sees them into the rows as they were at that time.
func undo(ctx context.Context, r storage.Reader, table storage.SpaceID, at time.Time, f func(streams.Record) error) error {
	return changesBack(ctx, r, table, at, func(rec streams.Record, _ []byte) error {
		if !rec.Time.After(at) {
			return nil
		}
		return f(rec)
	})
}

// changesBack calls f for the changes of a table, the latest first, with each record as it is stored. It goes back past the time it is
// given by clockSlack, so f looks at the time of each.
func changesBack(ctx context.Context, r storage.Reader, table storage.SpaceID, to time.Time, f func(rec streams.Record, stored []byte) error) error {
	it, err := r.Iter(storage.ChangeSpan(table))
	if err != nil {
		return err
	}
	for ok := it.Last(); ok && ctx.Err() == nil; ok = it.Prev() {
		rec, stored, err := changeAt(it)
		if err != nil {
			return errors.Join(err, it.Close())
		}
		if rec.Time.Before(to.Add(-clockSlack)) {
			break
		}
		if err := f(rec, stored); err != nil {
			return errors.Join(err, it.Close())
		}
	}
	return errors.Join(ctx.Err(), it.Close())
}
