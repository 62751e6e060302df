package tablefile

import (
	"strings"
	"testing"
)

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

// TestCloudFormationReadsBackTheSame writes CloudFormation and reads it: the same table.
func TestCloudFormationReadsBackTheSame(t *testing.T) {
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

// TestTemplatesTellNamesApart: tables and indexes whose names differ only in what names of resources cannot hold have resources of their own, which read back.
func TestTemplatesTellNamesApart(t *testing.T) {
	index := func(name string) Index {
		return Index{Name: name, Keys: []Key{{Name: "status", Type: "S"}}, Projection: Projection{Kind: "all"}, Insights: "all"}
	}
	want := []*Table{
		{Name: "orders.dev", Keys: []Key{{Name: "id", Type: "S"}}, Billing: OnDemand, Indexes: []Index{index("By.Status"), index("by-status")}},
		{Name: "orders-dev", Keys: []Key{{Name: "id", Type: "N"}}, Billing: OnDemand},
	}
	terraform, _ := Terraform(want)
	formation, _ := CloudFormation(want)
	for name, text := range map[string][]byte{"x.tf": terraform, "x.json": hclAsJSON(t, terraform), "x.cfn": formation} {
		got, _, err := Read(name, text)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%s: %d tables, %v\n%s", name, len(got), err, text)
		}
		for i := range want {
			d := Diff(want[i], got[i])
			if name == "x.cfn" {
				d = Diff(&Table{Name: want[i].Name, Keys: want[i].Keys}, &Table{Name: got[i].Name, Keys: got[i].Keys})
			}
			if len(d) > 0 {
				t.Errorf("%s: %v\n%s", name, d, text)
			}
		}
	}
}
