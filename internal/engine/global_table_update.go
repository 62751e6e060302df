package engine

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

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
			if err == nil {
				err = sameWrites(list[0], t)
			}
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

// sameWrites checks that a table that joins has the write capacity of the others, and its indexes too (API reference, UpdateGlobalTable). A global table
// that is made is advised to be so and not held to it.
func sameWrites(a, b *catalog.Table) error {
	ok := a.OnDemand == b.OnDemand && a.Provisioned.Write == b.Provisioned.Write
	for _, x := range a.Indexes {
		if y := b.Index(x.Name); y != nil && !x.Local {
			ok = ok && x.Provisioned.Write == y.Provisioned.Write
		}
	}
	if !ok {
		return validation("The replicas of a global table must have the same write capacity, and so must their secondary indexes. Table: '" + a.Name +
			"' in regions: '" + a.Region + "', '" + b.Region + "'.")
	}
	return nil
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
