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
	for _, r := range p.want.Replicas {
		old := at(p.have.Replicas, r.Region)
		switch {
		case old == nil:
			p.step("UpdateTable", "create a replica in "+r.Region, &Update{CreateReplica: &r})
		case r.Class != "" && r.Class != old.Class || r.Key != "" && r.Key != old.Key || r.Read != 0 && r.Read != old.Read:
			p.step("UpdateTable", "replica in "+r.Region+": "+replicaText(r), &Update{EditReplica: &r})
		}
	}
}
