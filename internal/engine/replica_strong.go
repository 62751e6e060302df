package engine

import (
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// A global table with multi-Region strong consistency has one state in all Regions: a write holds the latches of the
// item everywhere and changes every Region's table in its one batch.

// latchReplicas adds the latches of a write's item in the other Regions.
func (e *Engine) latchReplicas(set latchSet, w *write) latchSet {
	w.everywhere = true
	rest := storage.RowRest(w.key.row)
	for _, ref := range w.table.Siblings() {
		if t := e.catalog.Table(ref); t != nil {
			set = append(set, stripe(storage.RowKey(nil, t.ID, rest)))
		}
	}
	return set
}

// putReplicas stages a write in every Region.
func (e *Engine) putReplicas(c *call, b *storage.Batch, w *write) error {
	if !w.everywhere { // the table became one of several Regions while the write was under way
		return &apiError{
			Type:    "ReplicatedWriteConflictException",
			Message: "The request was rejected because one or more items in the request are being modified by a request in another Region.",
		}
	}
	rest := storage.RowRest(w.key.row)
	for _, ref := range w.table.Siblings() {
		t := e.catalog.Table(ref)
		if t == nil {
			continue
		}
		there := write{table: t, key: itemKey{row: storage.RowKey(nil, t.ID, rest)}, old: w.old, new: w.new}
		if err := e.put(c, b, &there); err != nil {
			return err
		}
	}
	return e.put(c, b, w)
}

// transactable refuses a table that takes no part in transactions (developer guide, "How DynamoDB global tables work").
func transactable(t *catalog.Table) error {
	if t.Replication != nil && t.Replication.Strong {
		return validation("Transactions are not supported by global tables with multi-Region strong consistency: " + t.Name)
	}
	return nil
}
