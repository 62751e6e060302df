package engine

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// Changes of the replicas of a table (UpdateTable: ReplicaUpdates, GlobalTableWitnessUpdates, MultiRegionConsistency).

// The words of refusals about replicas are the service's as measured (aws-controllers-k8s/dynamodb-controller, docs/api-quirks: DDB-TABLE-202, 203,
// 223, 224, 250, 257, 260, 265, 307 and 313).

// Refusals to treat the Region a request goes to as one of the others.
const (
	msgLocalRegion = "Cannot add or delete the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as required."
	msgLocalUpdate = "Cannot add, delete, or update the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as required."
)

func errNotMember(regions ...string) error { return errNoPart("replicas", regions) }

// errNoPart refuses to change replicas or witnesses that are none.
func errNoPart(what string, regions []string) error {
	return validation("Update global table operation failed because one or more " + what + " were not part of the global table. " +
		"Please retry the request without these " + what + ": [" + strings.Join(regions, ", ") + "].")
}

func errNoAction() error {
	return validation("There are no actions specified in the Replica Update Action of the request.")
}

// regionName is the form of the names of Regions. New ones come every year, so no list of today's decides; the refusal has one, as the service's does.
var regionName = regexp.MustCompile(`^(af|ap|ca|cn|eu|il|me|mx|sa|us)(-gov|-iso[a-z]?)?-(central|north|south|east|west|northeast|northwest|southeast|southwest)-\d$`)

func errNoRegion(region string) error {
	return validation("Region " + region + " is not supported. The latest version of global tables are only supported in the following regions: [" +
		"ap-south-2, ap-south-1, eu-south-1, eu-south-2, me-central-1, il-central-1, ca-central-1, mx-central-1, eu-central-1, eu-central-2, us-west-1, " +
		"us-west-2, af-south-1, eu-north-1, eu-west-3, eu-west-2, eu-west-1, ap-northeast-3, ap-northeast-2, ap-northeast-1, me-south-1, sa-east-1, " +
		"ap-east-1, ap-east-2, ca-west-1, ap-southeast-1, ap-southeast-2, ap-southeast-3, ap-southeast-4, ap-southeast-5, ap-southeast-7, us-east-1, us-east-2]")
}

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

// replicaChanges sorts the updates of a request, and refuses what it says wrong of itself.
func (in *updateTableInput) replicaChanges() (ch replicaChanges, err error) {
	only := *in
	only.ReplicaUpdates, only.GlobalTableWitnessUpdates, only.MultiRegionConsistency = nil, nil, ""
	switch {
	case only.empty():
	case in.GlobalTableWitnessUpdates != nil || in.MultiRegionConsistency != "":
		return ch, validation("Requests that modify replicas or witnesses must not also modify other fields")
	default:
		return ch, invalidParameter("Replica modification must be the only operation in the request")
	}
	for i, u := range in.ReplicaUpdates {
		given := 0
		if u.Create != nil {
			given++
			if u.Create.RegionName == "" {
				return ch, validation("One or more parameter values were invalid") // of what it says no more (DDB-TABLE-457)
			}
			if !slices.ContainsFunc(ch.create, func(s *replicaSettings) bool { return reflect.DeepEqual(s, u.Create) }) { // twice the same is once
				ch.create = append(ch.create, u.Create)
			}
		}
		if u.Update != nil {
			given++
			switch {
			case u.Update.RegionName == "":
				return ch, validation(fmt.Sprintf("1 validation error detected: Value null at 'replicaUpdates.%d.member.update.regionName' failed to satisfy constraint: "+
					"Member must not be null", i+1))
			case u.Update.empty():
				return ch, errNoAction()
			}
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
		if given == 0 {
			return ch, errNoAction()
		}
	}
	kinds := 0
	for _, is := range []bool{len(ch.create) > 0, len(ch.update) > 0, len(ch.remove) > 0, ch.disassociate != nil} {
		if is {
			kinds++
		}
	}
	if kinds > 1 {
		return ch, validation("Update table operation with more than one type of replica actions not allowed")
	}
	for _, u := range in.GlobalTableWitnessUpdates {
		switch {
		case u.Create != nil && u.Delete == nil:
			ch.addWitness = u.Create.RegionName
		case u.Delete != nil && u.Create == nil:
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

// empty reports whether an update of a replica changes nothing of it.
func (s *replicaSettings) empty() bool {
	index := func(x replicaIndexSettings) bool {
		return x.ProvisionedThroughputOverride != nil || x.OnDemandThroughputOverride != nil
	}
	return s.KMSMasterKeyID == "" && s.TableClassOverride == "" && s.ProvisionedThroughputOverride == nil && s.OnDemandThroughputOverride == nil &&
		!slices.ContainsFunc(s.GlobalSecondaryIndexes, index)
}

// onlyKey reports whether an update of a replica is of its key and of nothing else.
func (s *replicaSettings) onlyKey() bool {
	rest := *s
	rest.KMSMasterKeyID = ""
	return s.KMSMasterKeyID != "" && rest.empty()
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
	if err := c.checkRegions(t, &ch); err != nil {
		return nil, err
	}
	if in.MultiRegionConsistency != "" || ch.addWitness != "" {
		if err := c.checkConsistency(t, in.MultiRegionConsistency, ch); err != nil {
			return nil, err
		}
	}
	if err := c.e.siblingsSettled(t, ch.create); err != nil {
		return nil, err
	}
	switch {
	case ch.disassociate != nil:
		return c.disassociate(t, ch.disassociate)
	case len(ch.update) > 0:
		return c.updateReplica(t, ch.update)
	case in.MultiRegionConsistency == "STRONG":
		return c.createStrong(t, ch)
	case t.Replication != nil && t.Replication.Strong:
		return c.endStrong(t, ch)
	case len(ch.create)+len(ch.remove) > 1:
		return nil, validation("Update table operation with more than one create or delete replica actions not allowed")
	case ch.endWitness != "":
		return nil, errNoPart("witnesses", []string{ch.endWitness})
	case len(ch.create) == 1:
		return c.createReplica(t, ch.create[0])
	}
	return c.removeReplica(t, ch.remove[0])
}

// checkRegions refuses the local Region and those that are none. The key of the local one may be named with those of the others.
func (c *call) checkRegions(t *catalog.Table, ch *replicaChanges) error {
	key := func(s *replicaSettings) bool { return s.RegionName == c.region && s.onlyKey() }
	for _, region := range ch.regions() {
		switch {
		case region == c.region && t.Replication != nil && slices.ContainsFunc(ch.update, key):
		case region == c.region && len(ch.update) > 0:
			return validation(msgLocalUpdate)
		case region == c.region && region != ch.addWitness:
			return validation(msgLocalRegion)
		case !regionName.MatchString(region):
			return errNoRegion(region)
		}
	}
	return nil
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

// siblingsSettled refuses a change of a global table while a replica is being made, changed or deleted. A new replica where one is still going is one
// that is there.
func (e *Engine) siblingsSettled(t *catalog.Table, create []*replicaSettings) error {
	for _, ref := range t.Siblings() {
		if s := e.catalog.Table(ref); s != nil && s.Status != catalog.Active {
			if slices.ContainsFunc(create, func(s *replicaSettings) bool { return s.RegionName == ref.Region }) {
				return errReplicaExists(t.Name)
			}
			return errInUse("The resource which you are attempting to change is in use.")
		}
	}
	return nil
}

// afterReplicas describes a table whose replicas are changing, as the service does at once: without those that come, and with those that go or change
// as they were.
func (c *call) afterReplicas(ref catalog.Ref, coming ...string) (*tableDescriptionOutput, error) {
	t := c.e.catalog.Table(ref)
	if t == nil {
		return nil, errTableNotFound(ref.Name)
	}
	d, err := c.e.describe(t)
	if err != nil {
		return nil, err
	}
	d.TableStatus = string(catalog.Updating)
	d.Replicas = slices.DeleteFunc(d.Replicas, func(r replicaDescription) bool { return slices.Contains(coming, r.RegionName) })
	return &tableDescriptionOutput{d}, nil
}
