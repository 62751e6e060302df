package engine

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/engine/streams"
)

// tending is the state of the engine's housekeeping: deleting expired items and trimming change logs. One goroutine
// does it, only while there is a table that needs it; without one the engine does nothing when nobody calls.
type tending struct {
	mu      sync.Mutex
	running bool
	once    sync.Mutex // one round at a time: the housekeeping's own, or one that Tend was asked for
	trimmed time.Time  // when the logs were last trimmed, by the engine's clock
	clock   changeClock

	backups sync.Mutex // deletion of a backup against the beginning of a restore from it
	jobs    sync.Mutex // the beginning of exports and imports, so that a client token begins one
}

// trimEvery is how often change logs are looked at.
const trimEvery = time.Minute

// startTending starts the housekeeping unless it runs.
func (e *Engine) startTending() {
	e.tend.mu.Lock()
	defer e.tend.mu.Unlock()
	if e.tend.running || e.ctx.Err() != nil || !e.hasToTend() {
		return
	}
	e.tend.running = true
	e.background(e.tendTables)
}

// hasToTend reports whether a table has time to live or a change log.
func (e *Engine) hasToTend() bool {
	for _, t := range e.catalog.All() {
		if t.TTL.Enabled || t.Logged || t.Stream.Label != "" && len(readableStreams(t, e.opts.Clock())) > 0 {
			return true
		}
	}
	return len(e.catalog.Gone()) > 0
}

func (e *Engine) tendTables() {
	tick := time.NewTicker(e.opts.TTLSweep)
	defer tick.Stop()
	for {
		select {
		case <-e.ctx.Done():
			return
		case <-tick.C:
		}
		if err := e.tendOnce(e.ctx, e.opts.Clock()); err != nil && e.ctx.Err() == nil {
			e.opts.Logger.Error("housekeeping failed; it will be tried again", "error", err)
		}
		if e.tendingDone() {
			return
		}
	}
}

// tendOnce deletes all items that have expired by now and trims the change logs when that is due.
func (e *Engine) tendOnce(ctx context.Context, now time.Time) error {
	e.tend.once.Lock()
	defer e.tend.once.Unlock()
	if e.catalog.DueBy(now) {
		e.settle(now)
	}
	for {
		n, err := e.sweep(ctx, now, sweepBatch)
		if err != nil {
			return err
		}
		if n < sweepBatch {
			break
		}
	}
	if now.Sub(e.tend.trimmed).Abs() < trimEvery {
		return nil
	}
	e.tend.trimmed = now
	return e.trimLogs(now)
}

// tendingDone ends the housekeeping when there is nothing to tend. The flag changes under the lock startTending takes,
// so a table that comes meanwhile starts another.
func (e *Engine) tendingDone() bool {
	e.tend.mu.Lock()
	defer e.tend.mu.Unlock()
	if e.hasToTend() {
		return false
	}
	e.tend.running = false
	return true
}

// streamRetention is how long a stream keeps its records (API reference, DynamoDB Streams).
const streamRetention = 24 * time.Hour

// trimLogs removes the change records that no reader needs any more.
func (e *Engine) trimLogs(now time.Time) error {
	var errs error
	for _, t := range append(e.catalog.All(), e.catalog.Gone()...) {
		keep, err := retention(t, now)
		if err == nil && t.SendsChanges() {
			err = e.trimVersions(t)
		}
		if err == nil && e.sentAll(t) {
			err = e.trimLog(t.ID, now.Add(-keep))
		}
		errs = errors.Join(errs, err)
	}
	return errors.Join(errs, e.tendGone(now))
}

// trimLog removes the records of a table made before a time.
func (e *Engine) trimLog(table storage.SpaceID, before time.Time) error {
	sp := storage.ChangeSpan(table)
	var first uint64
	err := eachChange(e.store, sp, func(rec streams.Record) (more bool, err error) {
		if !rec.Time.Before(before) {
			return false, nil
		}
		first = rec.Seq + 1
		return true, nil
	})
	if err != nil || first == 0 {
		return err
	}
	sp.End = storage.ChangeKey(table, first)
	b := e.store.NewBatch()
	defer b.Close()
	b.DeleteSpan(sp)
	b.Set(storage.TrimKey(table), binary.BigEndian.AppendUint64(nil, first))
	return b.CommitReserved()
}

// trimmedTo is the number below which the records of a table's log have been trimmed; 0 when none has been.
func (e *Engine) trimmedTo(table storage.SpaceID) (uint64, error) {
	v, ok, err := e.store.Get(storage.TrimKey(table), nil)
	if err != nil || !ok {
		return 0, err
	}
	if len(v) != 8 {
		return 0, fmt.Errorf("%w: the place a change log is trimmed at", storage.ErrDamaged)
	}
	return binary.BigEndian.Uint64(v), nil
}

// resumeChanges makes the numbers and times of change records go on where an earlier process stopped.
func (e *Engine) resumeChanges() error {
	for _, t := range append(e.catalog.All(), e.catalog.Gone()...) {
		it, err := e.store.Iter(storage.ChangeSpan(t.ID))
		if err != nil {
			return err
		}
		if it.Last() {
			rec, _, err := changeAt(it)
			if err != nil {
				return errors.Join(err, it.Close())
			}
			e.tend.clock.seen(rec)
		}
		if err := it.Close(); err != nil {
			return err
		}
	}
	return nil
}

// retention is how long the change log of a table is needed: the longest of its readers. Zero when nothing reads it.
func retention(t *catalog.Table, now time.Time) (time.Duration, error) {
	var keep time.Duration
	if len(readableStreams(t, now)) > 0 {
		keep = streamRetention
	}
	p, err := recoveryOf(t)
	if err == nil && p.Enabled {
		keep = max(keep, p.period())
	}
	return keep, err
}
