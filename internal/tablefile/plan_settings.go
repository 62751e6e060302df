package tablefile

import (
	"maps"
	"slices"
	"strings"
)

// settings plans what has an operation of its own. These are also what a restore does not bring back.
func (p *planner) settings() {
	have, want := p.have, p.want
	if changed(have.TTL, want.TTL) {
		if have.TTL != "" && have.TTL != Off {
			p.step("UpdateTimeToLive", "ttl: off (was "+have.TTL+")", &SetTTL{have.TTL, false})
			if want.TTL != Off {
				p.note("the service may take an hour before time to live can be changed again; ddb apply goes on from there")
			}
		}
		switch {
		case want.TTL == Off:
		case p.made: // it holds nothing that could expire
			p.step("UpdateTimeToLive", "ttl: "+want.TTL, &SetTTL{want.TTL, true})
		default:
			p.destroy("UpdateTimeToLive", "ttl: "+want.TTL, "items whose time in "+want.TTL+" has passed", &SetTTL{want.TTL, true})
		}
	}
	if want.PITR != nil && (have.PITR == nil || *have.PITR != *want.PITR) {
		if *want.PITR == 0 {
			p.destroy("UpdateContinuousBackups", "pitr: off", "the history that point-in-time recovery restores from", &SetPITR{})
		} else {
			p.step("UpdateContinuousBackups", "pitr: "+daysText(want.PITR), &SetPITR{*want.PITR})
		}
	}
	p.tags()
	if changed(have.Policy, want.Policy) && !samePolicy(have.Policy, want.Policy) {
		switch {
		case want.Policy != Off:
			p.step("PutResourcePolicy", "put the policy", &SetPolicy{want.Policy})
		case have.Policy != "":
			p.destroy("DeleteResourcePolicy", "delete the policy", "the policy", &SetPolicy{Off})
		}
	}
	if changed(have.Insights, want.Insights) {
		p.step("UpdateContributorInsights", "insights: "+want.Insights, &SetInsights{"", want.Insights})
	}
	for _, x := range want.Indexes {
		old, ok := find(have.Indexes, x.Name)
		if !ok {
			old.Insights = Off
		}
		if changed(old.Insights, x.Insights) {
			p.step("UpdateContributorInsights", "insights of index "+x.Name+": "+x.Insights, &SetInsights{x.Name, x.Insights})
		}
	}
	p.kinesis()
	p.scaling()
}

func (p *planner) tags() {
	have, want := p.have.Tags, p.want.Tags
	if want == nil {
		return
	}
	set := map[string]string{}
	var said, gone []string
	for _, n := range slices.Sorted(maps.Keys(want)) {
		if v, ok := have[n]; !ok || v != want[n] {
			set[n] = want[n]
			said = append(said, n+"="+want[n])
		}
	}
	for _, n := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[n]; !ok && !strings.HasPrefix(n, "aws:") {
			gone = append(gone, n)
		}
	}
	if len(set) > 0 {
		p.step("TagResource", "tags: "+strings.Join(said, ", "), &SetTags{Set: set})
	}
	if len(gone) > 0 {
		p.step("UntagResource", "remove the tags "+strings.Join(gone, ", "), &SetTags{Remove: gone})
	}
}

func (p *planner) kinesis() {
	if p.want.Kinesis == nil {
		return
	}
	for _, old := range p.have.Kinesis {
		if !slices.ContainsFunc(p.want.Kinesis, func(k Kinesis) bool { return k.Stream == old.Stream }) {
			p.step("DisableKinesisStreamingDestination", "send no more changes to "+old.Stream, &SetKinesis{"disable", old})
		}
	}
	for _, k := range p.want.Kinesis {
		i := slices.IndexFunc(p.have.Kinesis, func(o Kinesis) bool { return o.Stream == k.Stream })
		switch {
		case i < 0:
			p.step("EnableKinesisStreamingDestination", "send changes to "+k.Stream, &SetKinesis{"enable", k})
		case kinesisText(p.have.Kinesis[i]) != kinesisText(k):
			p.step("UpdateKinesisStreamingDestination", "precision of "+k.Stream+": "+kinesisText(k), &SetKinesis{"update", k})
		}
	}
}

// replicas come last: each takes over what the table is by then.
func (p *planner) replicas() {
	if p.want.Replicas == nil {
		p.keys()
		return
	}
	at := func(list []Replica, region string) *Replica {
		for _, r := range list {
			if r.Region == region {
				return &r
			}
		}
		return nil
	}
	for _, old := range p.have.Replicas {
		if at(p.want.Replicas, old.Region) == nil {
			p.destroy("UpdateTable", "delete the replica in "+old.Region, "the replica in "+old.Region, &Update{DeleteReplica: old.Region})
		}
	}
	p.keys()
	for _, r := range p.want.Replicas {
		old := at(p.have.Replicas, r.Region)
		if old != nil && p.replicaKeys() != nil {
			r.Key = ""
		}
		switch {
		case old == nil:
			p.step("UpdateTable", "create a replica in "+r.Region, &Update{CreateReplica: &r})
		case r.Class != "" && r.Class != old.Class || r.Key != "" && r.Key != old.Key || r.Read != 0 && r.Read != old.Read:
			p.step("UpdateTable", "replica in "+r.Region+": "+replicaText(r), &Update{EditReplica: &r})
		}
	}
}

// keys plans the keys of a table that has replicas.
func (p *planner) keys() {
	keys := p.replicaKeys()
	if keys == nil {
		return
	}
	var said []string
	for _, r := range keys {
		said = append(said, r.Region+" "+r.Key)
	}
	p.step("UpdateTable", "keys: "+strings.Join(said, ", "), &Update{ReplicaKeys: keys})
}

// replicaKeys are the keys that the table and its replicas have to get, where any of them is another than now: the service takes all in one call,
// and no other call changes a key of a table with replicas. Where the table's is no customer's key, there are none.
func (p *planner) replicaKeys() []Replica {
	own := p.want.Encryption
	if own == "" {
		own = p.have.Encryption
	}
	change := changed(p.have.Encryption, own)
	keys := []Replica{{Region: Region(own), Key: own}}
	for _, r := range p.have.Replicas {
		i := slices.IndexFunc(p.want.Replicas, func(o Replica) bool { return o.Region == r.Region })
		switch {
		case i < 0 && p.want.Replicas != nil:
			continue // it goes
		case i >= 0 && changed(r.Key, p.want.Replicas[i].Key):
			change, r.Key = true, p.want.Replicas[i].Key
		}
		keys = append(keys, Replica{Region: r.Region, Key: r.Key})
	}
	if !change || keys[0].Region == "" || len(keys) == 1 {
		return nil
	}
	return keys
}
