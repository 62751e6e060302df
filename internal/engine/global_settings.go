package engine

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Settings of legacy global tables.

func describeGlobalSettings(c *call, in *globalNameInput) (*globalSettingsOutput, error) {
	if err := checkPlainName("globalTableName", in.Name); err != nil {
		return nil, err
	}
	list, err := c.settingsGlobal(in.Name)
	if err != nil {
		return nil, err
	}
	return describeSettings(list, string(catalog.Active))
}

func describeSettings(list []*catalog.Table, status string) (*globalSettingsOutput, error) {
	out := &globalSettingsOutput{Name: list[0].Name, Replicas: []replicaSettingsDescription{}}
	for _, t := range list {
		s, err := scalingsOf(t)
		if err != nil {
			return nil, err
		}
		d := replicaSettingsDescription{
			RegionName: t.Region, ReplicaStatus: status, ReadUnits: t.Provisioned.Read, WriteUnits: t.Provisioned.Write,
			Read: s.Read.describe(), Write: s.Write.describe(),
		}
		if t.OnDemand {
			d.Billing = &billingModeSummary{"PAY_PER_REQUEST", t.LastOnDemand}
		}
		if t.Class != "" {
			d.Class = &tableClassSummary{t.Class, t.ClassUpdated}
		}
		for _, x := range t.Indexes {
			if !x.Local {
				d.Indexes = append(d.Indexes, replicaIndexSettingsDescription{
					IndexName: x.Name, IndexStatus: string(x.Status), ReadUnits: x.Provisioned.Read, WriteUnits: x.Provisioned.Write,
					Read: s.IndexRead[x.Name].describe(), Write: s.IndexWrite[x.Name].describe(),
				})
			}
		}
		out.Replicas = append(out.Replicas, d)
	}
	return out, nil
}

// updateGlobalSettings changes capacity, auto scaling and table class of the replicas. What it refuses it refuses before
// the first replica changes.
func updateGlobalSettings(c *call, in *globalSettingsInput) (*globalSettingsOutput, error) {
	if err := checkPlainName("globalTableName", in.Name); err != nil {
		return nil, err
	}
	list, err := c.settingsGlobal(in.Name)
	if err != nil {
		return nil, err
	}
	for _, u := range in.Replicas {
		if !slices.ContainsFunc(list, func(t *catalog.Table) bool { return t.Region == u.RegionName }) {
			return nil, errNoReplica(in.Name, u.RegionName)
		}
	}
	changed := make([]*catalog.Table, len(list))
	for i, t := range list {
		if t.Status != catalog.Active {
			return nil, errBusy(t)
		}
		changed[i] = t.Clone()
		if err := c.globalSettings(changed[i], in); err != nil {
			return nil, err
		}
	}
	refs := make([]catalog.Ref, len(list))
	for i, t := range list {
		refs[i] = t.Ref
	}
	err = c.e.catalog.UpdateAll(refs, func(tables []*catalog.Table, _ *storage.Batch) error {
		if len(tables) < len(changed) {
			return errTableNotFound(in.Name)
		}
		for i, t := range tables {
			from := changed[i]
			t.OnDemand, t.BillingShown, t.LastOnDemand = from.OnDemand, from.BillingShown, from.LastOnDemand
			t.Provisioned, t.Class, t.ClassUpdated, t.More = from.Provisioned, from.Class, from.ClassUpdated, from.More
			for _, x := range from.Indexes {
				if y := t.Index(x.Name); y != nil {
					y.Provisioned = x.Provisioned
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return describeSettings(c.globalTable(in.Name), string(catalog.Updating))
}

// globalSettings applies a request to one replica.
func (c *call) globalSettings(t *catalog.Table, in *globalSettingsInput) error {
	here := replicaSettingsUpdate{}
	if i := slices.IndexFunc(in.Replicas, func(u replicaSettingsUpdate) bool { return u.RegionName == t.Region }); i >= 0 {
		here = in.Replicas[i]
	}
	if err := c.globalCapacity(t, in, &here); err != nil {
		return err
	}
	if here.Class != "" {
		t.Class, t.ClassUpdated = here.Class, c.now.UTC()
	}
	s, err := scalingsOf(t)
	if err != nil {
		return err
	}
	var writes []indexScalingUpdate
	for _, u := range in.Indexes {
		writes = append(writes, indexScalingUpdate{u.IndexName, u.Write})
	}
	var reads []replicaIndexScalingUpdate
	for _, u := range here.Indexes {
		reads = append(reads, replicaIndexScalingUpdate{u.IndexName, u.Read})
	}
	if err := s.setWrites(t, in.Write, writes); err != nil {
		return err
	}
	if err := s.setReads(t, here.Read, reads); err != nil {
		return err
	}
	return t.SetSetting(scalingSetting, s)
}

// globalCapacity applies billing mode and provisioned units of table and indexes.
func (c *call) globalCapacity(t *catalog.Table, in *globalSettingsInput, here *replicaSettingsUpdate) error {
	want := provisionedThroughput{ReadCapacityUnits: t.Provisioned.Read, WriteCapacityUnits: t.Provisioned.Write}
	if in.WriteUnits != nil {
		want.WriteCapacityUnits = *in.WriteUnits
	}
	if here.ReadUnits != nil {
		want.ReadCapacityUnits = *here.ReadUnits
	}
	u := &updateTableInput{BillingMode: in.BillingMode}
	if in.WriteUnits != nil || here.ReadUnits != nil {
		if u.ProvisionedThroughput = &want; !t.OnDemand && want.ReadCapacityUnits == t.Provisioned.Read && want.WriteCapacityUnits == t.Provisioned.Write {
			u.ProvisionedThroughput = nil
		}
	}
	if u.BillingMode != "" || u.ProvisionedThroughput != nil {
		if err := changeBilling(t, u, c.now); err != nil {
			return err
		}
	}
	if !t.OnDemand && (t.Provisioned.Read == 0 || t.Provisioned.Write == 0) { // a Region that was on demand has none of its own to go on with
		return invalidParameter("ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
	}
	units := map[string]provisionedThroughput{}
	at := func(index string) (provisionedThroughput, error) {
		x := t.Index(index)
		if x == nil || x.Local {
			return provisionedThroughput{}, &apiError{Type: "IndexNotFoundException", Message: "Index not found: " + index}
		}
		if p, ok := units[index]; ok {
			return p, nil
		}
		return provisionedThroughput{ReadCapacityUnits: x.Provisioned.Read, WriteCapacityUnits: x.Provisioned.Write}, nil
	}
	for _, g := range in.Indexes {
		p, err := at(g.IndexName)
		if err != nil {
			return err
		}
		if g.WriteUnits != nil {
			p.WriteCapacityUnits = *g.WriteUnits
		}
		units[g.IndexName] = p
	}
	for _, g := range here.Indexes {
		p, err := at(g.IndexName)
		if err != nil {
			return err
		}
		if g.ReadUnits != nil {
			p.ReadCapacityUnits = *g.ReadUnits
		}
		units[g.IndexName] = p
	}
	for index, p := range units {
		if err := setThroughput(&t.Index(index).Provisioned, &p, c.now); err != nil {
			return err
		}
	}
	for _, x := range t.Indexes {
		if !t.OnDemand && !x.Local && (x.Provisioned.Read == 0 || x.Provisioned.Write == 0) {
			return invalidParameter("ProvisionedThroughput must be specified for index: " + x.Name)
		}
	}
	return nil
}
