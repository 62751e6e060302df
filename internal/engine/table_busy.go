package engine

import (
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// What a table that is changing refuses depends on what changes and on what is asked (docs/api-quirks: DDB-TABLE-119, 163, 286, 369 and 376). With
// the instant life cycle only a large index is ever seen coming.

const stillInUse = "Attempt to change a resource which is still in use: "

// mayUpdate refuses an update while the table comes, goes or makes a change that does not allow it.
func (c *call) mayUpdate(t *catalog.Table, in *updateTableInput) error {
	switch {
	case t.Status == catalog.Creating && c.phaseOf(t) == phaseFilling:
		return errTableNotFound(t.Name)
	case t.Status == catalog.Creating, t.Status == catalog.Deleting:
		return errBusy(t)
	}
	for _, u := range in.GlobalSecondaryIndexUpdates {
		name := u.named()
		if x := t.Index(name); x != nil && x.Status == catalog.Updating {
			return errInUse(stillInUse + "Index is being updated. Table: " + t.Name + " Index: " + name) // DDB-TABLE-135
		}
	}
	switch {
	case t.Status != catalog.Updating:
		return nil
	case t.Replication != nil:
		return errInUse("The resource which you are attempting to change is in use.")
	}
	a := in.asks()
	if a.protection || a.warm || a.sse || a.disassociation {
		return nil
	}
	if err := indexMoving(t, a, in); err != nil {
		return err
	}
	h, err := historyOf(t)
	if err != nil {
		return err
	}
	if words := h.Doing.refuses(t, a); words != "" {
		return errInUse(stillInUse + words)
	}
	return nil
}

// indexMoving refuses what cannot be done while an index is allocated or leaves.
func indexMoving(t *catalog.Table, a asked, in *updateTableInput) error {
	for _, x := range t.Indexes {
		doing := map[catalog.Status]string{catalog.Creating: "created", catalog.Deleting: "deleted"}[x.Status]
		if doing == "" {
			continue
		}
		where := " Table: " + t.Name + " Indexes: [" + x.Name + "]"
		switch {
		case a.iops || a.billing:
			return errInUse(stillInUse + "Can't change table IOPS when an index is being " + doing + "." + where)
		case a.stream:
			return errInUse(stillInUse + "Can't change stream status when an index is being " + doing + "." + where)
		case a.class:
			return errInUse(stillInUse + "Can't update table class when an index is being " + doing + "." + where)
		case a.limits && x.Status == catalog.Deleting:
			return errInUse(stillInUse + "OnDemandThroughput cannot be updated while index deletion is in progress for indexes: [" + x.Name + "]")
		}
		for _, u := range in.VectorIndexUpdates {
			if x.Status == catalog.Creating && u.Delete != nil && u.Delete.IndexName == x.Name {
				return errAllocating(t, x)
			}
		}
		for _, u := range in.GlobalSecondaryIndexUpdates {
			where := " Table: " + t.Name + " Index: " + x.Name
			deleting := x.Status == catalog.Deleting
			switch {
			case deleting && (u.Create != nil && u.Create.IndexName == x.Name || u.Delete != nil && u.Delete.IndexName == x.Name):
				return errInUse(stillInUse + "Index is being deleted." + where)
			case !deleting && u.Delete != nil && u.Delete.IndexName == x.Name:
				return errAllocating(t, x)
			case !deleting && u.Update != nil && u.Update.IndexName == x.Name:
				return errInUse(stillInUse + "Index is being created but is not backfilling yet. " + where)
			}
		}
	}
	return nil
}

func errAllocating(t *catalog.Table, x *catalog.Index) error {
	return errInUse(stillInUse + "Index creation is in resource allocation phase. Retry deletion during backfilling phase or when the index is active. Table: " + t.Name + " Index: " + x.Name)
}

// doing is the change a table is UPDATING for.
type doing struct {
	What   string `json:",omitempty"` // iops, billing, stream, class
	Detail string `json:",omitempty"` // ENABLE or DISABLE of a stream; the table class
}

// refuses tells why a change is refused while this one is made; empty when it is not.
func (d doing) refuses(t *catalog.Table, a asked) string {
	where := " Table: " + t.Name
	stream := where + " Stream: " + t.Stream.Label + " Operation: " + d.Detail
	class := where + " TableClassUpdateInProgress: " + d.Detail
	iops := d.What == "iops" || d.What == "billing"
	switch {
	case iops && (a.iops || a.billing || a.indexSettings):
		return "Table IOPS are currently being updated." + where
	case iops && a.stream:
		return "Can't enable or disable stream while table IOPS are being updated." + where
	case iops && a.class:
		return "Can't update table class while table IOPS are being updated." + where
	case iops && (a.index || a.vector):
		return "Can't create or delete index while table IOPS are being updated." + where
	case d.What == "billing" && a.limits:
		return "OnDemandThroughput cannot be updated while BillingMode update is in progress"
	case d.What == "stream" && a.stream:
		return "A stream status change is currently in progress." + stream
	case d.What == "stream" && (a.iops || a.billing):
		return "Can't change table IOPS when stream status is being updated." + stream
	case d.What == "stream" && a.class:
		return "Can't update table class when stream status is being updated." + stream
	case d.What == "stream" && (a.index || a.vector):
		return "Can't create or delete index when stream status is being updated." + stream
	case d.What == "stream" && a.limits:
		return "OnDemandThroughput cannot be updated while stream status update is in progress"
	case d.What == "class" && a.class:
		return "Can't update table class when a table class update is in progress." + class
	case d.What == "class" && a.stream:
		return "Can't change stream status when a table class update is in progress." + class
	case d.What == "class" && (a.iops || a.billing):
		return "Can't change table IOPS when a table class update is in progress." + class
	case d.What == "class" && (a.index || a.vector):
		return "Can't create or delete index when a table class update is in progress." + class
	case d.What == "class" && a.limits:
		return "OnDemandThroughput cannot be updated while TableClass update is in progress. TableClassUpdateInProgress: " + d.Detail
	}
	return ""
}

// mayDeleteNow refuses to delete a table while it or something of it changes.
func (c *call) mayDeleteNow(t *catalog.Table) error {
	h, err := historyOf(t)
	switch {
	case err != nil:
		return err
	case t.Status == catalog.Creating, t.Status == catalog.Deleting:
		return errBusy(t)
	case c.taggedJustNow(t):
		return errInUse(stillInUse + "Table tags are being updated: " + t.Name)
	case c.pendingPolicy(t):
		return errInUse(stillInUse + "Table: " + t.Name + " has a pending resource-based policy update.")
	}
	for _, x := range t.Indexes {
		if x.Status != catalog.Active {
			return errInUse(stillInUse + "Cannot delete table while indexes are being created, updated, or deleted.")
		}
	}
	switch {
	case t.Status == catalog.Updating && t.Replication != nil:
		return errInUse("The resource which you are attempting to change is in use.")
	case t.Status == catalog.Updating && h.Doing.What == "stream":
		return errInUse(stillInUse + "Cannot delete table while stream is being enabled/disabled.")
	case t.Status == catalog.Updating, c.changingSSE(h), c.e.realistic() && c.now.Before(h.Warm.Add(warming)):
		return errInUse(stillInUse + "Table: " + t.Name + " is in the process of being updated.")
	}
	return nil
}
