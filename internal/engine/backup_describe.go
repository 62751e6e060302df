package engine

import (
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

type backupDescription struct {
	BackupDetails             *backupDetails       `wire:"BackupDetails"`
	SourceTableDetails        *sourceTableDetails  `wire:"SourceTableDetails"`
	SourceTableFeatureDetails *sourceTableFeatures `wire:"SourceTableFeatureDetails"`
}

type sourceTableDetails struct {
	TableName             string              `wire:"TableName"`
	TableID               string              `wire:"TableId"`
	TableARN              string              `wire:"TableArn"`
	TableSizeBytes        int64               `wire:"TableSizeBytes"`
	KeySchema             []keySchemaElement  `wire:"KeySchema"`
	TableCreationDateTime time.Time           `wire:"TableCreationDateTime"`
	ProvisionedThroughput *plainThroughput    `wire:"ProvisionedThroughput"`
	OnDemandThroughput    *onDemandThroughput `wire:"OnDemandThroughput"`
	ItemCount             int64               `wire:"ItemCount"`
	BillingMode           string              `wire:"BillingMode"`
}

type plainThroughput struct {
	ReadCapacityUnits  int64 `wire:"ReadCapacityUnits"`
	WriteCapacityUnits int64 `wire:"WriteCapacityUnits"`
}

type sourceTableFeatures struct {
	LocalSecondaryIndexes  []sourceLocalIndex   `wire:"LocalSecondaryIndexes"`
	GlobalSecondaryIndexes []sourceGlobalIndex  `wire:"GlobalSecondaryIndexes"`
	VectorIndexes          []vectorIndexInfo    `wire:"VectorIndexes"`
	StreamDescription      *streamSpecification `wire:"StreamDescription"`
	TimeToLiveDescription  *ttlDescription      `wire:"TimeToLiveDescription"`
	SSEDescription         *sseDescription      `wire:"SSEDescription"`
}

type sourceLocalIndex struct {
	IndexName  string             `wire:"IndexName"`
	KeySchema  []keySchemaElement `wire:"KeySchema"`
	Projection *projection        `wire:"Projection"`
}

type sourceGlobalIndex struct {
	IndexName             string              `wire:"IndexName"`
	KeySchema             []keySchemaElement  `wire:"KeySchema"`
	Projection            *projection         `wire:"Projection"`
	ProvisionedThroughput *plainThroughput    `wire:"ProvisionedThroughput"`
	OnDemandThroughput    *onDemandThroughput `wire:"OnDemandThroughput"`
}

// describe is everything the service tells of a backup.
func (b *backup) describe() *backupDescription {
	t := b.Table
	s := &sourceTableDetails{
		TableName: t.Name, TableID: t.UUID, TableARN: t.ARN(), TableSizeBytes: b.Counts.Bytes, KeySchema: schemaElements(t.Key),
		TableCreationDateTime: t.Created, ProvisionedThroughput: plain(t.Provisioned),
		OnDemandThroughput: describeUnits(t.OnDemandLimit), ItemCount: b.Counts.Items, BillingMode: billingMode(t.OnDemand),
	}
	f := &sourceTableFeatures{}
	if b.Type == "SYSTEM" { // tells nothing of them, though a restore has the indexes (DDB-BACKUP-015)
		return &backupDescription{b.details(), s, f}
	}
	for _, x := range t.Indexes {
		p := describeProjection(x)
		if x.Local {
			f.LocalSecondaryIndexes = append(f.LocalSecondaryIndexes, sourceLocalIndex{x.Name, schemaElements(x.Key), p})
			continue
		}
		if x.Vector != nil {
			f.VectorIndexes = append(f.VectorIndexes, vectorInfo(x))
			continue
		}
		f.GlobalSecondaryIndexes = append(f.GlobalSecondaryIndexes, sourceGlobalIndex{
			x.Name, schemaElements(x.Key), p, plain(x.Provisioned), describeUnits(x.OnDemandLimit),
		})
	}
	if t.Stream.Enabled {
		on := true
		f.StreamDescription = &streamSpecification{&on, t.Stream.View}
	}
	if t.TTL.Enabled {
		f.TimeToLiveDescription = &ttlDescription{"ENABLED", t.TTL.Attribute}
	}
	if t.SSE != nil && t.SSE.Enabled {
		f.SSEDescription = &sseDescription{"ENABLED", "KMS", t.SSE.KeyARN}
	}
	return &backupDescription{b.details(), s, f}
}

func plain(t catalog.Throughput) *plainThroughput { return &plainThroughput{t.Read, t.Write} }

func billingMode(onDemand bool) string {
	if onDemand {
		return "PAY_PER_REQUEST"
	}
	return "PROVISIONED"
}
