package engine

import (
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Settings of replicas: what one Region has for itself, and what all have alike.

// overrideReplica applies what a request says of one replica to its table.
func overrideReplica(t *catalog.Table, s *replicaSettings) error {
	if s.KMSMasterKeyID != "" {
		on := true
		if err := setSSE(t, &sseSpecification{Enabled: &on, SSEType: "KMS", KMSMasterKeyID: &s.KMSMasterKeyID}); err != nil {
			return ofReplicaKey(err, t.Region)
		}
	}
	own := &t.Replication.Own
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
		return validation("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
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
		return validation("MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED")
	case n < -1 || n == 0:
		return invalidParameter("Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range")
	}
	u := catalog.Units{Read: n, Write: -1}
	if *limit != nil {
		u.Write = (*limit).Write
	}
	*own, *limit = n, &u
	return nil
}

// checkReplicaKey checks the key of a new replica against those of the others: all are the customer's, or none is.
func checkReplicaKey(t *catalog.Table, id string) error {
	customers := customersKey(t)
	switch {
	case id == "" && !customers:
		return nil
	case id == "" || t.SSE == nil:
		return errReplicaKey()
	case customers == (id == defaultKey):
		return errMixedKeys()
	}
	return nil
}

// checkReplicaKeys checks the keys of an update, which are those of all replicas or of none: the replica the request goes to counts too
// (hashicorp/terraform-provider-aws, issue 21726 and pull request 23156). With fewer the service refuses any key (DDB-TABLE-295 and 309).
func checkReplicaKeys(t *catalog.Table, updates []*replicaSettings) error {
	keys := map[string]string{}
	defaults := 0
	for _, s := range updates {
		if s.KMSMasterKeyID != "" {
			keys[s.RegionName] = s.KMSMasterKeyID
		}
	}
	for _, region := range t.Replication.Regions {
		switch keys[region] {
		case "":
			if len(keys) > 0 {
				return errReplicaKey()
			}
		case defaultKey:
			defaults++
		}
	}
	if defaults > 0 && defaults < len(keys) {
		return errMixedKeys()
	}
	return nil
}

// errReplicaKey refuses a key where none may stand, and none where one must; the service has one text for both (DDB-TABLE-309).
func errReplicaKey() error {
	return invalidParameter("KMSMasterKeyId must be specified for each replica.")
}

func errMixedKeys() error {
	return invalidParameter("All replica keys must either be Customer Managed CMK or AWS Managed CMK.")
}

// updateReplica changes the settings of replicas. The answer does not show them yet (DDB-TABLE-250).
func (c *call) updateReplica(t *catalog.Table, updates []*replicaSettings) (*tableDescriptionOutput, error) {
	out, err := c.afterReplicas(t.Ref)
	if err != nil {
		return nil, err
	}
	var refs []catalog.Ref
	var missing []string
	for _, s := range updates {
		if member := c.e.member(t, s.RegionName); member != nil {
			refs = append(refs, member.Ref)
		} else {
			missing = append(missing, s.RegionName)
		}
	}
	if missing != nil {
		return nil, errNotMember(missing...)
	}
	if err := checkReplicaKeys(t, updates); err != nil {
		return nil, err
	}
	err = c.e.catalog.UpdateAll(refs, func(members []*catalog.Table, _ *storage.Batch) error {
		for i, m := range members {
			m.Replication = m.Replication.Clone()
			if updates[i].TableClassOverride != "" {
				m.ClassUpdated = c.now.UTC()
			}
			if err := overrideReplica(m, updates[i]); err != nil {
				return err
			}
			dropOverrides(m, t)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, c.updating(t.Ref)
}

// mayChange checks what a global table does not allow of an ordinary update.
func (c *call) mayChange(t *catalog.Table, in *updateTableInput) error {
	switch {
	case in.SettingsReplication != "" && t.Replication != nil:
		return errOtherAccounts()
	case in.SettingsReplication == settingsMode:
		return validation("Value '" + settingsMode + "' at 'GlobalTableSettingsReplicationMode' failed to satisfy constraint: " +
			"Only ENABLED and DISABLED settings replication are supported for a Regional Table.")
	case t.Replication == nil:
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
	return c.e.siblingsSettled(t, nil)
}

// modeSetting names in the catalogue how settings of a table are to be kept alike once it has replicas. A table of one Region takes it and shows it
// (DDB-TABLE-048), and nothing comes of it: it is for replicas in other accounts.
const modeSetting = "settingsReplication"

// errOtherAccounts refuses settings that are for replicas in other accounts: there is one account here.
func errOtherAccounts() error {
	return validation("Replicas of a table in other accounts are not supported by this engine: remove GlobalTableSettingsReplicationMode")
}
