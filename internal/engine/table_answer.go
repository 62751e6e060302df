package engine

import (
	"slices"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// The answer of UpdateTable is not what the table will be (docs/api-quirks: DDB-TABLE-060, 165, 177 and 179): what takes its time shows the old
// values, some changes are made at once under an ACTIVE table, and even a change to what was there before says UPDATING.

// lasts reports whether what is asked makes a table UPDATING.
func (a asked) lasts() bool {
	return a.class || a.stream || a.iops || a.billing || a.index || a.indexSettings || a.vector
}

// updating makes the answer of an update out of the description of the changed table and the one of before.
func (d *tableDescription) updating(before *tableDescription, in *updateTableInput) {
	a := in.asks()
	if a.lasts() {
		d.TableStatus = string(catalog.Updating)
	}
	if a.iops && d.ProvisionedThroughput.ReadCapacityUnits != 0 && before.ProvisionedThroughput.ReadCapacityUnits != 0 {
		d.ProvisionedThroughput.ReadCapacityUnits = before.ProvisionedThroughput.ReadCapacityUnits
		d.ProvisionedThroughput.WriteCapacityUnits = before.ProvisionedThroughput.WriteCapacityUnits
	}
	if b := d.BillingModeSummary; b != nil && (before.BillingModeSummary == nil || before.BillingModeSummary.BillingMode != b.BillingMode) {
		d.BillingModeSummary = &billingModeSummary{BillingMode: b.BillingMode} // the time comes with the first description
	}
	if a.class {
		d.TableClassSummary = before.TableClassSummary
	}
	if a.sse {
		shown := sseDescription{}
		if before.SSEDescription != nil {
			shown = *before.SSEDescription
		}
		shown.Status = string(catalog.Updating)
		d.SSEDescription = &shown
	}
	if a.warm {
		shown := *before.WarmThroughput
		shown.Status = string(catalog.Updating)
		d.WarmThroughput = &shown
	}
	for _, u := range in.GlobalSecondaryIndexUpdates {
		if u.Update != nil {
			d.updatingIndex(before, u.Update)
		}
	}
	d.showRemoved(in.OnDemandThroughput)
}

// updatingIndex shows an index whose settings change as it was.
func (d *tableDescription) updatingIndex(before *tableDescription, u *indexSettingsUpdate) {
	named := func(g globalIndexDescription) bool { return g.IndexName == u.IndexName }
	i, j := slices.IndexFunc(d.GlobalSecondaryIndexes, named), slices.IndexFunc(before.GlobalSecondaryIndexes, named)
	if i < 0 || j < 0 {
		return
	}
	d.GlobalSecondaryIndexes[i].IndexStatus = string(catalog.Updating)
	if u.ProvisionedThroughput != nil {
		d.GlobalSecondaryIndexes[i].ProvisionedThroughput = before.GlobalSecondaryIndexes[j].ProvisionedThroughput
	}
}

// showRemoved shows a limit that an update removed as -1; DescribeTable leaves it out.
func (d *tableDescription) showRemoved(in *onDemandThroughput) {
	if !in.given() {
		return
	}
	shown := onDemandThroughput{}
	if d.OnDemandThroughput != nil {
		shown = *d.OnDemandThroughput
	}
	if in.MaxReadRequestUnits != nil {
		shown.MaxReadRequestUnits = in.MaxReadRequestUnits
	}
	if in.MaxWriteRequestUnits != nil {
		shown.MaxWriteRequestUnits = in.MaxWriteRequestUnits
	}
	d.OnDemandThroughput = &shown
}

// warming is how long warm throughput is UPDATING under a realistic life cycle; the service takes minutes.
const warming = realisticIndexDelay

// describeHistory shows changes that go on behind an active table.
func (e *Engine) describeHistory(t *catalog.Table, d *tableDescription) error {
	if !e.realistic() {
		return nil
	}
	h, err := historyOf(t)
	if err != nil {
		return err
	}
	now := e.opts.Clock()
	if n := len(h.SSE); n > 0 && now.Before(h.SSE[n-1].Add(sseDelay)) {
		if d.SSEDescription == nil {
			d.SSEDescription = &sseDescription{}
		}
		d.SSEDescription.Status = string(catalog.Updating)
	}
	if h.Warm.After(time.Time{}) && now.Before(h.Warm.Add(warming)) {
		d.WarmThroughput.Status = string(catalog.Updating)
	}
	return nil
}
