package op

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type replicaIn struct {
	TableName string `json:"table_name"`
	Replicas  []struct {
		Create *struct{ RegionName *string }
	} `json:"replicas,omitempty"`
	Region
}

// gated calls a function that names tables and regions through a gate, in a default region eu-west-1.
func gated(t *testing.T, g Gate, effect Effect, in replicaIn) string {
	t.Helper()
	o := New(Spec{Tool: "sample", Effect: Destroy}, func(context.Context, *Env, *replicaIn) (*struct{}, error) { return &struct{}{}, nil },
		Table(func(in *replicaIn) []string { return []string{in.TableName} }), EffectOf(func(*replicaIn) (Effect, error) { return effect, nil }))
	env := &Env{Gate: g, Clients: func(context.Context, string) (*Clients, error) { return &Clients{Region: "eu-west-1"}, nil }}
	_, err := o.Call(t.Context(), env, &in)
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

func replicaOf(region string) replicaIn {
	in := replicaIn{TableName: "t"}
	in.Replicas = append(in.Replicas, struct {
		Create *struct{ RegionName *string }
	}{Create: &struct{ RegionName *string }{&region}})
	return in
}

func TestGateOfEffectsAndRegions(t *testing.T) {
	here := replicaIn{TableName: "t"}
	there := replicaIn{TableName: "t", Region: Region{RegionName: "us-east-1"}}
	tests := []struct {
		name   string
		gate   Gate
		effect Effect
		in     replicaIn
		code   string
	}{
		{"no gate", Gate{}, Destroy, there, ""},
		{"an effect that is listed", Gate{Effects: []Effect{Read, Write}}, Write, here, ""},
		{"an effect that is not", Gate{Effects: []Effect{Read, Write}}, Destroy, here, CodeEffectNotAllowed},
		{"writes alone do not include reads", Gate{Effects: []Effect{Write}}, Read, here, CodeEffectNotAllowed},
		{"the default region", Gate{Regions: []string{"eu-*"}}, Read, here, ""},
		{"a default region that is not listed", Gate{Regions: []string{"us-*"}}, Read, here, CodeRegionNotAllowed},
		{"a region of the call that is listed", Gate{Regions: []string{"us-*"}}, Read, there, ""},
		{"a region of the call that is not", Gate{Regions: []string{"eu-*"}}, Read, there, CodeRegionNotAllowed},
		{"the region of an ARN", Gate{Regions: []string{"eu-*"}}, Read, replicaIn{TableName: "arn:aws:dynamodb:us-east-1:1:table/t"}, CodeRegionNotAllowed},
		{"the region of a replica", Gate{Regions: []string{"eu-*"}}, Write, replicaOf("us-east-1"), CodeRegionNotAllowed},
		{"a replica where it may be", Gate{Regions: []string{"eu-*"}}, Write, replicaOf("eu-central-1"), ""},
		{"narrowed: what both admit", Gate{Tables: []string{"t*"}}.Narrowed(Gate{Tables: []string{"*t"}}), Read, here, ""},
		{"narrowed: what only the inner admits", Gate{Tables: []string{"dev-*"}}.Narrowed(Gate{Tables: []string{"*"}}), Read, here, CodeTableNotAllowed},
		{"narrowed: what only the outer admits", Gate{Tables: []string{"*"}}.Narrowed(Gate{Tables: []string{"dev-*"}}), Read, here, CodeTableNotAllowed},
		{"narrowed: read-only without", Gate{ReadOnly: true}.Narrowed(Gate{}), Write, here, CodeReadOnly},
		{"narrowed: read-only within", Gate{}.Narrowed(Gate{ReadOnly: true}), Write, here, CodeReadOnly},
		{"narrowed: effects", Gate{Effects: []Effect{Read}}.Narrowed(Gate{Effects: []Effect{Read, Write}}), Write, here, CodeEffectNotAllowed},
		{"narrowed: regions", Gate{Regions: []string{"us-*"}}.Narrowed(Gate{Regions: []string{"*"}}), Read, here, CodeRegionNotAllowed},
		{"narrowed twice", Gate{Tables: []string{"x"}}.Narrowed(Gate{}).Narrowed(Gate{Tables: []string{"t"}}), Read, here, CodeTableNotAllowed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := gated(t, tt.gate, tt.effect, tt.in); got != tt.code {
				t.Errorf("refused with %q, want %q", got, tt.code)
			}
		})
	}
}

func TestNarrowingLeavesTheOthersAlone(t *testing.T) {
	env := &Env{Gate: Gate{Tables: []string{"a*"}}}
	one, two := env.Narrowed(Gate{Tables: []string{"*b"}}), env.Narrowed(Gate{ReadOnly: true})
	if !env.Allowed("ac") || one.Allowed("ac") || !two.Allowed("ac") || one.ReadOnly || env.ReadOnly {
		t.Error("a narrowed environment is not its own")
	}
}

func TestParseEffects(t *testing.T) {
	got, err := ParseEffects([]string{" Read", "DESTROY"})
	if diff := cmp.Diff([]Effect{Read, Destroy}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := ParseEffects([]string{"delete"}); err == nil {
		t.Error("an effect that is not known passes")
	}
}

// A page names only allowed tables, in its rows and in its key, and going on from that key reads each allowed row once.
func TestAllowedPage(t *testing.T) {
	all := []string{"a1", "b1", "b2", "b3", "a2", "a3", "b4", "b5"}
	env := &Env{Gate: Gate{Tables: []string{"a*"}}}
	for limit := 1; limit <= len(all)+1; limit++ {
		fetch := func(start string) ([]string, string, error) {
			from := 0
			for i, name := range all {
				if name == start {
					from = i + 1
				}
			}
			page := append([]string{}, all[from:min(from+limit, len(all))]...)
			if from+limit >= len(all) {
				return page, "", nil
			}
			return page, page[len(page)-1], nil
		}
		same := func(s string) string { return s }
		var got []string
		for start, pages := "", 0; ; pages++ {
			rows, last, err := AllowedPage(env, start, fetch, same, same)
			if err != nil || pages > len(all) {
				t.Fatal("limit "+strconv.Itoa(limit), err)
			}
			got = append(got, rows...)
			if last == "" {
				break
			}
			if !env.Allowed(last) {
				t.Errorf("limit %d: the key names %s", limit, last)
			}
			start = last
		}
		if diff := cmp.Diff([]string{"a1", "a2", "a3"}, got); diff != "" {
			t.Errorf("limit %d (-want +got):\n%s", limit, diff)
		}
	}
}

// Work of many calls asks once, about the worst of them and all tables, through every gate that was narrowed.
func TestAdmits(t *testing.T) {
	outer := &Env{Gate: Gate{Tables: []string{"dev-*"}}}
	env := outer.Narrowed(Gate{Effects: []Effect{Read, Write}})
	spec := Spec{Tool: "update_table", Use: "table update <table>"}
	if err := env.Admits(Write, spec, "dev-a", "arn:aws:dynamodb:us-west-2:000000000000:table/dev-b"); err != nil {
		t.Errorf("what is allowed: %v", err)
	}
	for name, err := range map[string]error{
		CodeEffectNotAllowed: env.Admits(Destroy, spec, "dev-a"),
		CodeTableNotAllowed:  env.Admits(Write, spec, "dev-a", "prod"),
		CodeReadOnly:         env.Narrowed(Gate{ReadOnly: true}).Admits(Write, spec, "dev-a"),
	} {
		if e, ok := errors.AsType[*Error](err); !ok || e.Code != name {
			t.Errorf("want %s, got %v", name, err)
		}
	}
}
