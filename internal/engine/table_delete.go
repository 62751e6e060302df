package engine

import (
	"errors"
	"slices"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

type deleteTableInput struct {
	TableName string `wire:"TableName,required,alone,table"`
}

func deleteTable(c *call, in *deleteTableInput) (*tableDescriptionOutput, error) {
	t, err := c.anyTable(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := c.mayDeleteNow(t); err != nil {
		return nil, err
	}
	if t.DeletionProtection && t.Replication != nil {
		return nil, errProtectedReplica(t)
	}
	if t.DeletionProtection {
		return nil, errProtected()
	}
	if err := c.mayDelete(t); err != nil {
		return nil, err
	}
	d, err := c.e.describe(t)
	if err != nil {
		return nil, err
	}
	d.TableStatus = string(catalog.Deleting)
	d.leaving()
	keep := c.keeping()
	if keep != nil {
		d.ArchivalSummary = keep.summary(t, c.now)
	}
	if c.e.realistic() {
		_, err = c.e.catalog.Update(t.Ref, func(t *catalog.Table) error {
			t.Status, t.Due = catalog.Deleting, c.now.Add(realisticTableDelay)
			if keep != nil {
				return t.SetSetting(snapshotSetting, keep)
			}
			return nil
		})
	} else {
		err = c.e.dropTable(t.Ref, keep)
	}
	if errors.Is(err, catalog.ErrNotFound) {
		return nil, errTableNotFound(t.Name)
	}
	if err != nil {
		return nil, err
	}
	return &tableDescriptionOutput{d}, nil
}

// leaving takes out of a description what the service does not tell of a table that is being deleted, neither in the answer of DeleteTable nor in
// DescribeTable: keys, indexes and when it was made (API reference, DeleteTable: example; answers recorded by cloud-custodian and in transcripts of 2016 to 2025).
func (d *tableDescription) leaving() {
	d.CreationDateTime, d.AttributeDefinitions, d.KeySchema, d.WarmThroughput = time.Time{}, nil, nil, nil
	d.GlobalSecondaryIndexes, d.LocalSecondaryIndexes, d.VectorIndexes = nil, nil, nil
}

// dropTable removes a table with everything in it; keep leaves a snapshot.
func (e *Engine) dropTable(r catalog.Ref, keep *keeping) error {
	if err := e.leaveAll(r); err != nil {
		return err
	}
	t, err := e.takeOut(r, keep)
	if err != nil {
		return err
	}
	e.forgetInsights()
	if err := e.streamsEnd(t); err != nil {
		return err
	}
	e.report("the backup of a deleted table", t.Name, e.systemBackup(e.ctx, t))
	if keep != nil {
		e.report("removing old snapshots", t.Name, e.pruneSnapshots(keep.Most))
		return e.catalog.PurgeKeepingRows(t)
	}
	return e.catalog.Purge(t.Spaces()...)
}

// takeOut takes a table out of the catalogue and waits until nobody writes to it any more. A snapshot begins to be there
// with the same batch; nobody restores it before its last write.
func (e *Engine) takeOut(r catalog.Ref, keep *keeping) (*catalog.Table, error) {
	if keep == nil {
		t, err := e.catalog.DropKeeping(r, e.lastOf(r), nil)
		if err == nil {
			e.latches.barrier()
		}
		return t, err
	}
	e.tend.backups.Lock()
	defer e.tend.backups.Unlock()
	t, err := e.catalog.DropKeeping(r, e.lastOf(r), func(t *catalog.Table, b *storage.Batch) error { return e.keepTable(keep, t, b) })
	if err != nil {
		return nil, err
	}
	e.latches.barrier()
	e.report("counting a snapshot", t.Name, e.countKept(keep, t))
	return t, nil
}

// errBusy is the refusal of a change while another is under way.
func errBusy(t *catalog.Table) error {
	doing := map[catalog.Status]string{catalog.Creating: "created", catalog.Updating: "updated", catalog.Deleting: "deleted"}[t.Status]
	return errInUse("Attempt to change a resource which is still in use: Table is being " + doing + ": " + t.Name)
}

// dropIndex takes an index out of a table and removes its entries.
func (e *Engine) dropIndex(r catalog.Ref, name string) error {
	t := e.catalog.Table(r)
	if t == nil || t.Index(name) == nil {
		return nil
	}
	id := t.Index(name).ID
	_, err := e.catalog.UpdateWith(r, func(t *catalog.Table, b *storage.Batch) error {
		catalog.DropSpaces(b, id)
		t.Indexes = slices.DeleteFunc(t.Indexes, func(x *catalog.Index) bool { return x.ID == id })
		pruneDefinitions(t)
		settleTable(t)
		return nil
	})
	if err != nil {
		return err
	}
	e.latches.barrier()
	e.forgetInsights()
	return e.catalog.Purge(id)
}

// pruneDefinitions removes the definitions that no key uses any more.
func pruneDefinitions(t *catalog.Table) {
	used := t.Key.Attributes()
	for _, x := range t.Indexes {
		used = append(used, x.Defined()...)
	}
	t.Attributes = slices.DeleteFunc(t.Attributes, func(a catalog.KeyAttribute) bool { return !slices.Contains(used, a) })
}
