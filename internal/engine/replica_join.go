package engine

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// A new replica is a table of another Region that is CREATING while the rows are copied into it. Changes made meanwhile
// wait in the logs and follow.

func errReplicaExists(name string) error {
	return validation("Failed to create a the new replica of table with name: ‘" + name + "’ because one or more replicas already existed as tables.")
}

// createReplica adds a Region to a table.
func (c *call) createReplica(t *catalog.Table, s *replicaSettings) (*tableDescriptionOutput, error) {
	if err := c.canReplicate(t); err != nil {
		return nil, err
	}
	replica, err := c.newReplica(t, s, false)
	if err != nil {
		return nil, err
	}
	e := c.e
	if err := e.joinRegion(t.Ref, s.RegionName, c.now); err != nil {
		return nil, err
	}
	e.latches.barrier() // from here on every write is in the log with its version
	joined := e.catalog.Table(t.Ref)
	replica.Replication.Regions, replica.Replication.Created = joined.Replication.Regions, joined.Replication.Created
	if _, err := e.addPending(replica, nil); err != nil {
		return nil, errors.Join(err, e.finishJoin(t.Ref, s.RegionName, false))
	}
	out, err := c.afterReplicas(t.Ref, s.RegionName)
	if err != nil {
		return nil, err
	}
	e.work(c, func(ctx context.Context) { e.report("a new replica", replica.Name, e.makeReplica(ctx, replica)) })
	return out, nil
}

// canReplicate checks what a table must be to have replicas.
func (c *call) canReplicate(t *catalog.Table) error {
	if c.e.jobs.bulkOn(t) {
		return errInUse("Attempt to change a resource which is still in use: A bulk operation writes to table " + t.Name)
	}
	if t.OnDemand {
		return nil
	}
	return writesScaled(t)
}

// newReplica makes the definition of a table's replica in another Region: keys, indexes, capacity, time to live and
// stream as in the source. Tags, policies, deletion protection and recovery are each Region's own.
func (c *call) newReplica(t *catalog.Table, s *replicaSettings, strong bool) (*catalog.Table, error) {
	ref := catalog.Ref{Namespace: t.Namespace, Region: s.RegionName, Name: t.Name}
	if c.e.catalog.Table(ref) != nil {
		return nil, errReplicaExists(t.Name)
	}
	n := t.Clone()
	n.Ref, n.Created, n.DeletionProtection, n.DisassociationProtection = ref, c.now.UTC(), false, !strong
	view := "NEW_AND_OLD_IMAGES"
	if t.Stream.Enabled {
		view = t.Stream.View // any one, and the replica's too (DDB-TABLE-305)
	}
	n.Stream = catalog.Stream{Enabled: true, View: view, Label: c.now.UTC().Format(streamLabelLayout)}
	if strong {
		n.Stream = catalog.Stream{}
	}
	n.Extensions = catalog.Extensions{
		TTL: t.TTL, Replication: &catalog.Replication{Version: catalog.GlobalCurrent, Strong: strong, Filling: t.Region, Source: t.Region},
	}
	if scaling, ok := t.More[scalingSetting]; ok {
		n.More = map[string]json.RawMessage{scalingSetting: scaling}
	}
	if err := checkReplicaKey(t, s.KMSMasterKeyID); err != nil {
		return nil, err
	}
	if t.SSE != nil && s.KMSMasterKeyID == "" {
		if err := setSSE(n, &sseSpecification{Enabled: &t.SSE.Enabled}); err != nil {
			return nil, err
		}
	}
	for _, x := range n.Indexes {
		x.Backfilling = false
	}
	forgetChanges(n)
	made := *s
	if t.OnDemand {
		made.ProvisionedThroughputOverride = nil // passed over (DDB-TABLE-223)
	}
	made.GlobalSecondaryIndexes = slices.DeleteFunc(slices.Clone(s.GlobalSecondaryIndexes), func(x replicaIndexSettings) bool {
		own := n.Index(x.IndexName)
		return own == nil || own.Local // passed over too (DDB-TABLE-307)
	})
	return n, overrideReplica(n, &made)
}

// joinRegion makes a table one of a global table with another Region, or adds the Region to the one it is in.
func (e *Engine) joinRegion(ref catalog.Ref, region string, now time.Time) error {
	t, err := e.catalog.Update(ref, func(t *catalog.Table) error {
		if t.Status != catalog.Active {
			return errBusy(t)
		}
		t.Status, t.Due = catalog.Updating, now.Add(pendingDue)
		if !t.Stream.Enabled {
			on := true
			if err := setStream(t, &streamSpecification{&on, "NEW_AND_OLD_IMAGES"}, now, e.tend.clock.latest()); err != nil {
				return err
			}
		}
		r := t.Replication.Clone()
		if r == nil {
			r = &catalog.Replication{Version: catalog.GlobalCurrent, Regions: []string{t.Region}, Created: now.UTC()}
			t.DisassociationProtection = true
		}
		r.Regions, r.Sourced = append(r.Regions, region), now.UTC()
		t.Replication = r
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range t.Siblings() {
		if s.Region != region {
			if err := e.setRegions(s, t.Replication.Regions); err != nil {
				return err
			}
		}
	}
	return nil
}

// setRegions tells a replica which Regions its global table has.
func (e *Engine) setRegions(ref catalog.Ref, regions []string) error {
	_, err := e.catalog.Update(ref, func(t *catalog.Table) error {
		if r := t.Replication.Clone(); r != nil {
			r.Regions = slices.Clone(regions)
			t.Replication = r
		}
		return nil
	})
	if errors.Is(err, catalog.ErrNotFound) {
		return nil
	}
	return err
}

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
	if err := e.finishJoin(source.Ref, t.Region, true); err != nil {
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
			err = errors.Join(e.moveCursor(replicaPair{s.ID, t.ID}, at, true), e.moveCursor(replicaPair{t.ID, s.ID}, until, true))
		}
		if err != nil {
			return nil, err
		}
	}
	err := errors.Join(e.moveCursor(replicaPair{source.ID, t.ID}, until, true), e.moveCursor(replicaPair{t.ID, source.ID}, until, true))
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
		return w.flush(false)
	})
	if err != nil {
		return err
	}
	return w.flush(true)
}

// finishJoin makes the table a replica was made from active again; if there is no new replica after all, its Region
// leaves.
func (e *Engine) finishJoin(ref catalog.Ref, region string, joined bool) error {
	_, err := e.catalog.Update(ref, func(t *catalog.Table) error {
		t.Status, t.Due = catalog.Active, time.Time{}
		if joined && e.realistic() {
			t.Status, t.Due = catalog.Updating, e.opts.Clock().Add(realisticTableDelay)
		}
		return nil
	})
	if err == nil && !joined {
		err = e.leave(ref, region)
	}
	return err
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
			return e.finishJoin(t.Ref, ref.Region, false)
		}
		if err := e.leave(t.Ref, ref.Region); err != nil {
			return err
		}
	}
	return nil
}
