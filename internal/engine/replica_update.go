package engine

import (
	"regexp"
	"slices"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// Changes of the replicas of a table (UpdateTable: ReplicaUpdates, GlobalTableWitnessUpdates, MultiRegionConsistency).

// msgLocalRegion refuses to treat the Region a request goes to as one of the others.
const msgLocalRegion = "Cannot add, delete, or update the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as required."

func errNotMember() error {
	return validation("Update global table operation failed because one or more replicas were not part of the global table.")
}

// regionName is the form of the names of Regions.
var regionName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$`)

// changesReplicas reports whether a request is about replicas.
func (in *updateTableInput) changesReplicas() bool {
	return in.ReplicaUpdates != nil || in.GlobalTableWitnessUpdates != nil || in.MultiRegionConsistency != ""
}

// replicaChanges are the updates of a request by what they ask for.
type replicaChanges struct {
	create, update         []*replicaSettings
	remove                 []string
	disassociate           *disassociateReplica
	addWitness, endWitness string
}

func (in *updateTableInput) replicaChanges() (ch replicaChanges, err error) {
	only := *in
	only.ReplicaUpdates, only.GlobalTableWitnessUpdates, only.MultiRegionConsistency = nil, nil, ""
	if !only.empty() {
		return ch, invalidParameter("ReplicaUpdates cannot be combined with other updates of a table in one request")
	}
	for _, u := range in.ReplicaUpdates {
		given := 0
		if u.Create != nil {
			given++
			ch.create = append(ch.create, u.Create)
		}
		if u.Update != nil {
			given++
			ch.update = append(ch.update, u.Update)
		}
		if u.Delete != nil {
			given++
			ch.remove = append(ch.remove, u.Delete.RegionName)
		}
		if u.Disassociate != nil {
			given++
			ch.disassociate = u.Disassociate
		}
		if given != 1 {
			return ch, invalidParameter("Each replica update must have exactly one of Create, Update, Delete and Disassociate")
		}
	}
	for _, u := range in.GlobalTableWitnessUpdates {
		switch {
		case u.Create != nil && u.Delete == nil && ch.addWitness == "":
			ch.addWitness = u.Create.RegionName
		case u.Delete != nil && u.Create == nil && ch.endWitness == "":
			ch.endWitness = u.Delete.RegionName
		default:
			return ch, invalidParameter("Only one witness can be created or deleted in one request")
		}
	}
	if ch.disassociate != nil && (len(in.ReplicaUpdates) > 1 || in.GlobalTableWitnessUpdates != nil) {
		return ch, invalidParameter("The Disassociate action must be the only replica update in the request")
	}
	return ch, nil
}

// updateReplicas carries out the part of UpdateTable that is about replicas.
func (c *call) updateReplicas(t *catalog.Table, in *updateTableInput) (*tableDescriptionOutput, error) {
	ch, err := in.replicaChanges()
	if err != nil {
		return nil, err
	}
	if t.Replication != nil && t.Replication.Version == catalog.GlobalLegacy {
		return nil, validation("The table is a replica of a global table of version 2017.11.29: use UpdateGlobalTable")
	}
	strong := in.MultiRegionConsistency == "STRONG" || t.Replication != nil && t.Replication.Strong
	switch {
	case in.MultiRegionConsistency != "" && len(ch.create) == 0:
		return nil, invalidParameter("MultiRegionConsistency can only be specified when replicas are created")
	case t.Replication != nil && in.MultiRegionConsistency != "" && (in.MultiRegionConsistency == "STRONG") != t.Replication.Strong:
		return nil, invalidParameter("MultiRegionConsistency of a global table cannot be changed")
	}
	if err := c.e.siblingsSettled(t); err != nil {
		return nil, err
	}
	for _, region := range ch.regions() {
		if region == c.region {
			return nil, validation(msgLocalRegion)
		}
		if !regionName.MatchString(region) {
			return nil, validation("Invalid Region name: " + region)
		}
	}
	switch {
	case ch.disassociate != nil:
		return c.disassociate(t, ch.disassociate)
	case strong:
		return c.updateStrong(t, ch)
	case ch.addWitness != "" || ch.endWitness != "":
		return nil, invalidParameter("Witnesses are only supported by global tables with multi-Region strong consistency")
	case len(ch.create)+len(ch.remove)+len(ch.update) > 1:
		return nil, invalidParameter("Only one replica can be created, updated or deleted in one request")
	case len(ch.create) == 1:
		return c.createReplica(t, ch.create[0])
	case len(ch.remove) == 1:
		return c.removeReplica(t, ch.remove[0])
	case len(ch.update) == 1:
		return c.updateReplica(t, ch.update[0])
	}
	return nil, invalidParameter("ReplicaUpdates must not be empty")
}

// regions lists the Regions of a request that must not be the local one.
func (ch *replicaChanges) regions() []string {
	list := slices.Clone(ch.remove)
	for _, s := range slices.Concat(ch.create, ch.update) {
		list = append(list, s.RegionName)
	}
	for _, w := range []string{ch.addWitness, ch.endWitness} {
		if w != "" {
			list = append(list, w)
		}
	}
	return list
}

// siblingsSettled refuses a change of a global table while a replica is being made, changed or deleted.
func (e *Engine) siblingsSettled(t *catalog.Table) error {
	for _, ref := range t.Siblings() {
		if s := e.catalog.Table(ref); s != nil && s.Status != catalog.Active {
			return errInUse("Attempt to change a resource which is still in use: Replica is being changed: " + t.Name + " in region: " + ref.Region)
		}
	}
	return nil
}

// afterReplicas describes a table whose replicas are changing.
func (c *call) afterReplicas(ref catalog.Ref) (*tableDescriptionOutput, error) {
	t := c.e.catalog.Table(ref)
	if t == nil {
		return nil, errTableNotFound(ref.Name)
	}
	d, err := c.e.describe(t)
	if err != nil {
		return nil, err
	}
	d.TableStatus = string(catalog.Updating)
	return &tableDescriptionOutput{d}, nil
}
