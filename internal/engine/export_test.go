package engine

import (
	"context"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// TendOnce does the housekeeping of one moment, for tests.
func (e *Engine) TendOnce(now time.Time) error { return e.tendOnce(context.Background(), now) }

// CountKeys counts the change records and the entries of the order of expiry of a table, for tests.
func (e *Engine) CountKeys(region, table string) (changes, expiries int, err error) {
	t := e.catalog.Table(catalog.Ref{Region: region, Name: table})
	for i, sp := range []storage.Span{storage.ChangeSpan(t.ID), storage.ExpirySpan(t.ID)} {
		it, err := e.store.Iter(sp)
		if err != nil {
			return 0, 0, err
		}
		for ok := it.First(); ok; ok = it.Next() {
			if i == 0 {
				changes++
			} else {
				expiries++
			}
		}
		if err := it.Close(); err != nil {
			return 0, 0, err
		}
	}
	return changes, expiries, nil
}

// GoneTables counts the deleted tables that are remembered for their streams, for tests.
func (e *Engine) GoneTables() (int, error) { return len(e.catalog.Gone()), nil }

// Idle waits until background work, such as the filling of an index, is done. Not for an engine with time to live or logs.
func (e *Engine) Idle() { e.tasks.Wait() }

// Replicate sends every change made before the call to every replica.
func (e *Engine) Replicate(ctx context.Context) error { return e.replicate(ctx) }

// Work counts what has been read from the store.
func (e *Engine) Work() storage.Work { return e.store.Work() }
