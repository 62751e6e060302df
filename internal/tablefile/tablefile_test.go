package tablefile

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawTable makes any table that a file can say.
func drawTable(t *rapid.T) *Table {
	name := rapid.StringMatching(`[a-zA-Z0-9_.-]{3,20}`)
	text := rapid.StringMatching(`[ -~äß€]{1,12}`)
	attribute := rapid.OneOf(rapid.StringMatching(`[a-z]{1,8}`), text)
	types := map[string]string{}
	key := func(sort bool) Key {
		n := attribute.Draw(t, "attribute")
		if types[n] == "" {
			types[n] = rapid.SampledFrom([]string{"S", "N", "B"}).Draw(t, "type")
		}
		return Key{n, types[n], sort}
	}
	keys := func() []Key {
		k := []Key{key(false)}
		if rapid.Bool().Draw(t, "sort") {
			k = append(k, key(true))
		}
		return k
	}
	units := func(most bool) *Units {
		if !rapid.Bool().Draw(t, "units") {
			return nil
		}
		u := &Units{rapid.Int64Range(1, 1e6).Draw(t, "read"), rapid.Int64Range(1, 1e6).Draw(t, "write")}
		if most && rapid.Bool().Draw(t, "unlimited") {
			u.Write = Unlimited
		}
		return u
	}
	projection := func() Projection {
		switch rapid.IntRange(0, 2).Draw(t, "projection") {
		case 0:
			return Projection{Kind: "all"}
		case 1:
			return Projection{Kind: "keys"}
		}
		return Projection{"include", rapid.SliceOfN(text, 1, 3).Draw(t, "include")}
	}
	word := func(words ...string) string { return rapid.SampledFrom(append(words, "")).Draw(t, "word") }
	x := &Table{
		Name: name.Draw(t, "name"), Keys: keys(), Billing: word(OnDemand, Provisioned), Warm: units(false), Stream: word("new", "old", "keys", "new-and-old", Off),
		Class: word("standard", "infrequent-access"), Protection: word(On, Off), Encryption: word(AWSOwned, AWSManaged, "arn:aws:kms:eu-west-1:1:key/x"),
		Insights: word("all", "throttled", Off), Policy: word(Off, `{"Statement":[{"Resource":"${table-arn}"}],"Version":"2012-10-17"}`),
		TTL: word("expires", "at the end", Off),
	}
	if x.Billing == OnDemand {
		x.Max = units(true)
	}
	if x.Billing == Provisioned {
		x.Capacity, x.Scaling = units(false), drawScaling(t)
	}
	if rapid.Bool().Draw(t, "indexes") {
		x.Indexes = []Index{}
		seen := map[string]bool{}
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			i := Index{Name: name.Draw(t, "index"), Keys: keys(), Projection: projection(), Warm: units(false), Insights: word("all", Off)}
			if x.Billing == Provisioned {
				i.Scaling = drawScaling(t)
			}
			if !seen[i.Name] {
				x.Indexes = append(x.Indexes, i)
			}
			seen[i.Name] = true
		}
	}
	if rapid.Bool().Draw(t, "vectors") {
		x.Vectors = []Vector{{Name: "ByMeaning", Attribute: text.Draw(t, "vector"), Dimensions: 3, Distance: "cosine", Projection: projection()}}
	}
	if rapid.Bool().Draw(t, "pitr") {
		days := rapid.IntRange(0, 35).Draw(t, "days")
		x.PITR = &days
	}
	if rapid.Bool().Draw(t, "tags") {
		x.Tags = rapid.MapOfN(text, rapid.OneOf(rapid.Just(""), rapid.Just("on"), rapid.Just("007"), rapid.Just("1e3"), rapid.Just("null"), text), 0, 4).Draw(t, "tags")
	}
	if rapid.Bool().Draw(t, "kinesis") {
		x.Kinesis = []Kinesis{{"arn:aws:kinesis:eu-west-1:1:stream/x", word("millisecond", "microsecond")}}
	}
	if rapid.Bool().Draw(t, "replicas") {
		x.Replicas = []Replica{{Region: "eu-west-1", Class: word("standard"), Key: word("arn:aws:kms:eu-west-1:1:key/x"), Read: rapid.Int64Range(0, 9).Draw(t, "read")}}
	}
	return x
}

func drawScaling(t *rapid.T) *Scaling {
	bounds := func() *Bounds {
		switch rapid.IntRange(0, 2).Draw(t, "bounds") {
		case 0:
			return nil
		case 1:
			return &Bounds{}
		}
		least := rapid.Int64Range(1, 100).Draw(t, "min")
		return &Bounds{
			Min: least, Max: least + rapid.Int64Range(0, 100).Draw(t, "more"), Target: rapid.SampledFrom([]float64{20, 55.5, 70, 90}).Draw(t, "target"),
			In: rapid.Int64Range(0, 300).Draw(t, "in"), Out: rapid.Int64Range(0, 300).Draw(t, "out"), Keep: rapid.Bool().Draw(t, "keep"),
		}
	}
	s := &Scaling{bounds(), bounds()}
	if *s == (Scaling{}) {
		return nil
	}
	return s
}

// TestRoundTrip reads back every table that is written, and finds it the same.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawTable(t)
		text := Write(want)
		got, notes, err := Read("t.yaml", text)
		if err != nil || len(notes) > 0 || len(got) != 1 {
			t.Fatalf("%v %v\n%s", err, notes, text)
		}
		if want.Billing == "" && want.Capacity != nil {
			want.Billing = Provisioned
		}
		got[0].Line = 0
		if diff := cmp.Diff(want, got[0]); diff != "" {
			t.Fatalf("%s\n%s", diff, text)
		}
	})
}

// TestPlanOfSame finds nothing to do where a table is as it should be.
func TestPlanOfSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawTable(t)
		if d := Diff(x, x); len(d) > 0 {
			t.Fatalf("a table differs from itself: %v", d)
		}
		p, err := MakePlan(x, x)
		if err != nil || len(p.Steps) > 0 {
			t.Fatalf("a table that is as it should be gets %v, %v", p, err)
		}
	})
}

const whole = `
table: Orders
keys: customer:S, placed:S
billing: on-demand
on-demand-max: {read: 100, write: unlimited}
indexes:
  - name: ByStatus
    keys: status:S, placed
    projection: [total]
    insights: throttled
local-indexes:
  - {name: ByTotal, keys: "total:N"}
ttl: expires
pitr: 7 days
stream: new-and-old
tags: {env: dev, n: 007}
policy:
  Version: "2012-10-17"
  Statement: [{Effect: Allow, Principal: "*", Action: "dynamodb:GetItem", Resource: "${table-arn}"}]
class: infrequent-access
deletion-protection: true
encryption: aws-managed
insights: all
kinesis: [{stream: "arn:aws:kinesis:eu-west-1:1:stream/x", precision: microsecond}]
`

func readOne(t *testing.T, name, text string) *Table {
	t.Helper()
	list, notes, err := Read(name, []byte(text))
	if err != nil || len(list) != 1 || len(notes) > 0 {
		t.Fatalf("%v %v %v\n%s", list, notes, err, text)
	}
	return list[0]
}

// TestTemplate writes CloudFormation and reads it: the same table.
func TestTemplate(t *testing.T) {
	want := readOne(t, "t.yaml", whole)
	template, notes := CloudFormation([]*Table{want})
	if len(notes) > 0 {
		t.Errorf("notes: %v", notes)
	}
	got := readOne(t, "t.yaml", string(template))
	if d := Diff(want, got); len(d) > 0 {
		t.Errorf("%v\n%s", d, template)
	}
	if got.Policy != want.Policy {
		t.Errorf("policy %s, want %s", got.Policy, want.Policy)
	}
}

// TestTemplateParameters resolves what can be resolved, and names the place of what cannot.
func TestTemplateParameters(t *testing.T) {
	text := `
Parameters:
  Name: {Type: String, Default: Orders}
Resources:
  Bucket: {Type: "AWS::S3::Bucket"}
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Ref Name
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
`
	if got := readOne(t, "t.yaml", text); got.Name != "Orders" || got.Billing != OnDemand {
		t.Errorf("%+v", got)
	}
	for text, want := range map[string]string{
		strings.Replace(text, "!Ref Name", "!Sub 'x-${Name}'", 1):                       "t.yaml:9: Resources.T.Properties.TableName: the tag !Sub cannot be resolved here",
		strings.Replace(text, "!Ref Name", "{\"Fn::Sub\": x}", 1):                       "t.yaml:9: Resources.T.Properties.TableName: expected a text, found a map",
		strings.Replace(text, "AttributeName: id, KeyType", "AttributeName: x, Key", 1): `t.yaml:11: Resources.T.Properties.KeySchema[0]: the attribute "x" is not among the AttributeDefinitions`,
		strings.Replace(text, "DynamoDB::Table", "DynamoDB::GlobalTable", 1):            "t.yaml:6: Resources.T: AWS::DynamoDB::GlobalTable is not read",
	} {
		if _, _, err := Read("t.yaml", []byte(text)); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// TestTerraform reads Terraform's JSON, and writes HCL with a resource for each part.
func TestTerraform(t *testing.T) {
	text := `{"resource": {
  "aws_dynamodb_table": {"orders": {
    "name": "Orders", "billing_mode": "PAY_PER_REQUEST", "hash_key": "customer", "range_key": "placed",
    "attribute": [{"name": "customer", "type": "S"}, {"name": "placed", "type": "S"}, {"name": "status", "type": "S"}, {"name": "total", "type": "N"}],
    "on_demand_throughput": {"max_read_request_units": 100},
    "global_secondary_index": {"name": "ByStatus", "hash_key": "status", "range_key": "placed", "projection_type": "INCLUDE", "non_key_attributes": ["total"]},
    "local_secondary_index": [{"name": "ByTotal", "range_key": "total", "projection_type": "ALL"}],
    "ttl": {"attribute_name": "expires", "enabled": true}, "point_in_time_recovery": {"enabled": true, "recovery_period_in_days": 7},
    "stream_enabled": true, "stream_view_type": "NEW_AND_OLD_IMAGES", "tags": {"env": "dev", "n": "007"},
    "table_class": "STANDARD_INFREQUENT_ACCESS", "deletion_protection_enabled": true, "server_side_encryption": {"enabled": true}}},
  "aws_dynamodb_resource_policy": {"orders": {"resource_arn": "${aws_dynamodb_table.orders.arn}",
    "policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"dynamodb:GetItem\",\"Resource\":\"${aws_dynamodb_table.orders.arn}\"}]}"}},
  "aws_dynamodb_contributor_insights": {"a": {"table_name": "${aws_dynamodb_table.orders.name}"},
    "b": {"table_name": "${aws_dynamodb_table.orders.name}", "index_name": "ByStatus", "mode": "THROTTLED_KEYS"}},
  "aws_dynamodb_kinesis_streaming_destination": {"a": {"table_name": "Orders", "stream_arn": "arn:aws:kinesis:eu-west-1:1:stream/x", "approximate_creation_date_time_precision": "MICROSECOND"}}
}}`
	want := readOne(t, "t.yaml", whole)
	got := readOne(t, "main.tf.json", text)
	if d := Diff(want, got); len(d) > 0 {
		t.Errorf("differences: %v", d)
	}
	code, notes := Terraform([]*Table{want})
	if len(notes) > 0 {
		t.Errorf("notes: %v", notes)
	}
	for _, part := range []string{
		`resource "aws_dynamodb_table" "orders"`, `max_read_request_units = 100`, `resource "aws_dynamodb_contributor_insights" "orders_bystatus"`,
		`\"Resource\":\"${aws_dynamodb_table.orders.arn}\"`, `approximate_creation_date_time_precision = "MICROSECOND"`, `recovery_period_in_days = 7`,
	} {
		if !strings.Contains(string(code), part) {
			t.Errorf("%s is missing in\n%s", part, code)
		}
	}
	bad := strings.Replace(text, `"name": "Orders"`, `"name": "${var.name}"`, 1)
	if _, _, err := Read("main.tf.json", []byte(bad)); err == nil || !strings.Contains(err.Error(), "main.tf.json:3: resource.aws_dynamodb_table.orders.name: the expression ${var.name} cannot be resolved here") {
		t.Errorf("error %v", err)
	}
}

// TestMistakes names the file, the line and the attribute, and what to do.
func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"table: T\nkeys: id:S\nstraem: new\n":                                       "t.yaml:3: straem: is not known here | did you mean \"stream\"?",
		"table: T\nkeys: id\n":                                                      "t.yaml:2: keys: the type of the attribute \"id\" is missing | write id:S for text, id:N for a number or id:B for binary",
		"table: T\nkeys: a:S,b:S,c:S\n":                                             "t.yaml:2: keys: \"a:S,b:S,c:S\" has more than a partition key and a sort key | " + keysForm,
		"table: T\nkeys: id:S\nindexes:\n  - keys: x:S\n":                           "t.yaml:4: indexes[0]: name is missing | an index has a name and keys",
		"table: T\nkeys: id:S\nindexes: [{name: X, keys: \"id:N\"}]\n":              "t.yaml:3: indexes[0].keys: the attribute \"id\" is given the types S and N | an attribute has one type in all keys",
		"table: T\nkeys: id:S\npitr: 90 days\n":                                     "t.yaml:3: pitr: expected on, off or 1 to 35 days, found \"90 days\" | write it as: 35 days",
		"table: T\nkeys: id:S\nstream: newandold\n":                                 "t.yaml:3: stream: is \"newandold\", which is not known | did you mean \"new-and-old\"?",
		"table: T\nkeys: id:S\nbilling: on-demand\ncapacity: {read: 1, write: 1}\n": "t.yaml:4: capacity: a table that is on demand has no provisioned capacity | write billing: provisioned, or leave capacity out",
		"table: T\ntable: U\n":                                                      "",
		"table: [\n":                                                                "",
		"tabel: T\nkeys: id:S\n":                                                    "t.yaml:1: is no table: table: NAME is missing | did you mean \"table\"?",
		"- a\n":                                                                     "t.yaml:1: expected a map, found a list | a table file begins with table: NAME; ddb table describe TABLE -o yaml writes one",
		"":                                                                          "t.yaml: holds no table | ddb table describe TABLE -o yaml writes one",
		"table: T\nkeys: id:S\n---\ntable: T\nkeys: id:S\n":                         "t.yaml:4: the table \"T\" is there twice | ",
		"table: T\nkeys: id:S\ncapacity: {read: many, write: 1}\n":                  "t.yaml:3: capacity.read: expected a whole number from 1, found \"many\" | ",
		"table: T\nkeys: id:S\nlocal-indexes: [{name: X, keys: \"other:S, x:S\"}]\n": "t.yaml:3: local-indexes[0]: the local index \"X\" needs the table's partition key and a sort key of its own | write keys: total:N; the partition key is the table's",
		"table: T\nkeys: !x id:S\n": "t.yaml:2: keys: the tag !x is not read here | write the value",
	} {
		_, _, err := Read("t.yaml", []byte(text))
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := e.Error() + " | " + e.Hint; want != "" && got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
	}
}

// FuzzRead looks for files that end a read otherwise than with tables or an *Error.
func FuzzRead(f *testing.F) {
	template, _ := CloudFormation([]*Table{{Name: "T", Keys: []Key{{Name: "id", Type: "S"}}}})
	for _, seed := range []string{whole, string(template), `{"Table":{"TableName":"T","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}}`, `{"resource":{"aws_dynamodb_table":[{"t":{"name":"T"}}]}}`, "a: &a [*a]\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		tables, _, err := Read("f", text)
		if _, known := errors.AsType[*Error](err); err != nil && !known {
			t.Fatalf("%T %v", err, err)
		}
		for _, x := range tables {
			if _, _, err := Read("g", Write(x)); err != nil {
				t.Fatalf("%v\n%s", err, Write(x))
			}
		}
	})
}
