package engine

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
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
	replica, err := c.newReplica(t, s)
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
		return nil, errors.Join(err, e.abandonJoin(t.Ref, s.RegionName))
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
func (c *call) newReplica(t *catalog.Table, s *replicaSettings) (*catalog.Table, error) {
	ref := catalog.Ref{Namespace: t.Namespace, Region: s.RegionName, Name: t.Name}
	if c.e.catalog.Table(ref) != nil {
		return nil, errReplicaExists(t.Name)
	}
	n := t.Clone()
	n.Ref, n.Created, n.DeletionProtection, n.DisassociationProtection = ref, c.now.UTC(), false, true
	view := "NEW_AND_OLD_IMAGES"
	if t.Stream.Enabled {
		view = t.Stream.View // any one, and the replica's too (DDB-TABLE-305)
	}
	n.Stream = catalog.Stream{Enabled: true, View: view, Label: c.now.UTC().Format(streamLabelLayout)}
	n.Extensions = catalog.Extensions{
		TTL: t.TTL, Replication: &catalog.Replication{Version: catalog.GlobalCurrent, Filling: t.Region, Source: t.Region},
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

// newStrongReplica is newReplica for Regions of one state, which send each other no changes: such a replica has no stream.
func (c *call) newStrongReplica(t *catalog.Table, s *replicaSettings) (*catalog.Table, error) {
	n, err := c.newReplica(t, s)
	if err != nil {
		return nil, err
	}
	n.DisassociationProtection, n.Stream, n.Replication.Strong = false, catalog.Stream{}, true
	return n, nil
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
