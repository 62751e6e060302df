package engine

// Wire types of replicas (API reference: UpdateTable, ReplicationGroupUpdate, ReplicaDescription).

type replicationGroupUpdate struct {
	Create       *replicaSettings     `wire:"Create"`
	Update       *replicaSettings     `wire:"Update"`
	Delete       *regionAction        `wire:"Delete"`
	Disassociate *disassociateReplica `wire:"Disassociate"`
}

// replicaSettings are what may differ in one replica.
type replicaSettings struct {
	RegionName                    string                 `wire:"RegionName"` // required, which replicaChanges says in the service's ways
	KMSMasterKeyID                string                 `wire:"KMSMasterKeyId,min=1"`
	ProvisionedThroughputOverride *readOverride          `wire:"ProvisionedThroughputOverride"`
	OnDemandThroughputOverride    *onDemandReadOverride  `wire:"OnDemandThroughputOverride"`
	GlobalSecondaryIndexes        []replicaIndexSettings `wire:"GlobalSecondaryIndexes,min=1"`
	TableClassOverride            string                 `wire:"TableClassOverride,enum=STANDARD|STANDARD_INFREQUENT_ACCESS"`
}

type readOverride struct {
	ReadCapacityUnits *int64 `wire:"ReadCapacityUnits,min=1"`
}

type onDemandReadOverride struct {
	MaxReadRequestUnits *int64 `wire:"MaxReadRequestUnits"`
}

type replicaIndexSettings struct {
	IndexName                     string                `wire:"IndexName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	ProvisionedThroughputOverride *readOverride         `wire:"ProvisionedThroughputOverride"`
	OnDemandThroughputOverride    *onDemandReadOverride `wire:"OnDemandThroughputOverride"`
}

type regionAction struct {
	RegionName string `wire:"RegionName,required"`
}

type disassociateReplica struct {
	RegionName         string `wire:"RegionName,required"`
	DisassociationMode string `wire:"DisassociationMode,required,enum=WAIT_FOR_REPLICATION"`
}

type witnessUpdate struct {
	Create *regionAction `wire:"Create"`
	Delete *regionAction `wire:"Delete"`
}

type replicaDescription struct {
	RegionName                    string                    `wire:"RegionName"`
	ReplicaStatus                 string                    `wire:"ReplicaStatus"`
	ReplicaArn                    string                    `wire:"ReplicaArn"`
	ReplicaStatusPercentProgress  string                    `wire:"ReplicaStatusPercentProgress"`
	KMSMasterKeyID                string                    `wire:"KMSMasterKeyId"`
	ProvisionedThroughputOverride *readOverride             `wire:"ProvisionedThroughputOverride"`
	OnDemandThroughputOverride    *onDemandReadOverride     `wire:"OnDemandThroughputOverride"`
	WarmThroughput                *warmDescription          `wire:"WarmThroughput"`
	GlobalSecondaryIndexes        []replicaIndexDescription `wire:"GlobalSecondaryIndexes"`
	ReplicaTableClassSummary      *tableClassSummary        `wire:"ReplicaTableClassSummary"`
	SettingsReplicationMode       string                    `wire:"GlobalTableSettingsReplicationMode"`
}

type replicaIndexDescription struct {
	IndexName                     string                `wire:"IndexName"`
	ProvisionedThroughputOverride *readOverride         `wire:"ProvisionedThroughputOverride"`
	OnDemandThroughputOverride    *onDemandReadOverride `wire:"OnDemandThroughputOverride"`
	WarmThroughput                *warmDescription      `wire:"WarmThroughput"`
}

type witnessDescription struct {
	RegionName    string `wire:"RegionName"`
	WitnessStatus string `wire:"WitnessStatus"`
}
