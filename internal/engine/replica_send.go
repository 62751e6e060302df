package engine

import (
	"context"
	"encoding/binary"
	"errors"
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/engine/streams"
)

// Replication between Regions reads the change logs, as streams do: each change made in a Region is carried out in the
// others a moment later. All Regions of an engine take their numbers from one clock, so the later of two changes to one
// item is the one with the larger number: the last writer wins, everywhere alike. A table keeps for each item that was
// changed lately the number its state comes from, so a change that arrives late is left out.

// replication is the engine's state of it.
type replication struct {
	mu      sync.Mutex
	running bool
	wake    chan struct{} // holds one; made by resumeReplicas

	round sync.Mutex // one round at a time; guards what follows
	sent  map[replicaPair]uint64
	until uint64 // the number up to which the last round sent
}

// replicaPause gathers the changes of a moment into one round.
const replicaPause = 2 * time.Millisecond

// sendBatch is how many changes are read before they are carried out.
const sendBatch = 512

// wakeReplication has a round begin soon.
func (e *Engine) wakeReplication() {
	select {
	case e.repl.wake <- struct{}{}:
	default: // one is due already, or nobody listens yet
	}
}

// startReplication starts sending unless it runs, and has a round begin.
func (e *Engine) startReplication() {
	e.repl.mu.Lock()
	defer e.repl.mu.Unlock()
	if !e.repl.running && e.ctx.Err() == nil {
		e.repl.running = true
		e.job(e.sendChanges)
	}
	e.wakeReplication()
}

// sendChanges waits for changes and sends them, and sends what is left when the engine closes. It waits without cost.
func (e *Engine) sendChanges(ctx context.Context) {
	for e.ctx.Err() == nil {
		select {
		case <-e.ctx.Done():
		case <-e.repl.wake:
			time.Sleep(replicaPause)
			if err := e.replicate(e.ctx); err != nil && e.ctx.Err() == nil {
				e.opts.Logger.Error("replication failed; it will be tried again with the next change", "error", err)
			}
		}
	}
	e.active.Wait()
	e.report("replication at the end", "", e.replicate(ctx))
}

// replicate sends every change made before the call to every replica.
func (e *Engine) replicate(ctx context.Context) error {
	e.repl.round.Lock()
	defer e.repl.round.Unlock()
	until := e.tend.clock.latest()
	e.latches.barrier() // every change with a number up to this one is in the store
	var errs error
	for _, t := range e.catalog.All() {
		for _, ref := range t.Siblings() {
			if to := e.catalog.Table(ref); to != nil && t.SendsChanges() && to.SendsChanges() && to.Replication.Filling == "" && t.Replication.Filling == "" {
				errs = errors.Join(errs, e.send(ctx, t, to, until))
			}
		}
	}
	if errs == nil {
		e.repl.until = until
	}
	return errs
}

// send carries out in one table what was changed in another.
func (e *Engine) send(ctx context.Context, from, to *catalog.Table, until uint64) error {
	p := replicaPair{from.ID, to.ID}
	at, err := e.cursor(p)
	if err != nil || at >= until {
		return err
	}
	moved := false
	for at < until {
		list, last, err := e.changesAfter(from, at, until)
		if err != nil {
			return err
		}
		for _, rec := range list {
			rec.Key = reordered(rec.Key, from.Order, to.Order)
			if err := e.applyChange(ctx, to, rec); err != nil {
				return err
			}
			moved = true
		}
		at = last
		if moved && at < until {
			if err := e.keepCursor(p, at); err != nil {
				return err
			}
		}
	}
	if !moved {
		e.passCursor(p, until)
		return nil
	}
	return e.keepCursor(p, until)
}

// changesAfter reads the changes made in a table itself, from after one number up to another, and says how far it came. Tables of version 2017.11.29 keep
// to themselves what time to live deleted (developer guide, "DynamoDB global tables versions").
func (e *Engine) changesAfter(from *catalog.Table, after, until uint64) (list []streams.Record, last uint64, err error) {
	last = until
	sp := storage.Span{Start: storage.ChangeKey(from.ID, after+1), End: storage.ChangeKey(from.ID, until+1)}
	err = eachChange(e.store, sp, func(rec streams.Record) (more bool, err error) {
		if rec.Copied || rec.Service && from.Replication.Version == catalog.GlobalLegacy {
			return true, nil
		}
		if list = append(list, rec.Clone()); len(list) == sendBatch {
			last = rec.Seq
		}
		return len(list) < sendBatch, nil
	})
	return list, last, err
}

// applyChange makes a change of another Region here, unless the item's state comes from a later one.
func (e *Engine) applyChange(ctx context.Context, to *catalog.Table, rec streams.Record) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	after, err := imageOf(rec.New)
	if err != nil {
		return err
	}
	c := e.newInternalCall(ctx, "Replication", to.Ref)
	late := false
	w := &write{table: to, key: itemKey{row: storage.RowKey(nil, to.ID, rec.Key)}, copied: true}
	w.change = func(w *write) (*Image, error) {
		have, err := e.version(to.ID, rec.Key)
		if err != nil {
			return nil, err
		}
		if late = have >= rec.Seq; late {
			return w.old, nil
		}
		return after, nil
	}
	err = e.mutateWith(c, func(b *storage.Batch) error {
		if !late {
			b.Set(storage.VersionKey(to.ID, rec.Key), binary.BigEndian.AppendUint64(nil, rec.Seq))
		}
		return nil
	}, w)
	if api, ok := errors.AsType[*apiError](err); ok && api.Type == "ResourceNotFoundException" {
		return nil // the replica is on its way out
	}
	return err
}
