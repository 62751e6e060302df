package op

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/attr"
)

type sampleIn struct {
	TableName string            `json:"table_name" arg:"table"`
	Key       attr.Item         `json:"key" flag:"key"`
	Names     map[string]string `json:"names,omitempty" flag:"names"`
	Limit     *int32            `json:"limit,omitempty" flag:"limit"`
	Forward   *bool             `json:"forward,omitempty" flag:"forward"`
	Policy    JSON              `json:"policy,omitempty" flag:"policy"`
	Tags      []types.Tag       `json:"tags,omitempty" flag:"tags"`
	Secret    string            `json:"secret,omitempty" flag:"secret" mcp:"-"`
	Region
}

type sampleOut struct {
	Ran bool
}

// sample is an operation that says whether it ran.
func sample(effect Effect, ran *bool, opts ...Option[sampleIn]) *Op[sampleIn, sampleOut] {
	opts = append(opts, Table(func(in *sampleIn) []string { return []string{in.TableName} }))
	return New(Spec{Tool: "sample", Title: "Sample", Use: "sample run <table> [key]", Short: "Sample", Effect: effect},
		func(context.Context, *Env, *sampleIn) (*sampleOut, error) {
			*ran = true
			return &sampleOut{Ran: true}, nil
		}, opts...)
}

func TestGate(t *testing.T) {
	key := attr.Item{{Name: "pk", Value: attr.Value{Kind: attr.S, Str: "a"}}}
	tests := []struct {
		name   string
		env    Env
		effect Effect
		opts   []Option[sampleIn]
		in     sampleIn
		code   string
		text   string
	}{
		{name: "a write", effect: Write, in: sampleIn{TableName: "Orders", Key: key}},
		{
			name: "a write read-only by the variable", env: Env{Gate: Gate{ReadOnly: true}}, effect: Write, in: sampleIn{TableName: "Orders", Key: key},
			code: CodeReadOnly, text: "Mutation not allowed: DDB-MCP-READONLY is set to true.",
		},
		{
			name: "a write read-only by the flag", env: Env{Gate: Gate{ReadOnly: true, ReadOnlyBy: "--read-only"}}, effect: Destroy, in: sampleIn{TableName: "Orders", Key: key},
			code: CodeReadOnly, text: "Mutation not allowed: DDB-MCP-READONLY is set to true. (set by --read-only)",
		},
		{
			name: "a write read-only by a context", env: Env{Gate: Gate{ReadOnly: true, ReadOnlyBy: `context "prod"`}}, effect: Write, in: sampleIn{TableName: "Orders", Key: key},
			code: CodeReadOnly, text: `Mutation not allowed: read-only mode is on (set by context "prod").`,
		},
		{name: "a read read-only", env: Env{Gate: Gate{ReadOnly: true}}, effect: Read, in: sampleIn{TableName: "Orders", Key: key}},
		{
			name: "a read for this input", env: Env{Gate: Gate{ReadOnly: true}}, effect: Destroy, in: sampleIn{TableName: "Orders", Key: key},
			opts: []Option[sampleIn]{EffectOf(func(*sampleIn) (Effect, error) { return Read, nil })},
		},
		{
			name: "an effect that cannot be told is the worst", env: Env{Gate: Gate{ReadOnly: true}}, effect: Destroy, in: sampleIn{TableName: "Orders", Key: key},
			opts: []Option[sampleIn]{EffectOf(func(*sampleIn) (Effect, error) { return Read, errors.New("what?") })},
			code: CodeReadOnly, text: "Mutation not allowed: DDB-MCP-READONLY is set to true.",
		},
		{name: "an allowed table", env: Env{Gate: Gate{Tables: []string{"dev-*", "Orders"}}}, effect: Write, in: sampleIn{TableName: "dev-x", Key: key}},
		{
			name: "an allowed table by ARN", env: Env{Gate: Gate{Tables: []string{"dev-*"}}}, effect: Write,
			in: sampleIn{TableName: "arn:aws:dynamodb:eu-west-1:123456789012:table/dev-x/index/ByStatus", Key: key},
		},
		{
			name: "another table", env: Env{Gate: Gate{Tables: []string{"dev-*"}}}, effect: Read, in: sampleIn{TableName: "prod-x", Key: key},
			code: CodeTableNotAllowed, text: `table "prod-x" is outside the tables allowed here: dev-*`,
		},
		{
			name: "another table by ARN", env: Env{Gate: Gate{Tables: []string{"dev-*"}}}, effect: Read,
			in:   sampleIn{TableName: "arn:aws:dynamodb:eu-west-1:123456789012:table/prod/stream/dev-2026", Key: key},
			code: CodeTableNotAllowed, text: `table "prod" is outside the tables allowed here: dev-*`,
		},
		{
			name: "something required is missing", effect: Read, in: sampleIn{TableName: "Orders"},
			code: CodeInvalidArgument, text: "key is missing",
		},
		{
			name: "a refused confirmation", effect: Destroy, in: sampleIn{TableName: "Orders", Key: key},
			env:  Env{Confirm: func(context.Context, Spec, []string, any) error { return &Error{Code: "Declined", Message: "no"} }},
			code: "Declined", text: "no",
		},
		{
			name: "a write is not confirmed", effect: Write, in: sampleIn{TableName: "Orders", Key: key},
			env: Env{Confirm: func(context.Context, Spec, []string, any) error { return &Error{Code: "Declined"} }},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ran := false
			o := sample(tt.effect, &ran, tt.opts...)
			out, err := o.Invoke(t.Context(), &tt.env, &tt.in)
			if tt.code == "" {
				if err != nil || out == nil || !ran {
					t.Fatalf("ran %v, %v, %v", ran, out, err)
				}
				return
			}
			var e *Error
			if !errors.As(err, &e) || e.Code != tt.code || e.Message != tt.text {
				t.Errorf("error %#v, want %s: %s", err, tt.code, tt.text)
			}
			if ran || out != nil {
				t.Errorf("it ran %v, and gave %v", ran, out)
			}
		})
	}
}

func TestTablesThatCannotBeTold(t *testing.T) {
	untold := func(*sampleIn) ([]string, error) { return nil, errors.New("line 1: what?") }
	ran := false
	o := New(Spec{Tool: "sample", Effect: Read}, func(context.Context, *Env, *sampleIn) (*sampleOut, error) {
		ran = true
		return &sampleOut{}, nil
	}, Tables(untold))
	in := &sampleIn{TableName: "x", Key: attr.Item{}}
	_, err := o.Invoke(t.Context(), &Env{Gate: Gate{Tables: []string{"dev-*"}}}, in)
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeTableNotAllowed || ran {
		t.Errorf("under an allow-list: %v, ran %v", err, ran)
	}
	if _, err := o.Invoke(t.Context(), &Env{}, in); err != nil || !ran {
		t.Errorf("without one: %v, ran %v", err, ran)
	}
}

func TestInvokeOfAnotherType(t *testing.T) {
	ran := false
	for _, in := range []any{nil, sampleIn{}, (*sampleIn)(nil), &sampleOut{}} {
		if _, err := sample(Read, &ran).Invoke(t.Context(), &Env{}, in); err == nil || ran {
			t.Errorf("%T: %v, ran %v", in, err, ran)
		}
	}
}

func TestDecode(t *testing.T) {
	five, yes := int32(5), true
	key := attr.Item{{Name: "pk", Value: attr.Value{Kind: attr.S, Str: "a"}}}
	base := func(change func(*sampleIn)) *sampleIn {
		in := &sampleIn{TableName: "Orders", Key: key}
		if change != nil {
			change(in)
		}
		return in
	}
	tests := []struct {
		name, arguments string
		want            *sampleIn
		err             string
	}{
		{"as it should be", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"limit":5}`, base(func(in *sampleIn) { in.Limit = &five }), ""},
		{"an object as text", `{"table_name":"Orders","key":"{\"pk\":{\"S\":\"a\"}}"}`, base(nil), ""},
		{"a number as text", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"limit":"5"}`, base(func(in *sampleIn) { in.Limit = &five }), ""},
		{"a number with a point", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"limit":5.0}`, base(func(in *sampleIn) { in.Limit = &five }), ""},
		{"a truth value as text", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"forward":"True"}`, base(func(in *sampleIn) { in.Forward = &yes }), ""},
		{"null for what is absent", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"limit":null,"names":null,"policy":null,"region_name":null}`, base(nil), ""},
		{"a map as text", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"names":"{\"#a\":\"b\"}"}`, base(func(in *sampleIn) { in.Names = map[string]string{"#a": "b"} }), ""},
		{"a policy as an object", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"policy":{"Version": "2012-10-17"}}`, base(func(in *sampleIn) { in.Policy = `{"Version":"2012-10-17"}` }), ""},
		{"a policy as text", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"policy":"{\"Version\": 1}"}`, base(func(in *sampleIn) { in.Policy = `{"Version": 1}` }), ""},
		{"a list as text", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"tags":"[{\"Key\":\"k\",\"Value\":\"v\"}]"}`, base(func(in *sampleIn) { in.Tags = []types.Tag{{Key: Optional("k"), Value: Optional("v")}} }), ""},
		{"what the schema hides", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"secret":"s","region_name":"r"}`, base(func(in *sampleIn) { in.Secret, in.RegionName = "s", "r" }), ""},
		{"an unknown argument", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"tabel":1}`, nil, `unknown argument "tabel"; valid ones: forward, key, limit, names, policy, region_name, secret, table_name, tags`},
		{"an unknown member below", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"tags":[{"Name":"k"}]}`, nil, `tags[0]: unknown argument "Name"; valid ones: Key, Value`},
		{"a required argument missing", `{"key":{"pk":{"S":"a"}}}`, nil, "table_name: required, but missing"},
		{"a required argument null", `{"table_name":null,"key":{"pk":{"S":"a"}}}`, nil, "table_name: required, but missing"},
		{"no number", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"limit":"five"}`, nil, `limit: expected an integer, got "five"`},
		{"too large a number", `{"table_name":"Orders","key":{"pk":{"S":"a"}},"limit":4294967296}`, nil, "limit: expected an integer of at most 32 bits"},
		{"a plain key", `{"table_name":"Orders","key":{"pk":"a"}}`, nil, `key.pk: expected an attribute value such as {"S":"text"}, got "a"`},
		{"a key that is a list", `{"table_name":"Orders","key":[1]}`, nil, `key: expected an object of attribute values such as {"pk":{"S":"text"}}, got [1]`},
		{"no object", `[]`, nil, "expected an object, got []"},
		{"no JSON", `{"table_name":`, nil, "the text is not JSON"},
	}
	ran := false
	o := sample(Read, &ran)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := o.Decode(json.RawMessage(tt.arguments))
			if tt.err != "" {
				var e *Error
				if !errors.As(err, &e) || e.Code != CodeInvalidArgument || !strings.HasPrefix(e.Message, tt.err) {
					t.Errorf("error %v, want one that begins with %s", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(any(tt.want), got, cmp.AllowUnexported(types.Tag{})); diff != "" {
				t.Errorf("input (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTableName(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Orders", "Orders"},
		{"a.b-c_d", "a.b-c_d"},
		{"arn:aws:dynamodb:eu-west-1:123456789012:table/Orders", "Orders"},
		{"arn:aws-cn:dynamodb:cn-north-1:123456789012:table/Orders/index/ByStatus", "Orders"},
		{"arn:aws:dynamodb:eu-west-1:123456789012:table/Orders/stream/2026-01-01T00:00:00.000", "Orders"},
		{"arn:aws:dynamodb:eu-west-1:123456789012:table/Orders/backup/01489602797149-73d8d5bc", "Orders"},
		{"arn:aws:dynamodb:eu-west-1:123456789012:table/Orders/export/01695353076000-a1b2", "Orders"},
		{"arn:aws:dynamodb:eu-west-1:123456789012:table/Orders/import/01695353076000-a1b2", "Orders"},
		{"arn:aws:dynamodb::123456789012:global-table/Orders", "Orders"},
		{"arn:aws:s3:::bucket/table/Orders", "arn:aws:s3:::bucket/table/Orders"},
		{"arn:broken", "arn:broken"},
	}
	for _, tt := range tests {
		if got := TableName(tt.in); got != tt.want {
			t.Errorf("TableName(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestRequest(t *testing.T) {
	type in struct {
		TableName        string    `json:"table_name"`
		Key              attr.Item `json:"key"`
		FilterExpression string    `json:"f,omitempty"`
		Limit            *int32    `json:"limit,omitempty"`
		Select           string    `json:"select,omitempty"`
		ScanIndexForward *bool     `json:"forward,omitempty"`
		Other            string    `json:"other,omitempty"`
	}
	no, ten := false, int32(10)
	got := Request[dynamodb.QueryInput](&in{Limit: &ten, Select: "COUNT", ScanIndexForward: &no})
	empty := ""
	want := &dynamodb.QueryInput{TableName: &empty, Limit: &ten, Select: types.SelectCount, ScanIndexForward: &no}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(dynamodb.QueryInput{})); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
}

// An error that names an operation names the command at the terminal and the tool to an assistant.
func TestHintsByFrontEnd(t *testing.T) {
	const hint = "see the backups with list_backups (ddb backup list); put_item (ddb item put) is one thing, and f(x) (ddb) another"
	if got, want := ForTerminal(hint), "see the backups with ddb backup list; ddb item put is one thing, and f(x) (ddb) another"; got != want {
		t.Errorf("at the terminal: %s", got)
	}
	if got, want := ForTools(hint), "see the backups with list_backups; put_item is one thing, and f(x) (ddb) another"; got != want {
		t.Errorf("to an assistant: %s", got)
	}
}
