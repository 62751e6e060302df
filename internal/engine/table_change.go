package engine

import (
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// tableChange is an update of one table: of the Region it was asked in, or of another that has the same settings.
type tableChange struct {
	c                *call
	ref              catalog.Ref
	in               *updateTableInput
	space            storage.SpaceID // of an index that comes
	created, deleted string          // the indexes that come and go
}

// changeTables applies a request to the definition of a table and to those of its replicas that are kept alike, all of it or nothing.
func (c *call) changeTables(t *catalog.Table, in *updateTableInput) ([]*tableChange, error) {
	changes := []*tableChange{{c: c, ref: t.Ref, in: in}}
	if t.SettingsAlike() {
		changes = append(changes, c.changesOfReplicas(t, in)...)
	}
	refs := make([]catalog.Ref, len(changes))
	for i, ch := range changes {
		var err error
		if ch.space, err = c.spaceForIndex(ch.in); err != nil {
			return nil, err
		}
		refs[i] = ch.ref
	}
	err := c.e.catalog.UpdateAll(refs, func(tables []*catalog.Table, _ *storage.Batch) error {
		if len(tables) < len(changes) {
			return errTableNotFound(t.Name)
		}
		for i, ch := range changes {
			if err := ch.change(tables[i]); err != nil {
				return err
			}
			if tables[i].Replication == nil {
				continue
			}
			if forgetOverrides(tables[i]); i > 0 {
				dropOverrides(tables[i], tables[0])
			}
		}
		return nil
	})
	for _, ch := range changes {
		if err == nil && ch.in.StreamSpecification != nil {
			err = c.e.streamChanged(ch.ref)
		}
	}
	return changes, err
}

// change applies the request to one definition.
func (ch *tableChange) change(t *catalog.Table) error {
	c, in := ch.c, ch.in
	if err := c.mayUpdate(t, in); err != nil {
		return err
	}
	before := t.Clone()
	if err := c.changeSettings(t, in); err != nil {
		return err
	}
	if err := c.noteChange(t, before, in); err != nil {
		return err
	}
	err := mayAddIndex(t, in)
	if err != nil {
		return err
	}
	if ch.created, ch.deleted, err = c.changeIndexes(t, in); err != nil {
		return err
	}
	if err := withinQuotas(t, before); err != nil {
		return err
	}
	if err := c.noteWarm(t, before, in); err != nil {
		return err
	}
	if x := t.Index(ch.created); x != nil {
		x.ID, x.Order, x.Status, x.Backfilling = ch.space, catalog.ServiceOrder, catalog.Creating, true
		if err := scaleNew(t, x); err != nil {
			return err
		}
	}
	if x := t.Index(ch.deleted); x != nil {
		x.Status = catalog.Deleting
		t.Status = catalog.Updating
	}
	if c.e.realistic() {
		c.delay(t, ch.created, ch.deleted, in)
	}
	return nil
}

// spaceForIndex takes a space id when the request creates an index; it is wasted if the request is refused.
func (c *call) spaceForIndex(in *updateTableInput) (id storage.SpaceID, err error) {
	for _, u := range in.GlobalSecondaryIndexUpdates {
		if u.Create != nil {
			return c.e.catalog.NewSpace()
		}
	}
	for _, u := range in.VectorIndexUpdates {
		if u.Create != nil {
			return c.e.catalog.NewSpace()
		}
	}
	return 0, nil
}

// delay gives the changes the time they take on the service. Some are made at once, and others behind an active table.
func (c *call) delay(t *catalog.Table, created, deleted string, in *updateTableInput) {
	if in.asks().lasts() {
		t.Status, t.Due = catalog.Updating, c.now.Add(realisticTableDelay)
		if t.LastOnDemand.Equal(c.now) { // the mode changes when the table is ACTIVE again (DDB-TABLE-064 and 183)
			t.LastOnDemand = t.Due.UTC()
		}
	}
	for _, x := range t.Indexes {
		if x.Name == created || x.Name == deleted {
			x.Due = c.now.Add(realisticIndexDelay)
		}
	}
	for _, u := range in.GlobalSecondaryIndexUpdates {
		if u.Update != nil && u.Update.moves() {
			x := t.Index(u.Update.IndexName)
			x.Status, x.Due = catalog.Updating, c.now.Add(realisticTableDelay)
		}
	}
}

func (c *call) changeSettings(t *catalog.Table, in *updateTableInput) error {
	if err := changeBilling(t, in, c.now); err != nil {
		return err
	}
	if in.OnDemandThroughput.given() {
		limit, err := changeLimit(in.OnDemandThroughput, t.OnDemandLimit, t.OnDemand, "")
		if err != nil {
			return err
		}
		t.OnDemandLimit = limit
	}
	if in.WarmThroughput.given() {
		warm, err := warmUnits(in.WarmThroughput, t.Warm, warmFloor(t.OnDemand, t.Provisioned), "")
		if err != nil {
			return err
		}
		t.Warm = warm
	}
	if in.StreamSpecification != nil {
		if err := setStream(t, in.StreamSpecification, c.now, c.e.tend.clock.latest()); err != nil {
			return err
		}
	}
	if in.SSESpecification != nil {
		if err := changeSSE(t, in.SSESpecification); err != nil {
			return err
		}
	}
	if in.TableClass != "" && in.TableClass != t.Class && (t.Class != "" || in.TableClass != "STANDARD") {
		t.Class, t.ClassUpdated = in.TableClass, c.now.UTC() // a table whose class was never set is STANDARD without saying so
	}
	if in.DeletionProtectionEnabled != nil {
		t.DeletionProtection = *in.DeletionProtectionEnabled
	}
	if in.Disassociation != nil {
		t.DisassociationProtection = *in.Disassociation
	}
	if in.SettingsReplication != "" {
		return t.SetSetting(modeSetting, in.SettingsReplication)
	}
	return nil
}

// afterUpdate starts what the new definition asks for and describes the table as the service does at this moment:
// UPDATING, with the index CREATING or DELETING.
func (c *call) afterUpdate(r catalog.Ref, created, deleted string) (*tableDescriptionOutput, error) {
	e := c.e
	t := e.catalog.Table(r)
	if t == nil {
		return nil, errTableNotFound(r.Name)
	}
	d, err := e.describe(t)
	if err != nil {
		return nil, err
	}
	d.allocating(created)
	if created != "" {
		done := make(chan struct{})
		e.latches.barrier() // from here on every write maintains the index
		e.background(func() {
			defer close(done)
			e.backfill(r, created)
		})
		if !e.realistic() {
			select {
			case <-done:
			case <-c.ctx.Done():
			case <-time.After(backfillWait):
			}
		}
	}
	if deleted != "" && !e.realistic() {
		if err := e.dropIndex(r, deleted); err != nil {
			return nil, err
		}
	}
	return &tableDescriptionOutput{d}, nil
}
