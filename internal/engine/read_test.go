package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

// orders makes a table with a local and a global index and fills it: 4 customers with 10 orders each.
func orders(t *testing.T, c *dynamodb.Client) *string {
	t.Helper()
	name := aws.String("Orders")
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: name, BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: defs("c", "S", "n", "N", "state", "S", "total", "N"), KeySchema: schema("c", "n"),
		LocalSecondaryIndexes: []types.LocalSecondaryIndex{{IndexName: aws.String("byTotal"), KeySchema: schema("c", "total"), Projection: &types.Projection{ProjectionType: "KEYS_ONLY"}}},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{IndexName: aws.String("byState"), KeySchema: schema("state"), Projection: &types.Projection{
			ProjectionType: "INCLUDE", NonKeyAttributes: []string{"note"},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		it := item{
			"c": str(fmt.Sprintf("customer%d", i/10)), "n": num(fmt.Sprint(i % 10)), "total": num(fmt.Sprint(100 - i%10)),
			"note": str("note"), "extra": str(strings.Repeat("x", i)),
		}
		if i%2 == 0 {
			it["state"] = str("open")
		}
		if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: name, Item: it}); err != nil {
			t.Fatal(err)
		}
	}
	return name
}

// numbers reads the sort keys of items.
func numbers(items []map[string]types.AttributeValue, name string) []string {
	var out []string
	for _, it := range items {
		out = append(out, it[name].(*types.AttributeValueMemberN).Value)
	}
	return out
}

func TestQueryConditions(t *testing.T) {
	_, c := open(t, engine.Options{})
	table := orders(t, c)
	for _, tc := range []struct {
		condition string
		want      string
	}{
		{"c = :c", "0 1 2 3 4 5 6 7 8 9"},
		{"c = :c AND n = :a", "3"},
		{"c = :c AND n < :a", "0 1 2"},
		{"c = :c AND n <= :a", "0 1 2 3"},
		{"c = :c AND n > :a", "4 5 6 7 8 9"},
		{"c = :c AND n >= :a", "3 4 5 6 7 8 9"},
		{"c = :c AND n BETWEEN :a AND :b", "3 4 5"},
	} {
		values := item{":c": str("customer1")}
		if strings.Contains(tc.condition, ":a") {
			values[":a"] = num("3")
		}
		if strings.Contains(tc.condition, ":b") {
			values[":b"] = num("5")
		}
		for _, forward := range []bool{true, false} {
			out, err := c.Query(t.Context(), &dynamodb.QueryInput{TableName: table, KeyConditionExpression: &tc.condition, ExpressionAttributeValues: values, ScanIndexForward: &forward})
			if err != nil {
				t.Fatal(tc.condition, err)
			}
			want := strings.Fields(tc.want)
			if !forward {
				for i, j := 0, len(want)-1; i < j; i, j = i+1, j-1 {
					want[i], want[j] = want[j], want[i]
				}
			}
			if d := cmp.Diff(want, numbers(out.Items, "n")); d != "" {
				t.Errorf("%s, forward %v: %s", tc.condition, forward, d)
			}
		}
	}
}

func TestQueryPagesEverywhere(t *testing.T) {
	_, c := open(t, engine.Options{})
	table := orders(t, c)
	state, total := aws.String("byState"), aws.String("byTotal")
	for name, in := range map[string]*dynamodb.QueryInput{
		"table":        {KeyConditionExpression: aws.String("c = :v"), ExpressionAttributeValues: item{":v": str("customer2")}},
		"global index": {IndexName: state, KeyConditionExpression: aws.String("#s = :v"), ExpressionAttributeNames: map[string]string{"#s": "state"}, ExpressionAttributeValues: item{":v": str("open")}},
		"local index":  {IndexName: total, KeyConditionExpression: aws.String("c = :v"), ExpressionAttributeValues: item{":v": str("customer2")}},
	} {
		for _, forward := range []bool{true, false} {
			in.TableName, in.ScanIndexForward, in.Limit = table, &forward, nil
			whole, err := c.Query(t.Context(), in)
			if err != nil {
				t.Fatal(name, err)
			}
			var paged []map[string]types.AttributeValue
			in.Limit = aws.Int32(3)
			p := dynamodb.NewQueryPaginator(c, in)
			for p.HasMorePages() {
				page, err := p.NextPage(t.Context())
				if err != nil {
					t.Fatal(name, err)
				}
				paged = append(paged, page.Items...)
			}
			if d := cmp.Diff(numbers(whole.Items, "n"), numbers(paged, "n")); d != "" || len(paged) < 10 {
				t.Errorf("%s, forward %v: pages differ from the whole (%d items): %s", name, forward, len(paged), d)
			}
		}
	}
}

func TestScanSegments(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	for i := range 100 {
		if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Things"), Item: item{"pk": str(fmt.Sprint(i))}}); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]int{}
	for s := range int32(7) {
		p := dynamodb.NewScanPaginator(c, &dynamodb.ScanInput{TableName: aws.String("Things"), Segment: aws.Int32(s), TotalSegments: aws.Int32(7), Limit: aws.Int32(5)})
		for p.HasMorePages() {
			page, err := p.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, it := range page.Items {
				seen[it["pk"].(*types.AttributeValueMemberS).Value]++
			}
		}
	}
	for k, n := range seen {
		if n != 1 {
			t.Errorf("item %s came %d times", k, n)
		}
	}
	if len(seen) != 100 {
		t.Errorf("%d items in all segments, want 100", len(seen))
	}
}

func TestPageOfOneMegabyte(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Big")
	for i := range 30 {
		if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Big"), Item: item{"pk": str(fmt.Sprint(i)), "x": str(strings.Repeat("x", 100_000))}}); err != nil {
			t.Fatal(err)
		}
	}
	out, err := c.Scan(t.Context(), &dynamodb.ScanInput{
		TableName: aws.String("Big"), FilterExpression: aws.String("attribute_not_exists(pk)"), ReturnConsumedCapacity: "TOTAL",
	})
	if err != nil {
		t.Fatal(err)
	}
	if out.Count != 0 || out.ScannedCount != 11 || out.LastEvaluatedKey == nil || *out.ConsumedCapacity.CapacityUnits != 134.5 {
		t.Errorf("count %d, scanned %d, last %v, units %v; want 0, 11, a key, 134.5", out.Count, out.ScannedCount, out.LastEvaluatedKey, *out.ConsumedCapacity.CapacityUnits)
	}
}

func TestIndexReads(t *testing.T) {
	_, c := open(t, engine.Options{})
	table := orders(t, c)
	byState := func(in dynamodb.QueryInput) (*dynamodb.QueryOutput, error) {
		in.TableName, in.IndexName = table, aws.String("byState")
		in.KeyConditionExpression = aws.String("#s = :v")
		in.ExpressionAttributeNames = map[string]string{"#s": "state"}
		in.ExpressionAttributeValues = item{":v": str("open")}
		return c.Query(t.Context(), &in)
	}
	out, err := byState(dynamodb.QueryInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Items) != 20 || len(out.Items[0]) != 4 {
		t.Errorf("%d entries of %d attributes, want 20 of 4: %v", len(out.Items), len(out.Items[0]), out.Items[0])
	}
	_, err = byState(dynamodb.QueryInput{Select: "ALL_ATTRIBUTES"})
	wantError(t, err, "ValidationException", "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index byState because its projection type is not ALL")
	_, err = byState(dynamodb.QueryInput{ProjectionExpression: aws.String("extra")})
	wantError(t, err, "ValidationException", "One or more parameter values were invalid: Global secondary index byState does not project [extra]")
	_, err = byState(dynamodb.QueryInput{ConsistentRead: aws.Bool(true)})
	wantError(t, err, "ValidationException", "Consistent reads are not supported on global secondary indexes")

	byTotal := &dynamodb.QueryInput{
		TableName: table, IndexName: aws.String("byTotal"), KeyConditionExpression: aws.String("c = :v"),
		ExpressionAttributeValues: item{":v": str("customer0")}, ReturnConsumedCapacity: "INDEXES",
	}
	out, err = c.Query(t.Context(), byTotal)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Fields("9 8 7 6 5 4 3 2 1 0"), numbers(out.Items, "n")); d != "" || len(out.Items[0]) != 3 {
		t.Errorf("local index: %s %v", d, out.Items[0])
	}
	byTotal.Select = "ALL_ATTRIBUTES"
	out, err = c.Query(t.Context(), byTotal)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Items[0]) < 5 || *out.ConsumedCapacity.Table.CapacityUnits != 5 || *out.ConsumedCapacity.LocalSecondaryIndexes["byTotal"].CapacityUnits != 0.5 {
		t.Errorf("fetched %v for %+v", out.Items[0], out.ConsumedCapacity)
	}
}

func TestReadRefusals(t *testing.T) {
	_, c := open(t, engine.Options{})
	table := orders(t, c)
	_, err := c.Query(t.Context(), &dynamodb.QueryInput{TableName: table})
	wantError(t, err, "ValidationException", "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	q := func(change func(*dynamodb.QueryInput)) error {
		in := &dynamodb.QueryInput{TableName: table, KeyConditionExpression: aws.String("c = :v"), ExpressionAttributeValues: item{":v": str("customer0")}}
		change(in)
		_, err := c.Query(t.Context(), in)
		return err
	}
	for message, change := range map[string]func(*dynamodb.QueryInput){
		"The table does not have the specified index: none": func(in *dynamodb.QueryInput) { in.IndexName = aws.String("none") },
		"Filter Expression can only contain non-primary key attributes: Primary key attribute: n": func(in *dynamodb.QueryInput) {
			in.FilterExpression = aws.String("n = :v")
		},
		"The provided starting key is invalid": func(in *dynamodb.QueryInput) {
			in.ExclusiveStartKey = item{"c": str("x")}
		},
		"The provided starting key is outside query boundaries based on provided conditions": func(in *dynamodb.QueryInput) {
			in.ExclusiveStartKey = item{"c": str("x"), "n": num("1")}
		},
		"The provided starting key does not match the range key predicate": func(in *dynamodb.QueryInput) {
			in.KeyConditionExpression = aws.String("c = :v AND n > :n")
			in.ExpressionAttributeValues[":n"] = num("5")
			in.ExclusiveStartKey = item{"c": str("customer0"), "n": num("1")}
		},
		"1 validation error detected: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName": func(in *dynamodb.QueryInput) { in.Select = "ALL_PROJECTED_ATTRIBUTES" },
	} {
		wantError(t, q(change), "ValidationException", message)
	}
	_, err = c.Scan(t.Context(), &dynamodb.ScanInput{TableName: table, Segment: aws.Int32(3), TotalSegments: aws.Int32(3)})
	wantError(t, err, "ValidationException", "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 3 is not less than TotalSegments: 3")
}
