package engine

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

func invalidOverride(message string) error { return validation("Invalid Request: " + message) }

// overrideIndexes keeps the indexes the request names, each of which must be one of the source's by its keys and projection: an override can leave
// indexes out, change their capacity and give them other names, not define new ones (API reference, RestoreTableFromBackup; DDB-TABLE-280).
func overrideIndexes(t *catalog.Table, o *restoreOverrides) error {
	t.Indexes = slices.DeleteFunc(t.Indexes, func(x *catalog.Index) bool { return x.Status == catalog.Deleting })
	var kept []*catalog.Index
	for i := range o.GlobalSecondaryIndexOverride {
		g := &o.GlobalSecondaryIndexOverride[i]
		x, err := takeIndex(t, kept, indexOverride{name: g.IndexName, key: g.KeySchema, projection: g.Projection})
		if err != nil {
			return err
		}
		kept = append(kept, x)
	}
	for _, l := range o.LocalSecondaryIndexOverride {
		x, err := takeIndex(t, kept, indexOverride{name: l.IndexName, local: true, key: l.KeySchema, projection: l.Projection})
		if err != nil {
			return err
		}
		kept = append(kept, x)
	}
	vectors, err := overrideVectorIndexes(t, o.VectorIndexOverride)
	if err != nil {
		return err
	}
	t.Indexes = slices.DeleteFunc(t.Indexes, func(x *catalog.Index) bool {
		switch {
		case x.Vector != nil:
			return o.VectorIndexOverride != nil && !vectors[x.Name]
		case x.Local:
			return o.LocalSecondaryIndexOverride != nil && !slices.Contains(kept, x)
		}
		return o.GlobalSecondaryIndexOverride != nil && !slices.Contains(kept, x)
	})
	for _, x := range t.Indexes {
		x.Backfilling, x.Warm = false, nil
	}
	return nil
}

// indexOverride is what the overrides of global and of local secondary indexes have in common.
type indexOverride struct {
	name       string
	local      bool
	key        []keySchemaElement
	projection *projection
}

// takeIndex finds the index of the source that an override means, of those not taken yet the one with its name first, and gives it the name.
func takeIndex(t *catalog.Table, taken []*catalog.Index, o indexOverride) (*catalog.Index, error) {
	var found *catalog.Index
	for _, x := range t.Indexes {
		same := x.Local == o.local && x.Vector == nil && slices.Equal(schemaElements(x.Key), o.key) &&
			x.Projection == o.projection.ProjectionType && sameNames(x.Include, o.projection.NonKeyAttributes)
		if same && !slices.Contains(taken, x) && (found == nil || x.Name == o.name) {
			found = x
		}
	}
	if found == nil {
		return nil, invalidOverride("Index " + o.name + " does not match a secondary index that existed in the source table and cannot be created during the restore operation")
	}
	if slices.ContainsFunc(taken, func(x *catalog.Index) bool { return x.Name == o.name }) {
		return nil, invalidParameter("Duplicate index name: " + o.name)
	}
	found.Name = o.name
	return found, nil
}

func sameNames(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// overrideCapacity sets billing mode and capacity of the table and its indexes.
func overrideCapacity(t *catalog.Table, o *restoreOverrides) error {
	mode, p := o.BillingModeOverride, o.ProvisionedThroughputOverride
	switch {
	case mode == "PAY_PER_REQUEST" && p != nil:
		return invalidOverride("Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST")
	case mode == "" && t.OnDemand && p != nil:
		return invalidOverride("Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED")
	case mode == "PROVISIONED" && t.OnDemand && p == nil:
		return invalidOverride("Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED")
	}
	if p != nil {
		if err := checkUnits(p); err != nil {
			return err
		}
	}
	if mode != "" && (mode == "PAY_PER_REQUEST") != t.OnDemand || p != nil {
		if mode == "" {
			mode = billingMode(t.OnDemand)
		}
		setBilling(t, mode, p)
	}
	if t.OnDemand {
		t.BillingShown, t.LastOnDemand = true, t.Created
	}
	limit, err := overrideLimit(o.OnDemandThroughputOverride, t.OnDemandLimit, t.OnDemand, "")
	if err != nil {
		return err
	}
	t.OnDemandLimit = limit
	return overrideIndexCapacity(t, o.GlobalSecondaryIndexOverride)
}

// noWarmIndexes refuses warm throughput of indexes where a table is recovered (API reference, RestoreTableToPointInTime) or imported, though their
// structure has a member for it. The words are those seen of an import.
func noWarmIndexes(action string, list []globalIndex) error {
	if slices.ContainsFunc(list, func(g globalIndex) bool { return g.WarmThroughput != nil }) {
		return validation("WarmThroughput is not supported on Global Secondary Indexes via " + action)
	}
	return nil
}

// overrideLimit is onDemandLimit in the words of a restore.
func overrideLimit(in *onDemandThroughput, old *catalog.Units, onDemand bool, index string) (*catalog.Units, error) {
	if in == nil || in.MaxReadRequestUnits == nil && in.MaxWriteRequestUnits == nil {
		return old, nil
	}
	for _, m := range []unitsMember{{name: "MaxReadRequestUnits", from: in.MaxReadRequestUnits}, {name: "MaxWriteRequestUnits", from: in.MaxWriteRequestUnits}} {
		switch {
		case m.from == nil:
		case !onDemand:
			return nil, invalidOverride("Cannot override " + m.name + " for OnDemandThroughput unless BillingModeOverride is PAY_PER_REQUEST")
		case *m.from < 1:
			return nil, invalidOverride("Requested " + m.name + " for OnDemandThroughput is outside of valid range")
		}
	}
	return onDemandLimit(in, onDemand, index)
}

// overrideIndexCapacity sets what the request gives for single indexes. A provisioned table needs it for each that it names, and for all that
// were on demand.
func overrideIndexCapacity(t *catalog.Table, list []globalIndex) error {
	for i := range list {
		g := &list[i]
		x, p := t.Index(g.IndexName), g.ProvisionedThroughput
		switch {
		case t.OnDemand && p != nil:
			return invalidOverride("Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST for index " + x.Name)
		case !t.OnDemand && p == nil:
			return invalidOverride("Must specify provisioned throughput for index " + x.Name)
		case p != nil:
			if err := checkUnits(p); err != nil {
				return err
			}
			x.Provisioned = catalog.Throughput{Read: p.ReadCapacityUnits, Write: p.WriteCapacityUnits}
		}
		var err error
		if x.OnDemandLimit, err = overrideLimit(g.OnDemandThroughput, x.OnDemandLimit, t.OnDemand, x.Name); err != nil {
			return err
		}
		if x.Warm, err = newWarm(g.WarmThroughput, t.OnDemand, x.Provisioned, x.Name); err != nil {
			return err
		}
	}
	for _, x := range t.Indexes {
		if !x.Local && x.Vector == nil && !t.OnDemand && x.Provisioned.Read == 0 {
			return invalidOverride("Must specify provisioned throughput for index " + x.Name)
		}
	}
	return nil
}
