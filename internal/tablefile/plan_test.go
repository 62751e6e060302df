package tablefile

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPlan says the steps between tables, in their order.
func TestPlan(t *testing.T) {
	const have = `
table: Orders
keys: id:S
billing: on-demand
indexes: [{name: A, keys: "a:S"}, {name: B, keys: "b:S"}, {name: C, keys: "c:S", insights: off}]
ttl: expires
pitr: 35 days
stream: new
tags: {env: dev, team: shop}
policy: {Version: x}
insights: off
kinesis: ["arn:one"]
replicas: [eu-west-1]
deletion-protection: off
`
	for _, c := range []struct {
		name, want string
		steps      []string
	}{
		{"nothing said", "table: Orders", nil},
		{"one change of an index in each call", `
table: Orders
indexes: [{name: A, keys: "a:S", projection: keys}, {name: C, keys: "c:S"}, {name: D, keys: "d:N"}]`, []string{
			"UpdateTable! delete the index A (a:S; all), to make it anew",
			"UpdateTable! delete the index B (b:S; all)",
			"UpdateTable create the index A (a:S; keys)",
			"UpdateTable create the index D (d:N; all)",
		}},
		{"provisioned wants the capacity of each index, also of one that goes", `
table: Orders
billing: provisioned
capacity: {read: 5, write: 6}
indexes: [{name: A, keys: "a:S"}, {name: C, keys: "c:S", capacity: {read: 1, write: 2}}]`, []string{
			"UpdateTable billing: on-demand → provisioned, capacity: 5 read, 6 write, capacity of index A: 5 read, 6 write, capacity of index B: 5 read, 6 write, capacity of index C: 1 read, 2 write",
			"UpdateTable! delete the index B (b:S; all)",
		}},
		{"settings", `
table: Orders
ttl: until
pitr: off
stream: new-and-old
tags: {env: prod}
policy: off
insights: throttled
indexes: [{name: A, keys: "a:S"}, {name: B, keys: "b:S"}, {name: C, keys: "c:S", insights: all}]
kinesis: ["arn:two"]
replicas: [us-east-1]
deletion-protection: on`, []string{
			"UpdateTable deletion-protection: on",
			"UpdateTable! end the stream (new)",
			"UpdateTable stream: new-and-old",
			"UpdateTimeToLive ttl: off (was expires)",
			"UpdateTimeToLive! ttl: until",
			"UpdateContinuousBackups! pitr: off",
			"TagResource tags: env=prod",
			"UntagResource remove the tags team",
			"DeleteResourcePolicy! delete the policy",
			"UpdateContributorInsights insights: throttled",
			"UpdateContributorInsights insights of index C: all",
			"DisableKinesisStreamingDestination send no more changes to arn:one",
			"EnableKinesisStreamingDestination send changes to arn:two",
			"UpdateTable! delete the replica in eu-west-1",
			"UpdateTable create a replica in us-east-1",
		}},
		{"keys of a table with replicas change together", `
table: Orders
encryption: arn:aws:kms:us-west-2:000000000000:key/1
replicas: [{region: eu-west-1, encryption: "arn:aws:kms:eu-west-1:000000000000:key/2", class: infrequent-access}]`, []string{
			"UpdateTable keys: us-west-2 arn:aws:kms:us-west-2:000000000000:key/1, eu-west-1 arn:aws:kms:eu-west-1:000000000000:key/2",
			"UpdateTable replica in eu-west-1: class infrequent-access",
		}},
	} {
		p, err := MakePlan(readOne(t, "have", have), readOne(t, "want", c.want))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var steps []string
		for _, s := range p.Steps {
			mark := " "
			if s.Destroys != "" {
				mark = "! "
			}
			steps = append(steps, s.API+mark+s.Text)
		}
		if diff := cmp.Diff(c.steps, steps); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
}

// TestPlanOfNew makes the table with what CreateTable takes, and adds the rest.
func TestPlanOfNew(t *testing.T) {
	p, err := MakePlan(nil, readOne(t, "want", whole+"replicas: [us-east-1]\n"))
	if err != nil {
		t.Fatal(err)
	}
	var calls []string
	for _, s := range p.Steps {
		calls = append(calls, s.API)
	}
	want := []string{
		"CreateTable", "UpdateTimeToLive", "UpdateContinuousBackups", "UpdateContributorInsights", "UpdateContributorInsights",
		"EnableKinesisStreamingDestination", "UpdateTable",
	}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Error(diff)
	}
}

// TestPlanListsWhatNoCallCanChange lists all that no call can change.
func TestPlanListsWhatNoCallCanChange(t *testing.T) {
	have := readOne(t, "have", "table: T\nkeys: id:S, at:N\nbilling: on-demand\nlocal-indexes: [{name: X, keys: \"n:N\"}]\n")
	want := readOne(t, "want", "table: T\nkeys: id:N\nbilling: provisioned\nlocal-indexes: []\n")
	_, err := MakePlan(have, want)
	b, ok := errors.AsType[*Blocked](err)
	if !ok || len(b.Reasons) != 3 {
		t.Fatalf("%v", err)
	}
	for _, part := range []string{"its keys are id:S, at:N", "the local index X", "a provisioned table needs capacity"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is missing in %v", part, err)
		}
	}
}

// TestWarmThroughputIsAFloor takes warm throughput for a floor.
func TestWarmThroughputIsAFloor(t *testing.T) {
	more := readOne(t, "t", "table: T\nkeys: id:S\nwarm: {read: 50000, write: 20000}\n")
	less := readOne(t, "t", "table: T\nkeys: id:S\nwarm: {read: 40000, write: 20000}\n")
	for _, c := range []struct {
		have, want *Table
		steps      int
	}{{more, less, 0}, {less, more, 1}} {
		p, err := MakePlan(c.have, c.want)
		if err != nil || len(p.Steps) != c.steps {
			t.Errorf("%v, %v", p, err)
		}
		if d := Diff(c.want, c.have); len(d) != c.steps {
			t.Errorf("%v", d)
		}
	}
}
