package engine

import (
	"cmp"
	"slices"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// Global tables of version 2017.11.29: tables of one name, made Region by Region while they are empty, that are tied
// together afterwards. They replicate as those of version 2019.11.21 do, except
// for what time to live deletes; settings stay each Region's own.

var globalActions = map[string]action{
	"CreateGlobalTable":           handle(createGlobal),
	"DescribeGlobalTable":         handle(describeGlobal),
	"ListGlobalTables":            handle(listGlobal),
	"UpdateGlobalTable":           handle(updateGlobal),
	"DescribeGlobalTableSettings": handle(describeGlobalSettings),
	"UpdateGlobalTableSettings":   handle(updateGlobalSettings),
}

// globalTable lists the tables of a legacy global table, in the order they joined; none when there is no such one.
func (c *call) globalTable(name string) []*catalog.Table {
	for _, t := range c.e.catalog.All() {
		if t.Namespace == c.namespace && t.Name == name && t.Replication != nil && t.Replication.Version == catalog.GlobalLegacy {
			return c.e.members(t)
		}
	}
	return nil
}

// findGlobal is globalTable that refuses a name there is none of.
func (c *call) findGlobal(name string) ([]*catalog.Table, error) {
	list := c.globalTable(name)
	if list == nil {
		return nil, &apiError{Type: "GlobalTableNotFoundException", Message: "Global table not found: Global table with name: '" + name + "' does not exist."}
	}
	return list, nil
}

// settingsGlobal is findGlobal for the operations on settings, which word the refusal without its beginning (DDB-GLOBALTABLE-004).
func (c *call) settingsGlobal(name string) ([]*catalog.Table, error) {
	list, err := c.findGlobal(name)
	if err != nil {
		return nil, &apiError{Type: "GlobalTableNotFoundException", Message: "Global table with name: '" + name + "' does not exist."}
	}
	return list, nil
}

func describeGroup(list []*catalog.Table, status string) *globalOutput {
	d := &globalDescription{
		ReplicationGroup: []regionShape{}, ARN: "arn:aws:dynamodb::" + catalog.Account + ":global-table/" + list[0].Name,
		Created: list[0].Replication.Created, Status: status, Name: list[0].Name,
	}
	for _, t := range list {
		d.ReplicationGroup = append(d.ReplicationGroup, regionShape{t.Region})
	}
	return &globalOutput{d}
}

func describeGlobal(c *call, in *globalNameInput) (*globalOutput, error) {
	if err := checkPlainName("globalTableName", in.Name); err != nil {
		return nil, err
	}
	list, err := c.findGlobal(in.Name)
	if err != nil {
		return nil, err
	}
	return describeGroup(list, string(catalog.Active)), nil
}

// maxGlobalTables is how many tables a page has when the request does not say (API reference, ListGlobalTables).
const maxGlobalTables = 100

func listGlobal(c *call, in *listGlobalInput) (*listGlobalOutput, error) {
	limit := int64(maxGlobalTables)
	if in.Limit != nil {
		limit = *in.Limit
	}
	var firsts []*catalog.Table // the first table of each global table
	for _, t := range c.e.catalog.All() {
		r := t.Replication
		if t.Namespace == c.namespace && r != nil && r.Version == catalog.GlobalLegacy && r.Regions[0] == t.Region &&
			t.Name > in.Start && (in.Region == "" || slices.Contains(r.Regions, in.Region)) {
			firsts = append(firsts, t)
		}
	}
	slices.SortFunc(firsts, func(a, b *catalog.Table) int { return cmp.Compare(a.Name, b.Name) })
	out := &listGlobalOutput{Tables: []globalSummary{}}
	for _, t := range firsts {
		if int64(len(out.Tables)) == limit {
			out.Last = out.Tables[limit-1].Name
			break
		}
		out.Tables = append(out.Tables, globalSummary{t.Name, describeGroup(c.e.members(t), "").Description.ReplicationGroup})
	}
	return out, nil
}
