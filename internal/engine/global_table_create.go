package engine

import (
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

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
				err = e.keepCursor(p, e.tend.clock.latest())
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
