package engine

import "time"

// Wire types of the table operations (API reference: CreateTable, UpdateTable, DescribeTable).

type keySchemaElement struct {
	AttributeName string `wire:"AttributeName,required,min=1,max=255"`
	KeyType       string `wire:"KeyType,required,enum=HASH|RANGE"`
}

// attributeDefinition has its members in the order in which the service reports their absence.
type attributeDefinition struct {
	AttributeType string `wire:"AttributeType,required,enum=B|N|S"`
	AttributeName string `wire:"AttributeName,required,min=1,max=255"`
}

type projection struct {
	ProjectionType   string   `wire:"ProjectionType,enum=ALL|INCLUDE|KEYS_ONLY"`
	NonKeyAttributes []string `wire:"NonKeyAttributes,min=1,max=20,elem.min=1,elem.max=255"`
}

type provisionedThroughput struct {
	WriteCapacityUnits int64 `wire:"WriteCapacityUnits,required,min=1"`
	ReadCapacityUnits  int64 `wire:"ReadCapacityUnits,required,min=1"`
}

type onDemandThroughput struct {
	MaxReadRequestUnits  *int64 `wire:"MaxReadRequestUnits"`
	MaxWriteRequestUnits *int64 `wire:"MaxWriteRequestUnits"`
}

type warmThroughput struct {
	ReadUnitsPerSecond  *int64 `wire:"ReadUnitsPerSecond"`
	WriteUnitsPerSecond *int64 `wire:"WriteUnitsPerSecond"`
}

type streamSpecification struct {
	StreamEnabled  *bool  `wire:"StreamEnabled,required"`
	StreamViewType string `wire:"StreamViewType,enum=OLD_IMAGE|KEYS_ONLY|NEW_AND_OLD_IMAGES|NEW_IMAGE"`
}

type sseSpecification struct {
	Enabled        *bool   `wire:"Enabled"`
	SSEType        string  `wire:"SSEType,enum=AES256|KMS"`
	KMSMasterKeyID *string `wire:"KMSMasterKeyId,min=1"`
}

type tag struct {
	Key   string `wire:"Key,required,min=1,max=128"`
	Value string `wire:"Value,required,keep,max=256"`
}

type localIndex struct {
	IndexName  string             `wire:"IndexName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	KeySchema  []keySchemaElement `wire:"KeySchema,required,min=1"`
	Projection *projection        `wire:"Projection,required"`
}

type globalIndex struct {
	IndexName             string                 `wire:"IndexName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	KeySchema             []keySchemaElement     `wire:"KeySchema,required,min=1"`
	Projection            *projection            `wire:"Projection,required"`
	ProvisionedThroughput *provisionedThroughput `wire:"ProvisionedThroughput"`
	OnDemandThroughput    *onDemandThroughput    `wire:"OnDemandThroughput"`
	WarmThroughput        *warmThroughput        `wire:"WarmThroughput"`
}

// tableDescription is what the service tells of a table.
type tableDescription struct {
	AttributeDefinitions      []attributeDefinition    `wire:"AttributeDefinitions"`
	TableName                 string                   `wire:"TableName"`
	KeySchema                 []keySchemaElement       `wire:"KeySchema"`
	TableStatus               string                   `wire:"TableStatus"`
	CreationDateTime          time.Time                `wire:"CreationDateTime"`
	ProvisionedThroughput     *throughputDescription   `wire:"ProvisionedThroughput"`
	TableSizeBytes            int64                    `wire:"TableSizeBytes"`
	ItemCount                 int64                    `wire:"ItemCount"`
	TableARN                  string                   `wire:"TableArn"`
	TableID                   string                   `wire:"TableId"`
	BillingModeSummary        *billingModeSummary      `wire:"BillingModeSummary"`
	LocalSecondaryIndexes     []localIndexDescription  `wire:"LocalSecondaryIndexes"`
	GlobalSecondaryIndexes    []globalIndexDescription `wire:"GlobalSecondaryIndexes"`
	VectorIndexes             []vectorIndexDescription `wire:"VectorIndexes"`
	StreamSpecification       *streamSpecification     `wire:"StreamSpecification"`
	LatestStreamLabel         string                   `wire:"LatestStreamLabel"`
	LatestStreamARN           string                   `wire:"LatestStreamArn"`
	GlobalTableVersion        string                   `wire:"GlobalTableVersion"`
	Replicas                  []replicaDescription     `wire:"Replicas"`
	GlobalTableWitnesses      []witnessDescription     `wire:"GlobalTableWitnesses"`
	RestoreSummary            rawJSON                  `wire:"RestoreSummary"`
	SSEDescription            *sseDescription          `wire:"SSEDescription"`
	TableClassSummary         *tableClassSummary       `wire:"TableClassSummary"`
	ArchivalSummary           *archivalSummary         `wire:"ArchivalSummary"`
	DeletionProtectionEnabled bool                     `wire:"DeletionProtectionEnabled"`
	OnDemandThroughput        *onDemandThroughput      `wire:"OnDemandThroughput"`
	Disassociation            bool                     `wire:"DisassociationProtectionEnabled,omitempty"`
	WarmThroughput            *warmDescription         `wire:"WarmThroughput"`
	MultiRegionConsistency    string                   `wire:"MultiRegionConsistency"`
	SettingsReplicationMode   string                   `wire:"GlobalTableSettingsReplicationMode"`
}

type throughputDescription struct {
	LastIncreaseDateTime   time.Time `wire:"LastIncreaseDateTime"`
	LastDecreaseDateTime   time.Time `wire:"LastDecreaseDateTime"`
	NumberOfDecreasesToday int64     `wire:"NumberOfDecreasesToday"`
	ReadCapacityUnits      int64     `wire:"ReadCapacityUnits"`
	WriteCapacityUnits     int64     `wire:"WriteCapacityUnits"`
}

type billingModeSummary struct {
	BillingMode                       string    `wire:"BillingMode"`
	LastUpdateToPayPerRequestDateTime time.Time `wire:"LastUpdateToPayPerRequestDateTime"`
}

type localIndexDescription struct {
	IndexName      string             `wire:"IndexName"`
	KeySchema      []keySchemaElement `wire:"KeySchema"`
	Projection     *projection        `wire:"Projection"`
	IndexSizeBytes int64              `wire:"IndexSizeBytes"`
	ItemCount      int64              `wire:"ItemCount"`
	IndexARN       string             `wire:"IndexArn"`
}

type globalIndexDescription struct {
	IndexName             string                 `wire:"IndexName"`
	KeySchema             []keySchemaElement     `wire:"KeySchema"`
	Projection            *projection            `wire:"Projection"`
	IndexStatus           string                 `wire:"IndexStatus"`
	Backfilling           *bool                  `wire:"Backfilling"`
	ProvisionedThroughput *throughputDescription `wire:"ProvisionedThroughput"`
	IndexSizeBytes        int64                  `wire:"IndexSizeBytes"`
	ItemCount             int64                  `wire:"ItemCount"`
	IndexARN              string                 `wire:"IndexArn"`
	OnDemandThroughput    *onDemandThroughput    `wire:"OnDemandThroughput"`
	WarmThroughput        *warmDescription       `wire:"WarmThroughput"`
}

type sseDescription struct {
	Status          string `wire:"Status"`
	SSEType         string `wire:"SSEType"`
	KMSMasterKeyARN string `wire:"KMSMasterKeyArn"`
}

type tableClassSummary struct {
	TableClass         string    `wire:"TableClass"`
	LastUpdateDateTime time.Time `wire:"LastUpdateDateTime"`
}

type warmDescription struct {
	ReadUnitsPerSecond  int64  `wire:"ReadUnitsPerSecond"`
	WriteUnitsPerSecond int64  `wire:"WriteUnitsPerSecond"`
	Status              string `wire:"Status"`
}
