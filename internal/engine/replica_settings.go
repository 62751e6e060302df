package engine

import (
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// Settings of replicas: what one Region has for itself, and what all have alike.

// overrideReplica applies what a request says of one replica to its table.
func overrideReplica(t *catalog.Table, s *replicaSettings) error {
	own := &t.Replication.Own
	if s.KMSMasterKeyID != "" {
		own.KMSKey = s.KMSMasterKeyID
		on := true
		if err := setSSE(t, &sseSpecification{Enabled: &on, SSEType: "KMS", KMSMasterKeyID: &s.KMSMasterKeyID}); err != nil {
			return err
		}
	}
	if s.TableClassOverride != "" {
		own.Class, t.Class = s.TableClassOverride, s.TableClassOverride
	}
	if err := overrideRead(t, s.ProvisionedThroughputOverride, &own.Read, &t.Provisioned); err != nil {
		return err
	}
	if err := overrideDemand(t, s.OnDemandThroughputOverride, &own.OnDemandRead, &t.OnDemandLimit); err != nil {
		return err
	}
	for _, g := range s.GlobalSecondaryIndexes {
		x := t.Index(g.IndexName)
		if x == nil || x.Local {
			return invalidParameter("Index not found: " + g.IndexName)
		}
		if own.IndexRead == nil {
			own.IndexRead, own.IndexDemand = map[string]int64{}, map[string]int64{}
		}
		read, demand := own.IndexRead[x.Name], own.IndexDemand[x.Name]
		if err := overrideRead(t, g.ProvisionedThroughputOverride, &read, &x.Provisioned); err != nil {
			return err
		}
		if err := overrideDemand(t, g.OnDemandThroughputOverride, &demand, &x.OnDemandLimit); err != nil {
			return err
		}
		own.IndexRead[x.Name], own.IndexDemand[x.Name] = read, demand
	}
	return nil
}

func overrideRead(t *catalog.Table, o *readOverride, own *int64, p *catalog.Throughput) error {
	if o == nil || o.ReadCapacityUnits == nil {
		return nil
	}
	if t.OnDemand {
		return invalidParameter("ProvisionedThroughputOverride cannot be specified when BillingMode is PAY_PER_REQUEST")
	}
	*own, p.Read = *o.ReadCapacityUnits, *o.ReadCapacityUnits
	return nil
}

func overrideDemand(t *catalog.Table, o *onDemandReadOverride, own *int64, limit **catalog.Units) error {
	if o == nil || o.MaxReadRequestUnits == nil {
		return nil
	}
	n := *o.MaxReadRequestUnits
	switch {
	case !t.OnDemand:
		return invalidParameter("OnDemandThroughputOverride cannot be specified when BillingMode is PROVISIONED")
	case n < -1 || n == 0:
		return invalidParameter("MaxReadRequestUnits must be at least 1, or -1 to remove the limit")
	}
	u := catalog.Units{Read: n, Write: -1}
	if *limit != nil {
		u.Write = (*limit).Write
	}
	*own, *limit = n, &u
	return nil
}

// updateReplica changes the settings of one replica.
func (c *call) updateReplica(t *catalog.Table, s *replicaSettings) (*tableDescriptionOutput, error) {
	member := c.e.member(t, s.RegionName)
	if member == nil {
		return nil, errNotMember()
	}
	_, err := c.e.catalog.Update(member.Ref, func(t *catalog.Table) error {
		t.Replication = t.Replication.Clone()
		if s.TableClassOverride != "" {
			t.ClassUpdated = c.now.UTC()
		}
		return overrideReplica(t, s)
	})
	if err != nil {
		return nil, err
	}
	return c.afterReplicas(t.Ref)
}

// mayChange checks what a global table does not allow of an ordinary update.
func (c *call) mayChange(t *catalog.Table, in *updateTableInput) error {
	if in.SettingsReplication != "" {
		return errOtherAccounts()
	}
	if t.Replication == nil {
		return nil
	}
	if s := in.StreamSpecification; s != nil && s.StreamEnabled != nil && !*s.StreamEnabled && t.SendsChanges() {
		return invalidParameter("Disabling Stream is not allowed for a Global Table replica.")
	}
	if in.Disassociation != nil {
		only := *in
		only.Disassociation = nil
		if !only.empty() {
			return invalidParameter("DisassociationProtectionEnabled cannot be combined with other updates in one request")
		}
	}
	return c.e.siblingsSettled(t)
}

// errOtherAccounts refuses settings that are for replicas in other accounts: there is one account here.
func errOtherAccounts() error {
	return validation("Replicas of a table in other accounts are not supported by this engine: remove GlobalTableSettingsReplicationMode")
}

// alike is the part of an update that holds for every replica: keys of indexes, capacity, encryption. Streams of
// strongly consistent replicas, protection, and what a replica overrides are each Region's own.
func (in *updateTableInput) alike(t *catalog.Table) updateTableInput {
	out := *in
	out.DeletionProtectionEnabled, out.Disassociation = nil, nil
	own := t.Replication.Own
	if t.Replication.Strong || t.Stream.Enabled {
		out.StreamSpecification = nil
	}
	if own.Class != "" {
		out.TableClass = ""
	}
	if own.KMSKey != "" {
		out.SSESpecification = nil
	}
	if s := out.SSESpecification; s != nil && s.KMSMasterKeyID != nil {
		out.SSESpecification = &sseSpecification{Enabled: s.Enabled, SSEType: s.SSEType} // keys belong to a Region
	}
	if p := in.ProvisionedThroughput; p != nil {
		copied := *p
		if own.Read != 0 {
			copied.ReadCapacityUnits = own.Read
		}
		out.ProvisionedThroughput = &copied
		if !t.OnDemand && copied.ReadCapacityUnits == t.Provisioned.Read && copied.WriteCapacityUnits == t.Provisioned.Write {
			out.ProvisionedThroughput = nil
		}
	}
	if d := in.OnDemandThroughput; d != nil && own.OnDemandRead != 0 {
		out.OnDemandThroughput = &onDemandThroughput{&own.OnDemandRead, d.MaxWriteRequestUnits}
	}
	return out
}

// changesOfReplicas are the changes an update of one Region's table makes in the others.
func (c *call) changesOfReplicas(t *catalog.Table, in *updateTableInput) []*tableChange {
	var changes []*tableChange
	for _, sibling := range t.Siblings() {
		s := c.e.catalog.Table(sibling)
		if s == nil {
			continue
		}
		same := in.alike(s)
		if same.empty() {
			continue
		}
		changes = append(changes, &tableChange{c: c.e.newInternalCall(c.ctx, c.action, sibling), ref: sibling, in: &same})
	}
	return changes
}
