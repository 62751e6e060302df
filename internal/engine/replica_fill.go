package engine

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// makeReplica fills a new replica, from the start again where the disk was full.
func (e *Engine) makeReplica(ctx context.Context, t *catalog.Table) error {
	return e.whileFull(func() error {
		err := e.fillReplica(ctx, t)
		if errors.Is(err, storage.ErrFull) {
			err = errors.Join(err, e.clearTable(t))
		}
		return err
	})
}

// fillReplica copies the rows into a new replica, builds its indexes and lets it take part.
func (e *Engine) fillReplica(ctx context.Context, t *catalog.Table) error {
	source := e.catalog.Table(catalog.Ref{Namespace: t.Namespace, Region: t.Replication.Filling, Name: t.Name})
	if source == nil {
		return e.dropPending(t)
	}
	snap, err := e.beginCopy(source, t)
	if err != nil {
		return err
	}
	defer snap.Close()
	if _, err := e.copyRows(ctx, snap, storage.RowSpan(source.ID), rowsOfTable(t, source.Order)); err != nil {
		return err
	}
	versions := func(dst, rest []byte) []byte { return append(dst, storage.VersionKey(t.ID, rest)...) }
	if err := e.copyKeys(ctx, snap, storage.VersionSpan(source.ID), versions); err != nil {
		return err
	}
	if t.TTL.Enabled {
		if err := e.fileRows(ctx, t); err != nil {
			return err
		}
	}
	err = e.activate(ctx, t, func(t *catalog.Table, _ *storage.Batch) error {
		r := t.Replication.Clone()
		r.Filling = ""
		t.Replication, t.TTL.Filing = r, false
		return nil
	})
	if err != nil {
		return err
	}
	if err := e.finishJoin(source.Ref); err != nil {
		return err
	}
	e.startTending()
	e.startReplication()
	return nil
}

// beginCopy takes the picture of the source that a replica begins with, and sets from which change on each Region sends
// to it: what the source does not have yet comes from its own Region later.
func (e *Engine) beginCopy(source, t *catalog.Table) (*storage.Snapshot, error) {
	e.repl.round.Lock()
	defer e.repl.round.Unlock()
	until := e.tend.clock.latest()
	e.latches.barrier()
	for _, ref := range source.Siblings() {
		s := e.catalog.Table(ref)
		if s == nil || s.ID == t.ID {
			continue
		}
		at, err := e.cursor(replicaPair{s.ID, source.ID})
		if err == nil {
			err = errors.Join(e.keepCursor(replicaPair{s.ID, t.ID}, at), e.keepCursor(replicaPair{t.ID, s.ID}, until))
		}
		if err != nil {
			return nil, err
		}
	}
	err := errors.Join(e.keepCursor(replicaPair{source.ID, t.ID}, until), e.keepCursor(replicaPair{t.ID, source.ID}, until))
	if err != nil {
		return nil, err
	}
	return e.store.Snapshot(), nil
}

// copyKeys copies the entries of a span that are no rows.
func (e *Engine) copyKeys(ctx context.Context, r storage.Reader, from storage.Span, to rowKeyOf) error {
	w := bulkWriter{s: e.store}
	defer w.close()
	err := eachRow(ctx, r, from, func(rest, value []byte) error {
		if len(value) == binary.Size(uint64(0)) {
			w.batch().Set(to(nil, rest), value)
		}
		return w.flush()
	})
	if err != nil {
		return err
	}
	return w.finish()
}

// finishJoin makes the table a replica was made from active again.
func (e *Engine) finishJoin(ref catalog.Ref) error {
	_, err := e.catalog.Update(ref, func(t *catalog.Table) error {
		t.Status, t.Due = catalog.Active, time.Time{}
		if e.realistic() {
			t.Status, t.Due = catalog.Updating, e.opts.Clock().Add(realisticTableDelay)
		}
		return nil
	})
	return err
}

// abandonJoin makes the table active again where there is no replica after all, and has its Region leave.
func (e *Engine) abandonJoin(ref catalog.Ref, region string) error {
	_, err := e.catalog.Update(ref, func(t *catalog.Table) error {
		t.Status, t.Due = catalog.Active, time.Time{}
		return nil
	})
	if err != nil {
		return err
	}
	return e.leave(ref, region)
}

// resumeReplicas takes up what an earlier process left unfinished and starts replication where there are replicas.
func (e *Engine) resumeReplicas() error {
	e.repl.wake = make(chan struct{}, 1)
	sends := false
	for _, t := range e.catalog.All() {
		if t.Replication == nil {
			continue
		}
		sends = sends || t.SendsChanges()
		if t.Replication.Filling != "" {
			if err := e.clearTable(t); err != nil {
				return err
			}
			e.job(func(ctx context.Context) { e.report("a new replica", t.Name, e.makeReplica(ctx, t)) })
		}
		if err := e.dropMissing(t); err != nil {
			return err
		}
	}
	if sends {
		e.startReplication()
	}
	return nil
}

// dropMissing takes Regions out of a global table that a process announced and did not live to make.
func (e *Engine) dropMissing(t *catalog.Table) error {
	for _, ref := range t.Siblings() {
		if e.catalog.Table(ref) != nil {
			continue
		}
		if t.Status == catalog.Updating {
			return e.abandonJoin(t.Ref, ref.Region)
		}
		if err := e.leave(t.Ref, ref.Region); err != nil {
			return err
		}
	}
	return nil
}
