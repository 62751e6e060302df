package engine

import "github.com/ddb-cli/ddb/internal/engine/catalog"

// settingsMode is how the settings of a global table of one account are kept alike (API reference, ReplicaDescription).
const settingsMode = "ENABLED_WITH_OVERRIDES"

// describeReplicas adds the other Regions of a global table to a description. A legacy global table has operations of
// its own for that.
func (e *Engine) describeReplicas(t *catalog.Table, d *tableDescription) {
	r := t.Replication
	if r == nil {
		_, _ = t.Setting(modeSetting, &d.SettingsReplicationMode) // a text that was written as one
	}
	if r == nil || r.Version != catalog.GlobalCurrent {
		return
	}
	d.GlobalTableVersion, d.SettingsReplicationMode, d.Replicas = r.Version, settingsMode, []replicaDescription{}
	if r.Strong { // the other consistency is not named
		d.MultiRegionConsistency = "STRONG"
	}
	if r.Witness != "" {
		d.GlobalTableWitnesses = []witnessDescription{{r.Witness, "ACTIVE"}}
	}
	for _, ref := range t.Siblings() {
		if s := e.catalog.Table(ref); s != nil && s.Replication != nil {
			d.Replicas = append(d.Replicas, describeReplica(s))
		}
	}
}

// describeReplica describes a table as a replica of another. What it has by default or as the others is left out (DDB-TABLE-229).
func describeReplica(t *catalog.Table) replicaDescription {
	d := replicaDescription{
		RegionName: t.Region, ReplicaStatus: string(t.Status), SettingsReplicationMode: settingsMode,
		WarmThroughput: describeWarm(t.Warm, t.OnDemand, t.Provisioned, t.Status),
	}
	if t.Status == catalog.Updating {
		d.ReplicaStatus = string(catalog.Active) // another Region's table changing is not the replica's concern
	}
	if t.Class != "" {
		d.ReplicaTableClassSummary = &tableClassSummary{t.Class, t.ClassUpdated}
	}
	if t.SSE != nil { // that of the service too (DDB-TABLE-295)
		d.KMSMasterKeyID = t.SSE.KeyARN
	}
	own := t.Replication.Own
	d.ProvisionedThroughputOverride, d.OnDemandThroughputOverride = showRead(own.Read), showDemand(own.OnDemandRead)
	for _, x := range t.Indexes {
		if !x.Local {
			d.GlobalSecondaryIndexes = append(d.GlobalSecondaryIndexes, replicaIndexDescription{
				IndexName: x.Name, ProvisionedThroughputOverride: showRead(own.IndexRead[x.Name]),
				OnDemandThroughputOverride: showDemand(own.IndexDemand[x.Name]),
				WarmThroughput:             describeWarm(x.Warm, t.OnDemand, x.Provisioned, x.Status),
			})
		}
	}
	return d
}

func showRead(units int64) *readOverride {
	if units == 0 {
		return nil
	}
	return &readOverride{&units}
}

func showDemand(units int64) *onDemandReadOverride {
	if units == 0 {
		return nil
	}
	return &onDemandReadOverride{&units}
}
