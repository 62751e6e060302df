package engine

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// regionSets are the Regions that can hold one strongly consistent global table together (API reference,
// CreateGlobalTableWitnessGroupMemberAction).
var regionSets = [][]string{
	{"us-east-1", "us-east-2", "us-west-2"},
	{"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"},
	{"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"},
}

// updateStrong changes the Regions of a global table with multi-Region strong consistency: three replicas, or two and a
// witness, all made at once from an empty table and all ended at once.
func (c *call) updateStrong(t *catalog.Table, ch replicaChanges) (*tableDescriptionOutput, error) {
	switch {
	case len(ch.update) == 1 && len(ch.create)+len(ch.remove) == 0:
		return c.updateReplica(t, ch.update[0])
	case t.Replication == nil && len(ch.remove)+len(ch.update) == 0 && ch.endWitness == "":
		return c.createStrong(t, ch)
	case t.Replication != nil && len(ch.create)+len(ch.update) == 0 && ch.addWitness == "":
		return c.endStrong(t, ch)
	}
	return nil, invalidParameter("Replicas of a global table with multi-Region strong consistency are all created in one request and all deleted in one request")
}

// canBeStrong checks what a table must be for strong consistency (developer guide, "How DynamoDB global tables work").
func (c *call) canBeStrong(t *catalog.Table, ch replicaChanges) error {
	regions := []string{t.Region}
	for _, s := range ch.create {
		regions = append(regions, s.RegionName)
	}
	if ch.addWitness != "" {
		regions = append(regions, ch.addWitness)
	}
	inOne := func(set []string) bool {
		return !slices.ContainsFunc(regions, func(r string) bool { return !slices.Contains(set, r) })
	}
	different := slices.Compact(slices.Sorted(slices.Values(regions)))
	counts, err := c.e.store.Counts(t.ID)
	switch {
	case err != nil:
		return err
	case len(different) != len(regions) || len(regions) != 3:
		return invalidParameter("A global table with multi-Region strong consistency has three replicas, or two replicas and a witness, in different Regions")
	case !slices.ContainsFunc(regionSets, inOne):
		return invalidParameter("The Regions of a global table with multi-Region strong consistency must belong to one Region set")
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
	if err := c.canBeStrong(t, ch); err != nil {
		return nil, err
	}
	group := catalog.Replication{
		Version: catalog.GlobalCurrent, Strong: true, Regions: []string{t.Region}, Witness: ch.addWitness, Created: c.now.UTC(),
	}
	var replicas []*catalog.Table
	for _, s := range ch.create {
		n, err := c.newReplica(t, s, true)
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
	out, err := c.afterReplicas(t.Ref)
	if err == nil {
		for i := range out.TableDescription.Replicas {
			out.TableDescription.Replicas[i].ReplicaStatus = string(catalog.Creating)
		}
	}
	return out, err
}

// endStrong deletes all other replicas, and the witness, so that the local one remains as a table of a single Region.
func (c *call) endStrong(t *catalog.Table, ch replicaChanges) (*tableDescriptionOutput, error) {
	r := t.Replication
	for _, region := range ch.remove {
		s := c.e.member(t, region)
		if s == nil {
			return nil, errNotMember()
		}
		if s.DeletionProtection {
			return nil, errProtected()
		}
	}
	if len(ch.remove) != len(r.Regions)-1 || ch.endWitness != r.Witness {
		return nil, invalidParameter("All other replicas and the witness of a global table with multi-Region strong consistency must be deleted in one request")
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
	for i := range out.TableDescription.Replicas {
		out.TableDescription.Replicas[i].ReplicaStatus = string(catalog.Deleting)
	}
	return out, nil
}
