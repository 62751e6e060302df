package engine

import (
	"errors"
	"slices"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// restoreTable makes the definition of a table restored from another: the keys, indexes, capacity and encryption of the
// source with what the request puts in their place. Tags, time to live, streams, policies and recovery settings are not
// restored (developer guide, "Restoring a DynamoDB table").
func (c *call) restoreTable(source *catalog.Table, o *restoreOverrides) (*catalog.Table, error) {
	if c.e.catalog.Table(c.ref(o.TargetTableName)) != nil {
		return nil, catalog.ErrExists
	}
	t := source.Clone()
	t.Ref = c.ref(o.TargetTableName)
	t.Created, t.Stream, t.Extensions = c.now.UTC(), catalog.Stream{}, catalog.Extensions{}
	t.DeletionProtection, t.DisassociationProtection = false, false
	if err := overrideIndexes(t, o); err != nil {
		return nil, err
	}
	if err := overrideCapacity(c, t, o); err != nil {
		return nil, err
	}
	if o.SSESpecificationOverride != nil {
		if err := setSSE(t, o.SSESpecificationOverride); err != nil {
			return nil, err
		}
	}
	dropUnusedDefinitions(t)
	return t, checkVectorIndexes(t)
}

// overrideIndexes keeps the indexes the request names. Each must be one of the source's, with the same keys and
// projection: an override can leave indexes out and change their capacity, not define new ones (API reference,
// RestoreTableFromBackup).
func overrideIndexes(t *catalog.Table, o *restoreOverrides) error {
	keep := map[string]*globalIndex{}
	for i := range o.GlobalSecondaryIndexOverride {
		g := &o.GlobalSecondaryIndexOverride[i]
		if err := matchIndex(t, g.IndexName, false, g.KeySchema, g.Projection); err != nil {
			return err
		}
		keep[g.IndexName] = g
	}
	local := map[string]bool{}
	for _, l := range o.LocalSecondaryIndexOverride {
		if err := matchIndex(t, l.IndexName, true, l.KeySchema, l.Projection); err != nil {
			return err
		}
		local[l.IndexName] = true
	}
	vectors, err := overrideVectorIndexes(t, o.VectorIndexOverride)
	if err != nil {
		return err
	}
	t.Indexes = slices.DeleteFunc(t.Indexes, func(x *catalog.Index) bool {
		if x.Status == catalog.Deleting {
			return true
		}
		if x.Vector != nil {
			return o.VectorIndexOverride != nil && !vectors[x.Name]
		}
		if x.Local {
			return o.LocalSecondaryIndexOverride != nil && !local[x.Name]
		}
		return o.GlobalSecondaryIndexOverride != nil && keep[x.Name] == nil
	})
	for _, x := range t.Indexes {
		x.Backfilling = false
		if g := keep[x.Name]; g != nil && g.ProvisionedThroughput != nil {
			x.Provisioned = catalog.Throughput{Read: g.ProvisionedThroughput.ReadCapacityUnits, Write: g.ProvisionedThroughput.WriteCapacityUnits}
		}
	}
	return nil
}

func matchIndex(t *catalog.Table, name string, local bool, key []keySchemaElement, p *projection) error {
	x := t.Index(name)
	if x == nil || x.Local != local || x.Vector != nil {
		return invalidParameter("Index " + name + " is not an index of the source table")
	}
	if !slices.Equal(schemaElements(x.Key), key) || x.Projection != p.ProjectionType || !sameNames(x.Include, p.NonKeyAttributes) {
		return invalidParameter("Key schema and projection of index " + name + " must be those of the source table")
	}
	return nil
}

func sameNames(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// overrideCapacity sets billing mode and capacity of the table and its indexes.
func overrideCapacity(c *call, t *catalog.Table, o *restoreOverrides) error {
	if o.BillingModeOverride != "" && (o.BillingModeOverride == "PAY_PER_REQUEST") != t.OnDemand || o.ProvisionedThroughputOverride != nil {
		mode := o.BillingModeOverride
		if mode == "" {
			mode = billingMode(t.OnDemand)
		}
		if err := checkBilling(mode, o.ProvisionedThroughputOverride); err != nil {
			return err
		}
		setBilling(t, mode, o.ProvisionedThroughputOverride)
	}
	if t.OnDemand {
		t.BillingShown, t.LastOnDemand = true, t.Created
	}
	if o.OnDemandThroughputOverride != nil {
		limit, err := onDemandLimit(o.OnDemandThroughputOverride, t.OnDemand, "")
		if err != nil {
			return err
		}
		t.OnDemandLimit = limit
	}
	if err := overrideIndexCapacity(t, o.GlobalSecondaryIndexOverride); err != nil {
		return err
	}
	for _, x := range t.Indexes {
		if !x.Local && x.Vector == nil && !t.OnDemand && x.Provisioned.Read == 0 {
			return invalidParameter("ProvisionedThroughput is not specified for index: " + x.Name)
		}
	}
	return nil
}

// overrideIndexCapacity sets what the request gives for single indexes beside their provisioned capacity.
func overrideIndexCapacity(t *catalog.Table, list []globalIndex) error {
	for i := range list {
		g := &list[i]
		x := t.Index(g.IndexName)
		if g.OnDemandThroughput != nil {
			limit, err := onDemandLimit(g.OnDemandThroughput, t.OnDemand, g.IndexName)
			if err != nil {
				return err
			}
			x.OnDemandLimit = limit
		}
		if g.WarmThroughput != nil {
			warm, err := warmUnits(g.WarmThroughput, nil, warmFloor(t.OnDemand, x.Provisioned), x.Name)
			if err != nil {
				return err
			}
			x.Warm = warm
		}
	}
	return nil
}

func setBilling(t *catalog.Table, mode string, p *provisionedThroughput) {
	t.OnDemand = mode == "PAY_PER_REQUEST"
	if t.OnDemand {
		t.Provisioned = catalog.Throughput{}
		for _, x := range t.Indexes {
			x.Provisioned = catalog.Throughput{}
		}
		return
	}
	t.OnDemandLimit = nil
	t.Provisioned = catalog.Throughput{Read: p.ReadCapacityUnits, Write: p.WriteCapacityUnits}
	for _, x := range t.Indexes {
		x.OnDemandLimit = nil
	}
}

// dropUnusedDefinitions forgets the attributes that only indexes left out needed.
func dropUnusedDefinitions(t *catalog.Table) {
	t.Attributes = slices.DeleteFunc(t.Attributes, func(a catalog.KeyAttribute) bool {
		if t.Key.Has(a.Name) {
			return false
		}
		for _, x := range t.Indexes {
			if slices.Contains(x.Defined(), a) {
				return false
			}
		}
		return true
	})
}

// tableExists words the refusal of a target that is there already.
func tableExists(err error, name string) error {
	if errors.Is(err, catalog.ErrExists) {
		return &apiError{Type: "TableAlreadyExistsException", Message: "Table already exists: " + name}
	}
	return err
}
