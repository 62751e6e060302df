package engine

import (
	"time"
)

type updateTableInput struct {
	AttributeDefinitions        []attributeDefinition    `wire:"AttributeDefinitions"`
	TableName                   string                   `wire:"TableName,required,alone,table,sole"`
	BillingMode                 string                   `wire:"BillingMode,enum=PROVISIONED|PAY_PER_REQUEST"`
	ProvisionedThroughput       *provisionedThroughput   `wire:"ProvisionedThroughput"`
	GlobalSecondaryIndexUpdates []globalIndexUpdate      `wire:"GlobalSecondaryIndexUpdates"`
	VectorIndexUpdates          []vectorIndexUpdate      `wire:"VectorIndexUpdates"`
	StreamSpecification         *streamSpecification     `wire:"StreamSpecification"`
	SSESpecification            *sseSpecification        `wire:"SSESpecification"`
	ReplicaUpdates              []replicationGroupUpdate `wire:"ReplicaUpdates,min=1"`
	TableClass                  string                   `wire:"TableClass"`
	DeletionProtectionEnabled   *bool                    `wire:"DeletionProtectionEnabled"`
	Disassociation              *bool                    `wire:"DisassociationProtectionEnabled"`
	MultiRegionConsistency      string                   `wire:"MultiRegionConsistency,enum=EVENTUAL|STRONG"`
	GlobalTableWitnessUpdates   []witnessUpdate          `wire:"GlobalTableWitnessUpdates,min=1,max=1"`
	OnDemandThroughput          *onDemandThroughput      `wire:"OnDemandThroughput"`
	WarmThroughput              *warmThroughput          `wire:"WarmThroughput"`
	SettingsReplication         string                   `wire:"GlobalTableSettingsReplicationMode,enum=ENABLED|DISABLED|ENABLED_WITH_OVERRIDES"`
}

type globalIndexUpdate struct {
	Update *indexSettingsUpdate `wire:"Update"`
	Create *globalIndex         `wire:"Create"`
	Delete *indexDelete         `wire:"Delete"`
}

type indexSettingsUpdate struct {
	IndexName             string                 `wire:"IndexName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	ProvisionedThroughput *provisionedThroughput `wire:"ProvisionedThroughput"`
	OnDemandThroughput    *onDemandThroughput    `wire:"OnDemandThroughput"`
	WarmThroughput        *warmThroughput        `wire:"WarmThroughput"`
}

// named is the name of the index that is meant.
func (u *globalIndexUpdate) named() string {
	switch {
	case u.Update != nil:
		return u.Update.IndexName
	case u.Create != nil:
		return u.Create.IndexName
	case u.Delete != nil:
		return u.Delete.IndexName
	}
	return ""
}

// moves reports whether an index is UPDATING for what is asked of it; its warm throughput grows behind an ACTIVE one (DDB-TABLE-155).
func (u *indexSettingsUpdate) moves() bool {
	return u.ProvisionedThroughput != nil || u.OnDemandThroughput.given()
}

type indexDelete struct {
	IndexName string `wire:"IndexName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
}

// backfillWait is how long UpdateTable waits for a new index to be built when changes are instant. A larger table is
// UPDATING after that, as it is on the service.
const backfillWait = 5 * time.Second

func updateTable(c *call, in *updateTableInput) (*tableDescriptionOutput, error) {
	if in.empty() && in.WarmThroughput == nil { // a WarmThroughput of nothing is told of when the table was found (DDB-TABLE-446)
		return nil, in.required()
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	t, err := c.anyTable(in.TableName)
	if err != nil {
		return nil, err
	}
	if in.empty() {
		return nil, in.required()
	}
	if err := c.mayUpdate(t, in); err != nil {
		return nil, err
	}
	if in.changesReplicas() {
		return c.updateReplicas(t, in)
	}
	if err := c.mayChange(t, in); err != nil {
		return nil, err
	}
	before, err := c.e.describe(t)
	if err != nil {
		return nil, err
	}
	changes, err := c.changeTables(t, in)
	if err != nil {
		return nil, err
	}
	var out *tableDescriptionOutput
	for _, ch := range changes {
		made, err := ch.c.afterUpdate(ch.ref, ch.created, ch.deleted)
		if err != nil {
			return nil, err
		}
		if ch.ref == t.Ref {
			out = made
		}
	}
	out.TableDescription.updating(before, in, c.now)
	return out, nil
}

// check refuses what a request says wrong of itself, whatever table it is about.
func (in *updateTableInput) check() error {
	for _, u := range in.GlobalSecondaryIndexUpdates {
		if u.Update != nil && u.Update.WarmThroughput != nil && !u.Update.WarmThroughput.given() {
			return invalidParameter("WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond specified for index: " + u.Update.IndexName)
		}
	}
	if err := checkClass(in.TableClass); err != nil {
		return err
	}
	if in.changesReplicas() {
		_, err := in.replicaChanges()
		return err
	}
	if err := in.together(); err != nil {
		return err
	}
	if in.GlobalSecondaryIndexUpdates != nil && len(in.GlobalSecondaryIndexUpdates) == 0 {
		return invalidParameter("List of GlobalSecondaryIndexUpdates is empty")
	}
	return nil
}

// empty reports whether a request asks for nothing; a structure with nothing in it is nothing, and neither are a witness or a consistency without replicas.
func (in *updateTableInput) empty() bool {
	return in.asks() == asked{} && in.ReplicaUpdates == nil && in.SettingsReplication == ""
}
