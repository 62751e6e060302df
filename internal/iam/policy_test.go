package iam

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

func policy(t *testing.T, list []op.Operation, o Options) Document {
	t.Helper()
	d, err := Policy(list, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func allowed(d Document) map[string][]string {
	m := map[string][]string{}
	for _, s := range d.Statement {
		for _, a := range s.Action {
			m[a] = s.Resource
		}
	}
	return m
}

// Every action that an operation declares is allowed, and nothing is known that no operation declares.
func TestEveryActionIsKnown(t *testing.T) {
	declared := map[string]bool{}
	for _, o := range ops.All {
		got := allowed(policy(t, []op.Operation{o}, Options{}))
		extra := map[string]bool{"dynamodb:DescribeTable": o.DeclaresTables()}
		for _, a := range o.Spec().Actions {
			declared[a], extra[a] = true, true
			if _, free := needless[a]; got[a] == nil && !free {
				t.Errorf("%s needs %s, which its policy does not allow", o.Spec().Tool, a)
			}
		}
		for a := range got {
			if !extra[a] {
				t.Errorf("the policy of %s allows %s, which it does not need", o.Spec().Tool, a)
			}
		}
	}
	for a := range actions {
		if !declared[a] {
			t.Errorf("no operation declares %s", a)
		}
	}
	for a := range needless {
		if !declared[a] || actions[a].on != nil {
			t.Errorf("%s: declared %v", a, declared[a])
		}
	}
}

// Under read-only mode a policy allows reads alone, and each read that the gate lets through.
func TestReadOnlyPolicyAllowsReadsAlone(t *testing.T) {
	reads := map[string]bool{"dynamodb:PartiQLSelect": true, "dynamodb:ConditionCheckItem": true}
	for _, o := range ops.All {
		if o.Spec().Effect == op.Read {
			for _, a := range o.Spec().Actions {
				reads[a] = true
			}
		}
	}
	got := allowed(policy(t, ops.All, Options{ReadOnly: true, Keys: []string{"arn:aws:kms:eu-west-1:1:key/k"}}))
	for a := range got {
		if !reads[a] && !strings.HasPrefix(a, "kms:De") {
			t.Errorf("%s is allowed under read-only mode", a)
		}
	}
	for a := range reads {
		if _, free := needless[a]; got[a] == nil && !free {
			t.Errorf("%s is not allowed under read-only mode", a)
		}
	}
}

func TestActionsAreAllowedOnTheirResources(t *testing.T) {
	o := Options{Region: "eu-west-1", Account: "123456789012", Tables: []string{"dev-*", "orders"}, Buckets: []string{"loads"}, KinesisStreams: []string{"changes"}}
	got := allowed(policy(t, ops.All, o))
	arn := func(tails ...string) (list []string) {
		for _, tail := range tails {
			for _, name := range o.Tables {
				list = append(list, "arn:aws:dynamodb:eu-west-1:123456789012:table/"+name+tail)
			}
		}
		return list
	}
	for a, want := range map[string][]string{
		"dynamodb:GetItem":                arn(""),
		"dynamodb:Query":                  arn("", "/index/*"),
		"dynamodb:PartiQLSelect":          arn("", "/index/*"),
		"dynamodb:GetRecords":             arn("/stream/*"),
		"dynamodb:DescribeBackup":         arn("/backup/*"),
		"dynamodb:RestoreTableFromBackup": arn("/backup/*", ""),
		"dynamodb:DescribeExport":         arn("/export/*"),
		"dynamodb:DescribeImport":         arn("/import/*"),
		"dynamodb:CancelBulkOperation":    arn("/bulk-operation/*"),
		"dynamodb:DescribeGlobalTable":    {"arn:aws:dynamodb::123456789012:global-table/dev-*", "arn:aws:dynamodb::123456789012:global-table/orders"},
		"dynamodb:ListTables":             {"*"},
		"s3:PutObject":                    {"arn:aws:s3:::loads/*"},
		"s3:ListBucket":                   {"arn:aws:s3:::loads"},
		"kinesis:PutRecords":              {"arn:aws:kinesis:eu-west-1:123456789012:stream/changes"},
		"logs:PutLogEvents":               {"arn:aws:logs:eu-west-1:123456789012:log-group:/aws-dynamodb/imports:*"},
		"cloudwatch:PutInsightRule":       {"arn:aws:cloudwatch:eu-west-1:123456789012:insight-rule/DynamoDBContributorInsights*"},
	} {
		if diff := cmp.Diff(want, got[a]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", a, diff)
		}
	}
	for region, partition := range map[string]string{"cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov", "": "aws"} {
		o := Options{Region: region}
		if got := o.arn("dynamodb", "table/t"); !strings.HasPrefix(got, "arn:"+partition+":dynamodb:") {
			t.Errorf("%q: %s", region, got)
		}
	}
}

// The names of statements are what IAM takes, and each is there once.
func TestStatementIDsAreUnique(t *testing.T) {
	d := policy(t, ops.All, Options{Keys: []string{"arn:aws:kms:eu-west-1:1:key/k"}})
	seen := map[string]bool{}
	for _, s := range d.Statement {
		if seen[s.Sid] || s.Sid == "" || strings.Trim(s.Sid, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			t.Errorf("sid %q", s.Sid)
		}
		seen[s.Sid] = true
		if len(s.Action) == 0 || len(s.Resource) == 0 || s.Effect != "Allow" || !slices.IsSorted(s.Action) {
			t.Errorf("%+v", s)
		}
		if slices.Contains(s.Action, "iam:CreateServiceLinkedRole") && s.Condition == nil {
			t.Error("service-linked roles of any service may be made")
		}
	}
	again, err := json.Marshal(policy(t, ops.All, Options{Keys: []string{"arn:aws:kms:eu-west-1:1:key/k"}}))
	if err != nil {
		t.Fatal(err)
	}
	if first, _ := json.Marshal(d); string(first) != string(again) {
		t.Error("two policies of the same operations differ")
	}
}

func TestTableGlobsBecomePatternsOfIAM(t *testing.T) {
	names := []string{"a-1", "b-1", "c-1", "d-1", "dev-x", "dev-", "orders", "ab", "_x"}
	for glob, want := range map[string]struct {
		patterns []string
		exact    bool
	}{
		"dev-*":    {[]string{"dev-*"}, true},
		"[ab]-?":   {[]string{"a-?", "b-?"}, true},
		"[a-c]-1":  {[]string{"a-1", "b-1", "c-1"}, true},
		"[^a]-1":   {[]string{"?-1"}, false},
		"[a-z]*":   {[]string{"?*"}, false},
		"[ab][12]": {[]string{"a1", "a2", "b1", "b2"}, true},
	} {
		o := Options{Tables: []string{glob}}
		got := o.tables()
		if diff := cmp.Diff(want.patterns, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", glob, diff)
		}
		if exact := len(o.Widened()) == 0; exact != want.exact {
			t.Errorf("%s: exact %v, want %v", glob, exact, want.exact)
		}
		// Whatever the gate lets through, the policy does.
		for _, name := range names {
			in, _ := path.Match(glob, name)
			through := slices.ContainsFunc(got, func(p string) bool { ok, _ := path.Match(p, name); return ok })
			if in && !through || want.exact && through != in {
				t.Errorf("%s: %s matches the glob: %v, the policy: %v", glob, name, in, through)
			}
		}
	}
}
