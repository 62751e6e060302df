package engine

import (
	"slices"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// The answer of UpdateTable is not what the table will be (docs/api-quirks: DDB-TABLE-060, 165, 177 and 179): what takes its time shows the old
// values, some changes are made at once under an ACTIVE table, and even a change to what was there before says UPDATING.

// lasts reports whether what is asked makes a table UPDATING. The settings of an index make only the index so (DDB-TABLE-148 and 165).
func (a asked) lasts() bool {
	return a.class || a.stream || a.iops || a.billing || a.index || a.vector
}

// updating makes the answer of an update out of the description of the changed table and the one of before.
func (d *tableDescription) updating(before *tableDescription, in *updateTableInput, now time.Time) {
	a := in.asks()
	if a.lasts() {
		d.TableStatus = string(catalog.Updating)
	}
	toDemand := in.BillingMode == "PAY_PER_REQUEST" && before.ProvisionedThroughput.ReadCapacityUnits != 0
	switch fromDemand := before.ProvisionedThroughput.ReadCapacityUnits == 0; {
	case a.iops && !fromDemand:
		d.ProvisionedThroughput.showOld(before.ProvisionedThroughput)
	case toDemand: // told in this answer and in no other, as the increase of the way back (DDB-TABLE-055, 064 and 183; AWS CLI, update-table: example 1)
		d.ProvisionedThroughput.LastDecreaseDateTime = now.UTC()
	case a.iops:
		d.ProvisionedThroughput.LastIncreaseDateTime = now.UTC()
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

// showOld shows throughput as it was, and the count of decreases with it; when it changed is told at once (DDB-TABLE-060 and 184).
func (d *throughputDescription) showOld(before *throughputDescription) {
	d.ReadCapacityUnits, d.WriteCapacityUnits, d.NumberOfDecreasesToday = before.ReadCapacityUnits, before.WriteCapacityUnits, before.NumberOfDecreasesToday
}

// updatingIndex shows an index whose settings change as it was. Warm throughput changes behind an index that stays ACTIVE (DDB-TABLE-155); with the
// billing mode of the table the new throughput is shown (DDB-TABLE-165).
func (d *tableDescription) updatingIndex(before *tableDescription, u *indexSettingsUpdate) {
	named := func(g globalIndexDescription) bool { return g.IndexName == u.IndexName }
	i, j := slices.IndexFunc(d.GlobalSecondaryIndexes, named), slices.IndexFunc(before.GlobalSecondaryIndexes, named)
	if i < 0 || j < 0 {
		return
	}
	g, old := &d.GlobalSecondaryIndexes[i], before.GlobalSecondaryIndexes[j]
	if u.moves() {
		g.IndexStatus = string(catalog.Updating)
	}
	if u.ProvisionedThroughput != nil && old.ProvisionedThroughput.ReadCapacityUnits != 0 {
		g.ProvisionedThroughput.showOld(old.ProvisionedThroughput)
	}
	if u.WarmThroughput.given() {
		shown := *old.WarmThroughput
		shown.Status = string(catalog.Updating)
		g.WarmThroughput = &shown
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
	show := func(name string, d **warmDescription) {
		if w, ok := h.Warming[name]; ok && *d != nil && now.Before(w.At.Add(warming)) {
			*d = &warmDescription{w.Was.Read, w.Was.Write, string(catalog.Updating)}
		}
	}
	show("", &d.WarmThroughput)
	for i := range d.GlobalSecondaryIndexes {
		g := &d.GlobalSecondaryIndexes[i]
		show(g.IndexName, &g.WarmThroughput)
	}
	return nil
}
