package engine

import (
	"slices"
	"strconv"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// addIndexes checks the indexes of a new table and adds them.
func addIndexes(t *catalog.Table, in *createTableInput) error {
	if in.LocalSecondaryIndexes != nil {
		if err := addLocalIndexes(t, in.LocalSecondaryIndexes); err != nil {
			return err
		}
	}
	if in.GlobalSecondaryIndexes == nil {
		return nil
	}
	if len(in.GlobalSecondaryIndexes) == 0 {
		return invalidParameter("List of GlobalSecondaryIndexes is empty")
	}
	for i := range min(len(in.GlobalSecondaryIndexes), manyIndexes) {
		x, err := newGlobalIndex(t, &in.GlobalSecondaryIndexes[i], t.Attributes)
		if err != nil {
			return err
		}
		t.Indexes = append(t.Indexes, x)
	}
	if err := checkGlobalCount(t); err != nil {
		return err
	}
	return checkProjected(t)
}

func checkGlobalCount(t *catalog.Table) error {
	n := 0
	for _, x := range t.Indexes {
		if !x.Local && x.Vector == nil {
			n++
		}
	}
	if n > maxGlobalIndexes {
		return invalidParameter("GlobalSecondaryIndex count exceeds the per-table limit of " + strconv.Itoa(maxGlobalIndexes))
	}
	return nil
}

// checkProjected counts the attributes that indexes name to be projected, over all indexes of a table.
func checkProjected(t *catalog.Table) error {
	n := 0
	for _, x := range t.Indexes {
		if x.Vector != nil {
			continue // has a limit of its own
		}
		n += len(x.Include)
	}
	if n > maxProjected {
		return invalidParameter("Number of NonKeyAttributes exceeds the per-table limit of " + strconv.Itoa(maxProjected))
	}
	return nil
}

func addLocalIndexes(t *catalog.Table, in []localIndex) error {
	if len(in) == 0 {
		return invalidParameter("List of LocalSecondaryIndexes is empty")
	}
	if len(t.Key.Range) == 0 {
		return invalidParameter("Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex")
	}
	for i := range min(len(in), manyIndexes) {
		l := &in[i]
		key, err := tableSchema(l.KeySchema, t.Attributes)
		if err != nil {
			return err
		}
		if len(key.Range) == 0 {
			return invalidParameter("Index KeySchema does not have a range key for index: " + l.IndexName)
		}
		if key.Hash[0].Name != t.Key.Hash[0].Name {
			return invalidParameter("Index KeySchema does not have the same leading hash key as table KeySchema for index: " + l.IndexName +
				". index hash key: " + key.Hash[0].Name + ", table hash key: " + t.Key.Hash[0].Name)
		}
		if err := checkProjection(l.Projection); err != nil {
			return err
		}
		if t.Index(l.IndexName) != nil {
			return invalidParameter("Duplicate index name: " + l.IndexName)
		}
		t.Indexes = append(t.Indexes, &catalog.Index{
			Name: l.IndexName, Local: true, Key: key, Projection: l.Projection.ProjectionType,
			Include: l.Projection.NonKeyAttributes, Status: catalog.Active,
		})
	}
	if len(in) > maxLocalIndexes {
		return invalidParameter("Number of LocalSecondaryIndexes exceeds per-table limit of " + strconv.Itoa(maxLocalIndexes))
	}
	return checkProjected(t)
}

// newGlobalIndex checks an index against the table it is to belong to and the definitions of the request.
func newGlobalIndex(t *catalog.Table, g *globalIndex, defs []catalog.KeyAttribute) (*catalog.Index, error) {
	key, err := globalSchema(g.KeySchema, defs)
	if err != nil {
		return nil, err
	}
	if err := checkProjection(g.Projection); err != nil {
		return nil, err
	}
	if t.Index(g.IndexName) != nil {
		return nil, invalidParameter("Duplicate index name: " + g.IndexName)
	}
	x := &catalog.Index{
		Name: g.IndexName, Key: key, Projection: g.Projection.ProjectionType, Include: g.Projection.NonKeyAttributes,
		Status: catalog.Active,
	}
	p, fresh := g.ProvisionedThroughput, t.ID == 0
	switch {
	case t.OnDemand && p != nil && fresh:
		return nil, invalidParameter("ProvisionedThroughput should not be specified for index: " + g.IndexName + " when BillingMode is PAY_PER_REQUEST")
	case t.OnDemand && p != nil:
		return nil, errIndexOnDemand(g.IndexName)
	case !t.OnDemand && p == nil && fresh:
		return nil, invalidParameter("ProvisionedThroughput is not specified for index: " + g.IndexName)
	case !t.OnDemand && p == nil:
		return nil, errIndexUnits(g.IndexName)
	case p != nil:
		if err := checkUnits(p); err != nil {
			return nil, err
		}
		x.Provisioned = catalog.Throughput{Read: p.ReadCapacityUnits, Write: p.WriteCapacityUnits}
	}
	if x.OnDemandLimit, err = onDemandLimit(g.OnDemandThroughput, t.OnDemand, g.IndexName); err != nil {
		return nil, err
	}
	x.Warm, err = newWarm(g.WarmThroughput, t.OnDemand, x.Provisioned, x.Name)
	return x, err
}

// What UpdateTable says of the throughput of an index; CreateTable has other words.
func errIndexOnDemand(index string) error {
	return invalidParameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: " + index + " when BillingMode is PAY_PER_REQUEST")
}

func errIndexUnits(index string) error {
	return invalidParameter("Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: " + index)
}

func checkProjection(p *projection) error {
	switch {
	case p.ProjectionType == "":
		return invalidParameter("Unknown ProjectionType: null")
	case p.ProjectionType == "INCLUDE" && p.NonKeyAttributes == nil:
		return invalidParameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
	case p.ProjectionType != "INCLUDE" && p.NonKeyAttributes != nil:
		return invalidParameter("ProjectionType is " + p.ProjectionType + ", but NonKeyAttributes is specified")
	}
	for i, name := range p.NonKeyAttributes {
		if slices.Contains(p.NonKeyAttributes[:i], name) {
			return invalidParameter("Duplicate element in NonKeyAttributes: " + name)
		}
	}
	return nil
}
