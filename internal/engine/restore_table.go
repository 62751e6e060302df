package engine

import (
	"errors"
	"slices"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// restoreTable makes the definition of a table restored from another: the keys, indexes, capacity and encryption of the
// source with what the request puts in their place. Tags, time to live, streams, policies, recovery settings, table class, protection and warm
// throughput are not restored (developer guide, "Restoring a DynamoDB table"; DDB-TABLE-215).
func (c *call) restoreTable(source *catalog.Table, o *restoreOverrides) (*catalog.Table, error) {
	t := source.Clone()
	t.Ref, t.Order = c.ref(o.TargetTableName), catalog.ServiceOrder
	t.Created, t.Stream, t.Extensions = c.now.UTC(), catalog.Stream{}, catalog.Extensions{}
	t.DeletionProtection, t.DisassociationProtection = false, false
	t.Class, t.ClassUpdated, t.Warm = "", time.Time{}, nil
	t.BillingShown, t.LastOnDemand = true, time.Time{} // of a restored table the mode is always told
	forgetChanges(t)
	if t.SSE != nil && source.Region != c.region {
		t.SSE = nil
	}
	if err := overrideIndexes(t, o); err != nil {
		return nil, err
	}
	if err := overrideCapacity(t, o); err != nil {
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

// forgetChanges leaves the history of its throughput with the table another is made from.
func forgetChanges(t *catalog.Table) {
	t.Provisioned = catalog.Throughput{Read: t.Provisioned.Read, Write: t.Provisioned.Write}
	for _, x := range t.Indexes {
		x.Provisioned = catalog.Throughput{Read: x.Provisioned.Read, Write: x.Provisioned.Write}
	}
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
		return errTableThere(name)
	}
	return err
}

func errTableThere(name string) error {
	return &apiError{Type: "TableAlreadyExistsException", Message: "Table already exists: " + name}
}
