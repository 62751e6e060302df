package engine

import "github.com/ddb-cli/ddb/internal/engine/catalog"

// An index that UpdateTable adds goes through two phases (Developer Guide, "Managing global secondary indexes"): while its
// resources are allocated the table is UPDATING and Backfilling is false; then the table is ACTIVE again, Backfilling is
// true, and other changes of the table are taken. An index made with its table has the table's state and no Backfilling.

// indexState is the state of an index as DescribeTable shows it.
func indexState(t *catalog.Table, x *catalog.Index) (status string, backfilling *bool) {
	switch _, restored := restoredFrom(t); {
	case restored && x.Vector == nil:
		return "", nil // of an index that is being restored it is not told (DDB-TABLE-282)
	case t.Status == catalog.Creating:
		return string(catalog.Creating), nil
	case x.Status == catalog.Creating:
		filling := t.Status == catalog.Active
		return string(x.Status), &filling
	}
	return string(x.Status), nil
}

// otherIndexMoves reports whether an index besides those of a request comes or goes. One that is being filled may be
// deleted, and settings of one change beside the others (DDB-TABLE-159).
func otherIndexMoves(t *catalog.Table, created, deleted string) bool {
	for _, x := range t.Indexes {
		if x.Status != catalog.Active && x.Status != catalog.Updating && x.Name != created && x.Name != deleted {
			return true
		}
	}
	return false
}

// creating shows a new table with all that belongs to it as CREATING, as the answer of CreateTable does. Warm throughput is told from the first
// DescribeTable on, but for one that was asked for (DDB-TABLE-032, 033, 134 and 138).
func (d *tableDescription) creating(warm bool) {
	const status = string(catalog.Creating)
	d.TableStatus = status
	if warm {
		d.WarmThroughput.Status = string(catalog.Updating)
	} else {
		d.WarmThroughput = nil
	}
	if d.BillingModeSummary != nil {
		d.BillingModeSummary = &billingModeSummary{BillingMode: d.BillingModeSummary.BillingMode} // the time is told from the first DescribeTable on
	}
	for i := range d.GlobalSecondaryIndexes {
		g := &d.GlobalSecondaryIndexes[i]
		g.WarmThroughput = nil
		if g.IndexStatus != "" {
			g.IndexStatus = status
		}
	}
	for i := range d.VectorIndexes {
		d.VectorIndexes[i].IndexStatus = status
	}
}

// allocating shows a new index in its first phase, as the answer of UpdateTable does.
func (d *tableDescription) allocating(index string) {
	no := false
	for i := range d.GlobalSecondaryIndexes {
		if g := &d.GlobalSecondaryIndexes[i]; g.IndexName == index {
			g.Backfilling = &no
		}
	}
	for i := range d.VectorIndexes {
		if v := &d.VectorIndexes[i]; v.IndexName == index {
			v.Backfilling = &no
		}
	}
}
