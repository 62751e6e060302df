package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

func defs(pairs ...string) []types.AttributeDefinition {
	var out []types.AttributeDefinition
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, types.AttributeDefinition{AttributeName: aws.String(pairs[i]), AttributeType: types.ScalarAttributeType(pairs[i+1])})
	}
	return out
}

// schema makes a key schema of a HASH and perhaps a RANGE attribute.
func schema(names ...string) []types.KeySchemaElement {
	out := []types.KeySchemaElement{{AttributeName: aws.String(names[0]), KeyType: types.KeyTypeHash}}
	for _, n := range names[1:] {
		out = append(out, types.KeySchemaElement{AttributeName: aws.String(n), KeyType: types.KeyTypeRange})
	}
	return out
}

func allOf() *types.Projection { return &types.Projection{ProjectionType: types.ProjectionTypeAll} }

func TestCreateTableRefusals(t *testing.T) {
	_, c := open(t, engine.Options{})
	const invalid = "One or more parameter values were invalid: "
	throughput := &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(1), WriteCapacityUnits: aws.Int64(1)}
	for name, tc := range map[string]struct {
		in      dynamodb.CreateTableInput
		message string
	}{
		"no throughput": {
			dynamodb.CreateTableInput{AttributeDefinitions: defs("a", "S"), KeySchema: schema("a")},
			invalid + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
		},
		"throughput on demand": {
			dynamodb.CreateTableInput{AttributeDefinitions: defs("a", "S"), KeySchema: schema("a"), BillingMode: "PAY_PER_REQUEST", ProvisionedThroughput: throughput},
			invalid + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
		},
		"range first": {
			dynamodb.CreateTableInput{AttributeDefinitions: defs("a", "S"), KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("a"), KeyType: "RANGE"}}, ProvisionedThroughput: throughput},
			"Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
		},
		"undefined key": {
			dynamodb.CreateTableInput{AttributeDefinitions: defs("b", "S"), KeySchema: schema("a"), ProvisionedThroughput: throughput},
			invalid + "Some index key attributes are not defined in AttributeDefinitions. Keys: [a], AttributeDefinitions: [b]",
		},
		"unused definition": {
			dynamodb.CreateTableInput{AttributeDefinitions: defs("a", "S", "b", "S"), KeySchema: schema("a"), ProvisionedThroughput: throughput},
			invalid + "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
		},
		"local index without range": {
			dynamodb.CreateTableInput{
				AttributeDefinitions: defs("a", "S", "b", "S"), KeySchema: schema("a"), ProvisionedThroughput: throughput,
				LocalSecondaryIndexes: []types.LocalSecondaryIndex{{IndexName: aws.String("idx"), KeySchema: schema("a", "b"), Projection: allOf()}},
			},
			invalid + "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
		},
		"nested constraint": {
			dynamodb.CreateTableInput{AttributeDefinitions: defs("a", "X"), KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("a"), KeyType: "NO"}}, BillingMode: "X"},
			"3 validation errors detected: Value 'X' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]; " +
				"Value 'NO' at 'keySchema.1.member.keyType' failed to satisfy constraint: Member must satisfy enum value set: [HASH, RANGE]; " +
				"Value 'X' at 'billingMode' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.in.TableName = aws.String("Refused")
			_, err := c.CreateTable(t.Context(), &tc.in)
			wantError(t, err, "ValidationException", tc.message)
		})
	}
}

func TestIndexBackfillAndDelete(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		_, c := open(t, engine.Options{Dir: dir})
		simpleTable(t, c, "Things")
		for i := range 300 {
			item := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: fmt.Sprint(i)}}
			if i%3 == 0 {
				item["color"] = &types.AttributeValueMemberS{Value: "red"}
			}
			if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Things"), Item: item}); err != nil {
				t.Fatal(err)
			}
		}
		out, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{
			TableName: aws.String("Things"), AttributeDefinitions: defs("color", "S"),
			GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{
				IndexName: aws.String("byColor"), KeySchema: schema("color"), Projection: allOf(),
			}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if s := out.TableDescription.GlobalSecondaryIndexes[0].IndexStatus; s != "CREATING" {
			t.Errorf("UpdateTable answers %s, want CREATING", s)
		}
		got := describe(t, c, "Things")
		if x := got.GlobalSecondaryIndexes[0]; x.IndexStatus != "ACTIVE" || *x.ItemCount != 100 || got.TableStatus != "ACTIVE" {
			t.Errorf("index is %s with %d entries, table %s; want ACTIVE with 100, ACTIVE", x.IndexStatus, *x.ItemCount, got.TableStatus)
		}
		if _, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{
			TableName:                   aws.String("Things"),
			GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: aws.String("byColor")}}},
		}); err != nil {
			t.Fatal(err)
		}
		got = describe(t, c, "Things")
		if len(got.GlobalSecondaryIndexes) != 0 || len(got.AttributeDefinitions) != 1 || got.TableStatus != "ACTIVE" {
			t.Errorf("after deleting the index: %+v", got)
		}
	}
}

func describe(t *testing.T, c *dynamodb.Client, name string) *types.TableDescription {
	t.Helper()
	out, err := c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return out.Table
}

func TestRealisticLifecycle(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	_, c := open(t, engine.Options{Lifecycle: "realistic", Clock: func() time.Time { return now }})
	simpleTable(t, c, "Slow")
	if s := describe(t, c, "Slow").TableStatus; s != "CREATING" {
		t.Errorf("status %s, want CREATING", s)
	}
	key := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "a"}}
	_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Slow"), Item: key})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found")
	_, err = c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Slow")})
	wantError(t, err, "ResourceInUseException", "Attempt to change a resource which is still in use: Table is being created: Slow")
	now = now.Add(time.Minute)
	if s := describe(t, c, "Slow").TableStatus; s != "ACTIVE" {
		t.Errorf("status %s, want ACTIVE", s)
	}
	if _, err := c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Slow")}); err != nil {
		t.Fatal(err)
	}
	if s := describe(t, c, "Slow").TableStatus; s != "DELETING" {
		t.Errorf("status %s, want DELETING", s)
	}
	now = now.Add(time.Minute)
	_, err = c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("Slow")})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Table: Slow not found")
}

func TestListTablesPages(t *testing.T) {
	_, c := open(t, engine.Options{})
	want := []string{"aaa", "bbb", "ccc"}
	for _, n := range []string{"ccc", "aaa", "bbb"} {
		simpleTable(t, c, n)
	}
	var got []string
	p := dynamodb.NewListTablesPaginator(c, &dynamodb.ListTablesInput{Limit: aws.Int32(2)})
	for p.HasMorePages() {
		page, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, page.TableNames...)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
