package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// sourceRest is how long the table a replica was made from cannot be deleted (developer guide, "Global tables").
const sourceRest = 24 * time.Hour

// removeReplica deletes a Region's table and takes the Region out of the global table. The answer shows it as it was (DDB-TABLE-204).
func (c *call) removeReplica(t *catalog.Table, region string) (*tableDescriptionOutput, error) {
	s := c.e.member(t, region)
	if s == nil {
		return nil, errNotMember(region)
	}
	if c.sourced(s) {
		return nil, errSource()
	}
	if s.DeletionProtection {
		return nil, errProtectedReplica(s)
	}
	out, err := c.afterReplicas(t.Ref)
	if err != nil {
		return nil, err
	}
	if err := c.dropMember(s); err != nil {
		return nil, err
	}
	return out, c.updating(t.Ref)
}

// updating makes a table UPDATING for a while when the life cycle is realistic, as a change of its replicas does.
func (c *call) updating(ref catalog.Ref) error {
	if !c.e.realistic() {
		return nil
	}
	_, err := c.e.catalog.Update(ref, func(t *catalog.Table) error {
		t.Status, t.Due = catalog.Updating, c.now.Add(realisticTableDelay)
		return nil
	})
	return err
}

// errProtectedReplica refuses to delete a replica that is protected in its own Region (DDB-TABLE-297).
func errProtectedReplica(t *catalog.Table) error {
	return validation("Cannot delete table " + t.Name + " in region " + t.Region + " because it has deletion protection enabled. Disable deletion protection first.")
}

// sourced reports whether a replica that is still there was made from this one lately (DDB-TABLE-266 and 267).
func (c *call) sourced(t *catalog.Table) bool {
	for _, ref := range t.Siblings() {
		s := c.e.catalog.Table(ref)
		if s != nil && s.Replication != nil && s.Replication.Source == t.Region && c.now.Sub(s.Created) < sourceRest {
			return true
		}
	}
	return false
}

func errSource() error {
	return validation("Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the table in the last 24 hours.")
}

func errProtected() error {
	return validation("Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
}

// member finds the table of a global table in another Region; nil when the Region is none of its.
func (e *Engine) member(t *catalog.Table, region string) *catalog.Table {
	if t.Replication == nil || !slices.Contains(t.Replication.Regions, region) {
		return nil
	}
	return e.catalog.Table(catalog.Ref{Namespace: t.Namespace, Region: region, Name: t.Name})
}

// dropMember deletes the table of a Region at once, or when the life cycle is realistic some time after the table that was asked is active again.
func (c *call) dropMember(s *catalog.Table) error {
	if !c.e.realistic() {
		return c.e.dropTable(s.Ref, nil)
	}
	_, err := c.e.catalog.Update(s.Ref, func(t *catalog.Table) error {
		t.Status, t.Due = catalog.Deleting, c.now.Add(2*realisticTableDelay)
		return nil
	})
	return err
}

// mayDelete checks whether a replica may be deleted by DeleteTable.
func (c *call) mayDelete(t *catalog.Table) error {
	switch r := t.Replication; {
	case r == nil:
		return nil
	case r.Strong:
		return validation(msgOneReplica)
	case c.sourced(t):
		return errSource()
	}
	return nil
}

// leaveAll takes a table out of its global table before it is dropped. Its last changes reach the other Regions first.
func (e *Engine) leaveAll(ref catalog.Ref) error {
	t := e.catalog.Table(ref)
	if t == nil || t.Replication == nil {
		return nil
	}
	t, err := e.catalog.Update(ref, func(t *catalog.Table) error {
		t.Status = catalog.Deleting
		return nil
	})
	if err != nil {
		return err
	}
	return e.part(context.WithoutCancel(e.ctx), t)
}

// part ends replication to and from a table: what it changed is sent, then the other Regions go on without it.
func (e *Engine) part(ctx context.Context, t *catalog.Table) error {
	if t.SendsChanges() {
		if err := e.replicate(ctx); err != nil {
			return err
		}
	}
	for _, ref := range t.Siblings() {
		if err := e.leave(ref, t.Region); err != nil {
			return err
		}
		if s := e.catalog.Table(ref); s != nil {
			if err := e.dropCursors(s.ID, t.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// leave takes a Region out of the global table that the table at ref is in. The last table that remains is one of a
// single Region; its stream goes on.
func (e *Engine) leave(ref catalog.Ref, region string) error {
	_, err := e.catalog.UpdateWith(ref, func(t *catalog.Table, b *storage.Batch) error {
		r := t.Replication.Clone()
		if r == nil {
			return nil
		}
		r.Regions = slices.DeleteFunc(r.Regions, func(name string) bool { return name == region })
		t.Replication = r
		if len(r.Regions) < 2 && r.Version == catalog.GlobalCurrent {
			endReplication(t, b)
		}
		return nil
	})
	if errors.Is(err, catalog.ErrNotFound) {
		return nil
	}
	return err
}

// endReplication makes a table one of a single Region.
func endReplication(t *catalog.Table, b *storage.Batch) {
	t.Replication, t.DisassociationProtection = nil, false
	b.DeleteSpan(storage.VersionSpan(t.ID))
}

// disassociate makes the local replica a table of its own, with its items. Of two replicas the other one becomes one too.
func (c *call) disassociate(t *catalog.Table, d *disassociateReplica) (*tableDescriptionOutput, error) {
	switch r := t.Replication; {
	case r == nil:
		return nil, errNotMember(d.RegionName)
	case d.RegionName != c.region:
		return nil, invalidParameter("Only the local replica can be disassociated: send the request to " + d.RegionName)
	case r.Strong:
		return nil, invalidParameter("Disassociate is not supported by global tables with multi-Region strong consistency")
	case t.DisassociationProtection:
		return nil, validation("Replica cannot be disassociated as it is currently protected against disassociation. Disable disassociation protection first.")
	}
	out, err := c.afterReplicas(t.Ref)
	if err != nil {
		return nil, err
	}
	if err := c.e.part(c.ctx, t); err != nil {
		return nil, err
	}
	_, err = c.e.catalog.UpdateWith(t.Ref, func(t *catalog.Table, b *storage.Batch) error {
		endReplication(t, b)
		return nil
	})
	if err != nil {
		return nil, err
	}
	// Changes made between the last round and the parting stay here, as they would have after it.
	return out, nil
}
