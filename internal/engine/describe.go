package engine

import (
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// describe is the description of a table as it is.
func (e *Engine) describe(t *catalog.Table) (*tableDescription, error) {
	counts, err := e.store.Counts(t.ID)
	if err != nil {
		return nil, err
	}
	d := &tableDescription{
		TableName: t.Name, TableStatus: string(t.Status), CreationDateTime: t.Created,
		KeySchema: schemaElements(t.Key), TableSizeBytes: counts.Bytes, ItemCount: counts.Items,
		TableARN: t.ARN(), TableID: t.UUID, DeletionProtectionEnabled: t.DeletionProtection, Disassociation: t.DisassociationProtection,
		ProvisionedThroughput: e.describeThroughput(t.Provisioned), OnDemandThroughput: describeUnits(t.OnDemandLimit),
		WarmThroughput: describeWarm(t.Warm, t.OnDemand, t.Provisioned, t.Status),
	}
	for _, a := range slices.SortedFunc(slices.Values(t.Attributes), func(a, b catalog.KeyAttribute) int { return strings.Compare(a.Name, b.Name) }) {
		d.AttributeDefinitions = append(d.AttributeDefinitions, attributeDefinition{AttributeName: a.Name, AttributeType: a.Type.String()})
	}
	e.describeSettings(t, d)
	for _, x := range t.Indexes {
		if err := e.describeIndex(t, x, d); err != nil {
			return nil, err
		}
	}
	e.describeReplicas(t, d)
	return d, e.describeExtensions(t, d)
}

func (e *Engine) describeSettings(t *catalog.Table, d *tableDescription) {
	switch now := e.opts.Clock(); {
	case t.OnDemand && t.LastOnDemand.After(now): // until then the answer of UpdateTable holds (recorded by cloud-custodian, 2022; DDB-TABLE-183)
		d.BillingModeSummary = &billingModeSummary{BillingMode: "PAY_PER_REQUEST"}
		d.ProvisionedThroughput.LastDecreaseDateTime = t.LastOnDemand.Add(-realisticTableDelay)
	case t.OnDemand:
		d.BillingModeSummary = &billingModeSummary{"PAY_PER_REQUEST", t.LastOnDemand}
	case t.BillingShown:
		d.BillingModeSummary = &billingModeSummary{"PROVISIONED", t.LastOnDemand}
	}
	if t.Stream.Enabled {
		on := true
		d.StreamSpecification = &streamSpecification{&on, t.Stream.View}
	}
	d.LatestStreamLabel, d.LatestStreamARN = t.Stream.Label, t.StreamARN()
	if t.SSE != nil && t.SSE.Enabled {
		d.SSEDescription = &sseDescription{"ENABLED", "KMS", t.SSE.KeyARN}
	}
	if t.Class != "" {
		d.TableClassSummary = &tableClassSummary{t.Class, t.ClassUpdated}
	}
}

func (e *Engine) describeIndex(t *catalog.Table, x *catalog.Index, d *tableDescription) error {
	var counts storage.Counts
	counts, err := e.store.Counts(x.ID)
	if err != nil {
		return err
	}
	if x.Vector != nil {
		v := vectorIndexDescription{
			vectorIndexInfo: vectorInfo(x), IndexSizeBytes: counts.Bytes, ItemCount: counts.Items,
			IndexARN: t.IndexARN(x.Name),
		}
		v.IndexStatus, v.Backfilling = indexState(t, x)
		d.VectorIndexes = append(d.VectorIndexes, v)
		return nil
	}
	p := describeProjection(x)
	if x.Local {
		d.LocalSecondaryIndexes = append(d.LocalSecondaryIndexes, localIndexDescription{
			IndexName: x.Name, KeySchema: schemaElements(x.Key), Projection: p,
			IndexSizeBytes: counts.Bytes, ItemCount: counts.Items, IndexARN: t.IndexARN(x.Name),
		})
		return nil
	}
	g := globalIndexDescription{
		IndexName: x.Name, KeySchema: schemaElements(x.Key), Projection: p,
		ProvisionedThroughput: e.describeThroughput(x.Provisioned), IndexSizeBytes: counts.Bytes, ItemCount: counts.Items,
		IndexARN: t.IndexARN(x.Name), OnDemandThroughput: describeUnits(x.OnDemandLimit),
		WarmThroughput: describeWarm(x.Warm, t.OnDemand, x.Provisioned, x.Status),
	}
	g.IndexStatus, g.Backfilling = indexState(t, x)
	d.GlobalSecondaryIndexes = append(d.GlobalSecondaryIndexes, g)
	return nil
}

// describeProjection is the projection of an index. Names of attributes come sorted here and in definitions, and indexes as they were given
// (DDB-TABLE-125).
func describeProjection(x *catalog.Index) *projection {
	return &projection{ProjectionType: x.Projection, NonKeyAttributes: slices.Sorted(slices.Values(x.Include))}
}

func schemaElements(s catalog.Schema) []keySchemaElement {
	out := make([]keySchemaElement, 0, len(s.Hash)+len(s.Range))
	for _, k := range s.Hash {
		out = append(out, keySchemaElement{k.Name, "HASH"})
	}
	for _, k := range s.Range {
		out = append(out, keySchemaElement{k.Name, "RANGE"})
	}
	return out
}

// describeThroughput shows provisioned throughput. What is told of today's decreases ends with the day, the time of the last one stays (DDB-TABLE-185).
func (e *Engine) describeThroughput(t catalog.Throughput) *throughputDescription {
	if !sameDay(t.LastDecrease, e.opts.Clock()) {
		t.DecreasesToday = 0
	}
	return &throughputDescription{
		LastIncreaseDateTime: t.LastIncrease, LastDecreaseDateTime: t.LastDecrease,
		NumberOfDecreasesToday: t.DecreasesToday, ReadCapacityUnits: t.Read, WriteCapacityUnits: t.Write,
	}
}
