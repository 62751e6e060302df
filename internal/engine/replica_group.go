package engine

import (
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// strongRegions are the Regions that can hold a strongly consistent global table (API reference, CreateGlobalTableWitnessGroupMemberAction). That guide
// knows three sets of them; the service takes a table across sets (DDB-TABLE-257).
var strongRegions = []string{
	"us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
}

// checkConsistency checks a request that names a consistency or makes a witness, in the service's order (DDB-TABLE-202, 257 and 260).
func (c *call) checkConsistency(t *catalog.Table, want string, ch replicaChanges) error {
	if want != "STRONG" {
		switch {
		case ch.addWitness != "":
			return validation("MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is present.")
		case len(ch.create) == 0:
			return validation("Only Replica Create actions are supported when MultiRegionConsistency parameter is provided.")
		case t.Replication != nil && t.Replication.Strong:
			return validation("MultiRegionConsistency parameter is unsupported on existing global table")
		}
		return nil
	}
	if len(ch.create) == 0 {
		return validation("Only Replica Create actions are supported when MultiRegionConsistency parameter is provided.")
	}
	regions := []string{t.Region}
	for _, s := range ch.create {
		regions = append(regions, s.RegionName)
	}
	if ch.addWitness != "" {
		regions = append(regions, ch.addWitness)
	}
	unsupported := slices.DeleteFunc(slices.Clone(regions), func(region string) bool { return slices.Contains(strongRegions, region) })
	const strongly = "global tables with MultiRegionConsistency set to STRONG"
	switch {
	case len(regions) != 3:
		return validation("Unsupported replica count for " + strongly + ".")
	case len(unsupported) > 0:
		return validation("Unsupported Region(s) specified for " + strongly + ": [" + strings.Join(slices.Compact(slices.Sorted(slices.Values(unsupported))), ", ") + "].")
	case ch.addWitness == t.Region:
		return validation("Cannot add a witness in the same region as an existing replica when creating a global table with MultiRegionConsistency set to STRONG.")
	case regions[1] == regions[2]:
		return validation("Cannot target multiple regions with the same action")
	case t.Replication != nil:
		return validation("MultiRegionConsistency parameter is unsupported on existing global table")
	}
	return nil
}

// canBeStrong checks what a table must be for strong consistency (developer guide, "How DynamoDB global tables work").
func (c *call) canBeStrong(t *catalog.Table) error {
	counts, err := c.e.store.Counts(t.ID)
	switch {
	case err != nil:
		return err
	case counts.Items > 0:
		return invalidParameter("Table must be empty to become a global table with multi-Region strong consistency: " + t.Name)
	case slices.ContainsFunc(t.Indexes, func(x *catalog.Index) bool { return x.Local }):
		return invalidParameter("Local secondary indexes are not supported by global tables with multi-Region strong consistency")
	case t.TTL.Enabled:
		return invalidParameter("Time to Live is not supported by global tables with multi-Region strong consistency")
	}
	if t.OnDemand {
		return nil
	}
	return c.canReplicate(t)
}

func (c *call) createStrong(t *catalog.Table, ch replicaChanges) (*tableDescriptionOutput, error) {
	if err := c.canBeStrong(t); err != nil {
		return nil, err
	}
	group := catalog.Replication{
		Version: catalog.GlobalCurrent, Strong: true, Regions: []string{t.Region}, Witness: ch.addWitness, Created: c.now.UTC(),
	}
	var replicas []*catalog.Table
	for _, s := range ch.create {
		n, err := c.newStrongReplica(t, s)
		if err != nil {
			return nil, err
		}
		group.Regions = append(group.Regions, s.RegionName)
		replicas = append(replicas, n)
	}
	for _, n := range replicas {
		own := n.Replication.Own
		n.Replication = group.Clone()
		n.Replication.Own = own
		if _, err := c.e.addTable(c, n); err != nil {
			return nil, err
		}
	}
	_, err := c.e.catalog.Update(t.Ref, func(t *catalog.Table) error {
		t.Replication = group.Clone()
		t.Replication.Sourced = c.now.UTC()
		if c.e.realistic() {
			t.Status, t.Due = catalog.Updating, c.now.Add(realisticTableDelay)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.e.latches.barrier() // from here on every write is made in every Region
	out, err := c.afterReplicas(t.Ref, group.Regions...)
	if err == nil {
		out.TableDescription.GlobalTableWitnesses = nil
	}
	return out, err
}

// msgOneReplica refuses to end a part of a strongly consistent global table.
const msgOneReplica = "Deletion of only one table replica is not supported for global tables with MultiRegionConsistency set to STRONG."

// endStrong deletes all other replicas, and the witness, so that the local one remains as a table of a single Region.
func (c *call) endStrong(t *catalog.Table, ch replicaChanges) (*tableDescriptionOutput, error) {
	r := t.Replication
	if len(ch.create) > 0 {
		return nil, validation("Cannot add replicas to a global table with strong MultiRegionConsistency")
	}
	for _, region := range ch.remove {
		s := c.e.member(t, region)
		if s == nil {
			return nil, errNotMember(region)
		}
		if s.DeletionProtection {
			return nil, errProtectedReplica(s)
		}
	}
	switch {
	case ch.endWitness != "" && ch.endWitness != r.Witness:
		return nil, errNoPart("witnesses", []string{ch.endWitness})
	case ch.endWitness != r.Witness:
		return nil, validation("Update table delete operation does not include all witnesses.")
	case len(ch.remove) != len(r.Regions)-1:
		return nil, validation(msgOneReplica)
	}
	out, err := c.afterReplicas(t.Ref)
	if err != nil {
		return nil, err
	}
	siblings := t.Siblings()
	_, err = c.e.catalog.UpdateWith(t.Ref, func(t *catalog.Table, b *storage.Batch) error {
		endReplication(t, b)
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.e.latches.barrier()
	for _, ref := range siblings {
		if s := c.e.catalog.Table(ref); s != nil {
			if err := c.dropMember(s); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
