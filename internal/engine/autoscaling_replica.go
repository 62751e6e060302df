package engine

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

var scalingActions = map[string]action{
	"DescribeTableReplicaAutoScaling": handle(describeScaling),
	"UpdateTableReplicaAutoScaling":   handle(updateScaling),
}

// members lists the tables of a global table, in the order they joined; a table of a single Region is its only one.
func (e *Engine) members(t *catalog.Table) []*catalog.Table {
	if t.Replication == nil {
		if now := e.catalog.Table(t.Ref); now != nil {
			t = now
		}
		return []*catalog.Table{t}
	}
	var list []*catalog.Table
	for _, region := range t.Replication.Regions {
		if m := e.catalog.Table(catalog.Ref{Namespace: t.Namespace, Region: region, Name: t.Name}); m != nil {
			list = append(list, m)
		}
	}
	return list
}

func describeScaling(c *call, in *describeScalingInput) (*scalingOutput, error) {
	t, err := c.anyTable(in.TableName)
	if err != nil {
		return nil, err
	}
	return c.e.describeScaling(t)
}

func (e *Engine) describeScaling(t *catalog.Table) (*scalingOutput, error) {
	d := &tableScalingDescription{TableName: t.Name, TableStatus: string(t.Status), Replicas: []replicaScalingDescription{}}
	for _, m := range e.members(t) {
		s, err := scalingsOf(m)
		if err != nil {
			return nil, err
		}
		r := replicaScalingDescription{
			RegionName: m.Region, Indexes: []indexScalingDescription{}, ReplicaStatus: string(m.Status),
			Read: s.Read.describe(), Write: s.Write.describe(),
		}
		for _, x := range m.Indexes {
			if !x.Local {
				r.Indexes = append(r.Indexes, indexScalingDescription{
					x.Name, string(x.Status), s.IndexRead[x.Name].describe(), s.IndexWrite[x.Name].describe(),
				})
			}
		}
		d.Replicas = append(d.Replicas, r)
	}
	return &scalingOutput{d}, nil
}

// updateScaling changes the settings of writes in every Region and those of reads in the Regions named; all of it or
// nothing.
func updateScaling(c *call, in *updateScalingInput) (*scalingOutput, error) {
	t, err := c.anyTable(in.TableName)
	if err != nil {
		return nil, err
	}
	if in.Indexes == nil && in.Write == nil && in.Replicas == nil {
		return nil, validation("At least one of GlobalSecondaryIndexUpdates, ProvisionedWriteCapacityAutoScalingUpdate or ReplicaUpdates is required")
	}
	if t.OnDemand {
		return nil, invalidParameter("Auto scaling settings cannot be specified when BillingMode is PAY_PER_REQUEST")
	}
	members := c.e.members(t)
	for _, u := range in.Replicas {
		if !slices.ContainsFunc(members, func(m *catalog.Table) bool { return m.Region == u.RegionName }) {
			return nil, errNotMember()
		}
	}
	changed := make([]scalings, len(members))
	for i, m := range members {
		if m.Status != catalog.Active {
			return nil, errBusy(m)
		}
		if changed[i], err = scalingsOf(m); err != nil {
			return nil, err
		}
		if err := changed[i].setWrites(m, in.Write, in.Indexes); err != nil {
			return nil, err
		}
		for _, u := range in.Replicas {
			if u.RegionName == m.Region {
				if err := changed[i].setReads(m, u.Read, u.Indexes); err != nil {
					return nil, err
				}
			}
		}
	}
	if err := c.e.keepScalings(members, changed); err != nil {
		return nil, err
	}
	out, err := c.e.describeScaling(t)
	if err == nil {
		out.Table.TableStatus = string(catalog.Updating)
	}
	return out, err
}

func (e *Engine) keepScalings(members []*catalog.Table, changed []scalings) error {
	for i, m := range members {
		_, err := e.catalog.Update(m.Ref, func(t *catalog.Table) error { return t.SetSetting(scalingSetting, changed[i]) })
		if err != nil {
			return err
		}
	}
	return nil
}
