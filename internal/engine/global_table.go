package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Global tables of version 2017.11.29: tables of one name, made Region by Region while they are empty, that are tied
// together afterwards. They replicate as those of version 2019.11.21 do; settings stay each Region's own.

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

func createGlobal(c *call, in *createGlobalInput) (*globalOutput, error) {
	if err := checkPlainName("globalTableName", in.Name); err != nil {
		return nil, err
	}
	if c.globalTable(in.Name) != nil {
		return nil, &apiError{
			Type: "GlobalTableAlreadyExistsException", Message: "Global table already exists: Global table with name: '" + in.Name + "' already exists.",
		}
	}
	if len(in.Group) == 0 {
		return nil, invalidParameter("ReplicationGroup must not be empty")
	}
	if err := c.legacyEnds(); err != nil {
		return nil, err
	}
	var list []*catalog.Table
	for _, g := range in.Group {
		t, err := c.globalCandidate(in.Name, g.RegionName)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(list, func(m *catalog.Table) bool { return m.Region == t.Region }) {
			return nil, invalidParameter("ReplicationGroup has a Region twice: " + g.RegionName)
		}
		list = append(list, t)
	}
	if err := c.tie(list, nil); err != nil {
		return nil, err
	}
	list, err := c.findGlobal(in.Name)
	if err != nil {
		return nil, err
	}
	return describeGroup(list, string(catalog.Creating)), nil
}

// legacyRegions are those that had global tables of version 2017.11.29, in the service's order.
var legacyRegions = []string{
	"eu-west-2", "eu-west-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-2", "eu-central-1", "ap-northeast-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
}

// legacyEnds refuses to make or widen a global table of version 2017.11.29 as the service does since 2026 (DDB-GLOBALTABLE-002), when the life cycle is
// realistic. Otherwise it can be made, for programs of accounts that still have some.
func (c *call) legacyEnds() error {
	const subject = "DynamoDB global tables version 2017.11.29 is not supported"
	switch {
	case !c.e.realistic():
		return nil
	case !slices.Contains(legacyRegions, c.region):
		return invalidParameter(subject + " in this region '" + c.region + "', supported regions are : [" + strings.Join(legacyRegions, ", ") + "]")
	}
	return invalidParameter(subject + ". We recommend using DynamoDB global tables version 2019.11.21, instead of version 2017.11.29 (Legacy).")
}

// globalCandidate finds a table that may become a replica: empty, with a stream of both images, and none yet.
func (c *call) globalCandidate(name, region string) (*catalog.Table, error) {
	t := c.e.catalog.Table(catalog.Ref{Namespace: c.namespace, Region: region, Name: name})
	if t == nil {
		return nil, &apiError{Type: "TableNotFoundException", Message: "Table not found: Table: '" + name + "' not found in region: '" + region + "'."}
	}
	counts, err := c.e.store.Counts(t.ID)
	switch where := " Table: '" + name + "' in region: '" + region + "'."; {
	case err != nil:
		return nil, err
	case t.Status != catalog.Active:
		return nil, errBusy(t)
	case t.Replication != nil:
		return nil, validation("The table is a replica of a global table of version " + t.Replication.Version + "." + where)
	case !t.Stream.Enabled || t.Stream.View != "NEW_AND_OLD_IMAGES":
		return nil, validation("A replica must have DynamoDB Streams enabled with NEW_AND_OLD_IMAGES." + where)
	case counts.Items > 0:
		return nil, validation("A replica must be empty." + where)
	}
	return t, nil
}

// tie makes tables a global table, or adds the tables in add to the one of list.
func (c *call) tie(list, add []*catalog.Table) error {
	all := slices.Concat(list, add)
	group := catalog.Replication{Version: catalog.GlobalLegacy, Created: c.now.UTC()}
	if list[0].Replication != nil {
		group = *list[0].Replication.Clone()
		group.Regions = nil
	}
	for _, t := range all {
		group.Regions = append(group.Regions, t.Region)
		if err := sameTable(all[0], t); err != nil {
			return err
		}
	}
	for _, t := range all {
		_, err := c.e.catalog.Update(t.Ref, func(t *catalog.Table) error {
			t.Replication = group.Clone()
			return nil
		})
		if err != nil {
			return err
		}
	}
	c.e.latches.barrier()
	if err := c.e.beginGroup(all); err != nil {
		return err
	}
	c.e.startReplication()
	return nil
}

// beginGroup has tables that are empty send to each other everything that comes now.
func (e *Engine) beginGroup(all []*catalog.Table) error {
	e.repl.round.Lock()
	defer e.repl.round.Unlock()
	for _, from := range all {
		for _, to := range all {
			p := replicaPair{from.ID, to.ID}
			at, err := e.cursor(p)
			if err == nil && from != to && at == 0 {
				err = e.moveCursor(p, e.tend.clock.latest(), true)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// sameTable checks that two tables have the same keys and indexes.
func sameTable(a, b *catalog.Table) error {
	same := func(x, y catalog.Schema) bool { return slices.Equal(x.Hash, y.Hash) && slices.Equal(x.Range, y.Range) }
	ok := same(a.Key, b.Key) && len(a.Indexes) == len(b.Indexes)
	for _, x := range a.Indexes {
		y := b.Index(x.Name)
		ok = ok && y != nil && y.Local == x.Local && same(x.Key, y.Key)
	}
	if !ok {
		return validation("The replicas of a global table must have the same key schema and secondary indexes. Table: '" + a.Name +
			"' in regions: '" + a.Region + "', '" + b.Region + "'.")
	}
	return nil
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

// updateGlobal ties further tables to a global table, and unties some: those remain as tables of their own.
func updateGlobal(c *call, in *updateGlobalInput) (*globalOutput, error) {
	if err := checkPlainName("globalTableName", in.Name); err != nil {
		return nil, err
	}
	if len(in.Updates) == 0 || slices.ContainsFunc(in.Updates, func(u globalUpdate) bool { return u.Create == nil && u.Delete == nil }) {
		return nil, validation("One or more parameter values were invalid") // of what it says no more (DDB-TABLE-457)
	}
	if slices.ContainsFunc(in.Updates, func(u globalUpdate) bool { return u.Create != nil }) {
		if err := c.legacyEnds(); err != nil { // before the table is looked for
			return nil, err
		}
	}
	list, err := c.findGlobal(in.Name)
	if err != nil {
		return nil, err
	}
	var add, end []*catalog.Table
	for _, u := range in.Updates {
		switch {
		case u.Create != nil && u.Delete == nil:
			t, err := c.joining(list, in.Name, u.Create.RegionName)
			if err != nil {
				return nil, err
			}
			add = append(add, t)
		case u.Delete != nil && u.Create == nil:
			i := slices.IndexFunc(list, func(t *catalog.Table) bool { return t.Region == u.Delete.RegionName })
			if i < 0 {
				return nil, errNoReplica(in.Name, u.Delete.RegionName)
			}
			end = append(end, list[i])
		default:
			return nil, invalidParameter("Each replica update must have exactly one of Create and Delete")
		}
	}
	if len(add) > 0 {
		if err := c.tie(list, add); err != nil {
			return nil, err
		}
	}
	out := describeGroup(c.globalTable(in.Name), string(catalog.Updating))
	for _, t := range end {
		if err := c.untie(c.e.catalog.Table(t.Ref)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func errNoReplica(name, region string) error {
	return &apiError{Type: "ReplicaNotFoundException", Message: "Replica not found: Replica of global table with name: '" + name + "' does not exist in region: '" + region + "'."}
}

// joining finds a table that is to be tied to a global table, which must be empty itself.
func (c *call) joining(list []*catalog.Table, name, region string) (*catalog.Table, error) {
	if slices.ContainsFunc(list, func(t *catalog.Table) bool { return t.Region == region }) {
		return nil, &apiError{
			Type:    "ReplicaAlreadyExistsException",
			Message: "Replica already exists: Replica of global table with name: '" + name + "' already exists in region: '" + region + "'.",
		}
	}
	counts, err := c.e.store.Counts(list[0].ID)
	if err != nil {
		return nil, err
	}
	if counts.Items > 0 {
		return nil, validation("A global table must be empty to get a further replica. Global table: '" + name + "'.")
	}
	return c.globalCandidate(name, region)
}

// untie makes a replica a table of its own.
func (c *call) untie(t *catalog.Table) error {
	if t == nil {
		return nil
	}
	if err := c.e.part(c.ctx, t); err != nil {
		return err
	}
	_, err := c.e.catalog.UpdateWith(t.Ref, func(t *catalog.Table, b *storage.Batch) error {
		endReplication(t, b)
		return nil
	})
	return err
}
