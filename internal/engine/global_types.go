package engine

import "time"

// Wire types of legacy global tables (API reference: CreateGlobalTable, UpdateGlobalTableSettings).

type regionShape struct {
	RegionName string `wire:"RegionName"`
}

type createGlobalInput struct {
	Name  string        `wire:"GlobalTableName,required"`
	Group []regionShape `wire:"ReplicationGroup,required"`
}

type globalNameInput struct {
	Name string `wire:"GlobalTableName,required"`
}

type updateGlobalInput struct {
	Name    string         `wire:"GlobalTableName,required"`
	Updates []globalUpdate `wire:"ReplicaUpdates,required"`
}

type globalUpdate struct {
	Create *regionAction `wire:"Create"`
	Delete *regionAction `wire:"Delete"`
}

type listGlobalInput struct {
	Start  string `wire:"ExclusiveStartGlobalTableName,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	Limit  *int64 `wire:"Limit,min=1"`
	Region string `wire:"RegionName"`
}

type globalDescription struct {
	ReplicationGroup []regionShape `wire:"ReplicationGroup,keep"`
	ARN              string        `wire:"GlobalTableArn"`
	Created          time.Time     `wire:"CreationDateTime"`
	Status           string        `wire:"GlobalTableStatus"`
	Name             string        `wire:"GlobalTableName"`
}

type globalOutput struct {
	Description *globalDescription `wire:"GlobalTableDescription"`
}

type globalSummary struct {
	Name             string        `wire:"GlobalTableName"`
	ReplicationGroup []regionShape `wire:"ReplicationGroup,keep"`
}

type listGlobalOutput struct {
	Tables []globalSummary `wire:"GlobalTables,keep"`
	Last   string          `wire:"LastEvaluatedGlobalTableName"`
}

type globalSettingsInput struct {
	Name        string                  `wire:"GlobalTableName,required"`
	BillingMode string                  `wire:"GlobalTableBillingMode,enum=PROVISIONED|PAY_PER_REQUEST"`
	WriteUnits  *int64                  `wire:"GlobalTableProvisionedWriteCapacityUnits,min=1"`
	Write       *scalingUpdate          `wire:"GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate"`
	Indexes     []globalIndexSettings   `wire:"GlobalTableGlobalSecondaryIndexSettingsUpdate,min=1,max=20"`
	Replicas    []replicaSettingsUpdate `wire:"ReplicaSettingsUpdate,min=1,max=50"`
}

type globalIndexSettings struct {
	IndexName  string         `wire:"IndexName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	WriteUnits *int64         `wire:"ProvisionedWriteCapacityUnits,min=1"`
	Write      *scalingUpdate `wire:"ProvisionedWriteCapacityAutoScalingSettingsUpdate"`
}

type replicaSettingsUpdate struct {
	RegionName string                       `wire:"RegionName,required"`
	ReadUnits  *int64                       `wire:"ReplicaProvisionedReadCapacityUnits,min=1"`
	Read       *scalingUpdate               `wire:"ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate"`
	Indexes    []replicaIndexSettingsUpdate `wire:"ReplicaGlobalSecondaryIndexSettingsUpdate,min=1,max=20"`
	Class      string                       `wire:"ReplicaTableClass,enum=STANDARD|STANDARD_INFREQUENT_ACCESS"`
}

type replicaIndexSettingsUpdate struct {
	IndexName string         `wire:"IndexName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	ReadUnits *int64         `wire:"ProvisionedReadCapacityUnits,min=1"`
	Read      *scalingUpdate `wire:"ProvisionedReadCapacityAutoScalingSettingsUpdate"`
}

type globalSettingsOutput struct {
	Name     string                       `wire:"GlobalTableName"`
	Replicas []replicaSettingsDescription `wire:"ReplicaSettings,keep"`
}

type replicaSettingsDescription struct {
	RegionName    string                            `wire:"RegionName"`
	ReplicaStatus string                            `wire:"ReplicaStatus"`
	Billing       *billingModeSummary               `wire:"ReplicaBillingModeSummary"`
	ReadUnits     int64                             `wire:"ReplicaProvisionedReadCapacityUnits"`
	Read          *scalingDescription               `wire:"ReplicaProvisionedReadCapacityAutoScalingSettings"`
	WriteUnits    int64                             `wire:"ReplicaProvisionedWriteCapacityUnits"`
	Write         *scalingDescription               `wire:"ReplicaProvisionedWriteCapacityAutoScalingSettings"`
	Indexes       []replicaIndexSettingsDescription `wire:"ReplicaGlobalSecondaryIndexSettings"`
	Class         *tableClassSummary                `wire:"ReplicaTableClassSummary"`
}

type replicaIndexSettingsDescription struct {
	IndexName   string              `wire:"IndexName"`
	IndexStatus string              `wire:"IndexStatus"`
	ReadUnits   int64               `wire:"ProvisionedReadCapacityUnits,omitempty"`
	Read        *scalingDescription `wire:"ProvisionedReadCapacityAutoScalingSettings"`
	WriteUnits  int64               `wire:"ProvisionedWriteCapacityUnits,omitempty"`
	Write       *scalingDescription `wire:"ProvisionedWriteCapacityAutoScalingSettings"`
}
