package engine

import (
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
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

// scaledTable finds the table whose auto scaling is described, which is one of a global table: settings of other tables are made with Application Auto
// Scaling, which does not exist here. A table without settings is refused as on the service (DDB-TABLE-187 and 254).
func (c *call) scaledTable(given string) (*catalog.Table, error) {
	return c.tableOfScaling(given, func(t *catalog.Table) bool { return false })
}

// scalableTable finds the table whose auto scaling is set. It may be a provisioned table of no global table, so that it can get replicas.
func (c *call) scalableTable(given string) (*catalog.Table, error) {
	return c.tableOfScaling(given, func(t *catalog.Table) bool { return !t.OnDemand })
}

// tableOfScaling finds a table of a global table, one with settings, or else one that suits.
func (c *call) tableOfScaling(given string, suits func(*catalog.Table) bool) (*catalog.Table, error) {
	name, err := c.tableName(given)
	if err != nil {
		return nil, err
	}
	t := c.e.catalog.Table(c.ref(name))
	if t != nil && t.Replication == nil && !suits(t) {
		if _, made := t.More[scalingSetting]; !made {
			t = nil
		}
	}
	if t == nil {
		return nil, &apiError{Type: "ResourceNotFoundException", Message: "Global table with name: '" + name + "' does not exist."}
	}
	return t, nil
}

func describeScaling(c *call, in *describeScalingInput) (*scalingOutput, error) {
	t, err := c.scaledTable(in.TableName)
	if err != nil {
		return nil, err
	}
	return c.e.describeScaling(t)
}

// describeScaling describes all Regions of a table, its own too, by name (DDB-TABLE-232).
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
			if scalable(m, x.Name) {
				r.Indexes = append(r.Indexes, indexScalingDescription{
					x.Name, string(x.Status), s.IndexRead[x.Name].describe(), s.IndexWrite[x.Name].describe(),
				})
			}
		}
		d.Replicas = append(d.Replicas, r)
	}
	slices.SortFunc(d.Replicas, func(a, b replicaScalingDescription) int { return strings.Compare(a.RegionName, b.RegionName) })
	return &scalingOutput{d}, nil
}

// check refuses what an update says wrong of itself (DDB-TABLE-253 and 255).
func (in *updateScalingInput) check(table string) error {
	refuse := func(why string) error {
		return validation("Failed to update settings for global table with name: ‘" + table + "’ because " + why)
	}
	if in.Indexes == nil && in.Write == nil && in.Replicas == nil {
		return refuse("at least one update parameter must be specified.")
	}
	var seen, twice []string
	for _, u := range in.Replicas {
		if u.Indexes == nil && u.Read == nil {
			return refuse("at least one update parameter must be specified for region: ‘" + u.RegionName + "’.")
		}
		if slices.Contains(seen, u.RegionName) && !slices.Contains(twice, u.RegionName) {
			twice = append(twice, u.RegionName)
		}
		seen = append(seen, u.RegionName)
	}
	if twice != nil {
		return refuse("the regions: ‘[" + strings.Join(twice, ", ") + "]’ were specified more than once.")
	}
	return nil
}

// complete refuses updates that turn auto scaling on and do not say how, of whatever table (DDB-TABLE-455).
func (in *updateScalingInput) complete(table string) error {
	updates := []*scalingUpdate{in.Write}
	for _, u := range in.Indexes {
		updates = append(updates, u.Write)
	}
	for _, r := range in.Replicas {
		updates = append(updates, r.Read)
		for _, u := range r.Indexes {
			updates = append(updates, u.Read)
		}
	}
	for _, u := range updates {
		if err := u.complete(table); err != nil {
			return err
		}
	}
	return nil
}

// enabling names the parameters of an update that a table without provisioned capacity has no use for (DDB-TABLE-190).
func (in *updateScalingInput) enabling() []string {
	var names []string
	if in.Write.enables() {
		names = append(names, "'GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate'")
	}
	for _, u := range in.Indexes {
		if u.Write.enables() {
			names = append(names, "'GlobalTableGlobalSecondaryIndexSettingsUpdate'")
			break
		}
	}
	for _, u := range in.Replicas {
		if u.Read.enables() {
			return append(names, "'ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate'")
		}
	}
	return names
}

// updateScaling changes the settings of writes in every Region and those of reads in the Regions named; all of it or nothing. The answer shows what was
// before, as on the service (DDB-TABLE-238).
func updateScaling(c *call, in *updateScalingInput) (*scalingOutput, error) {
	name, err := c.tableName(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := in.complete(name); err != nil {
		return nil, err
	}
	t, err := c.scalableTable(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := in.check(t.Name); err != nil {
		return nil, err
	}
	members := c.e.members(t)
	if names := in.enabling(); t.OnDemand && names != nil {
		return nil, errNoCapacity(t.Name, members, names)
	}
	for _, u := range in.Replicas {
		if !slices.ContainsFunc(members, func(m *catalog.Table) bool { return m.Region == u.RegionName }) {
			return nil, &apiError{
				Type:    "ResourceNotFoundException",
				Message: "Replica of global table with name: '" + t.Name + "' does not exist in region: '" + u.RegionName + "'.",
			}
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
	before, err := c.e.describeScaling(t)
	if err != nil {
		return nil, err
	}
	return before, c.e.keepScalings(members, changed)
}

func errNoCapacity(table string, members []*catalog.Table, names []string) error {
	regions := make([]string, len(members))
	for i, m := range members {
		regions[i] = "'" + strings.ToUpper(m.Region) + "'"
	}
	slices.Sort(regions)
	return validation("Failed to update global table with name ‘" + table + "‘. Replicas " + strings.Join(regions, ", ") + " BillingMode is PayPerRequest. " +
		"You must convert table's BillingMode to PROVISIONED to set parameters: " + strings.Join(names, ", ") + ".")
}

// keepScalings keeps the settings of all Regions, all of them or none.
func (e *Engine) keepScalings(members []*catalog.Table, changed []scalings) error {
	refs := make([]catalog.Ref, len(members))
	for i, m := range members {
		refs[i] = m.Ref
	}
	return e.catalog.UpdateAll(refs, func(tables []*catalog.Table, _ *storage.Batch) error {
		if len(tables) < len(changed) {
			return errTableNotFound(members[0].Name)
		}
		for i, t := range tables {
			if err := t.SetSetting(scalingSetting, changed[i]); err != nil {
				return err
			}
		}
		return nil
	})
}
