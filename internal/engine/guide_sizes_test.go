package engine_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// localTable has the key pk, sk and a local index byL on pk, l.
func localTable(t *testing.T, c *dynamodb.Client, name string, projection types.ProjectionType) {
	t.Helper()
	key := func(sort string) []types.KeySchemaElement {
		return []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: "HASH"}, {AttributeName: aws.String(sort), KeyType: "RANGE"}}
	}
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String(name), BillingMode: "PAY_PER_REQUEST", KeySchema: key("sk"),
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("pk"), AttributeType: "S"}, {AttributeName: aws.String("sk"), AttributeType: "S"}, {AttributeName: aws.String("l"), AttributeType: "S"},
		},
		LocalSecondaryIndexes: []types.LocalSecondaryIndex{{IndexName: aws.String("byL"), KeySchema: key("l"), Projection: &types.Projection{ProjectionType: projection}}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What a local index fetches counts towards the megabyte of a page with each item rounded up to 4 KB, and so does the index as a whole (developer guide,
// "Local secondary indexes"): 4 KB and 255 times 4 KB.
func TestFetchesFillAPage(t *testing.T) {
	_, c := open(t, engine.Options{})
	localTable(t, c, "Things", types.ProjectionTypeKeysOnly)
	for i := range 12 {
		var puts []types.WriteRequest
		for j := range 25 {
			n := strconv.Itoa(1000 + 25*i + j)
			puts = append(puts, putOf(item{"pk": str("a"), "sk": str(n), "l": str(n), "more": str("x")}))
		}
		if _, err := c.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{"Things": puts}}); err != nil {
			t.Fatal(err)
		}
	}
	for of, want := range map[types.Select]int32{types.SelectAllProjectedAttributes: 300, types.SelectAllAttributes: 255} {
		out, err := c.Query(t.Context(), &dynamodb.QueryInput{
			TableName: aws.String("Things"), IndexName: aws.String("byL"), Select: of,
			KeyConditionExpression: aws.String("pk = :p"), ExpressionAttributeValues: item{":p": str("a")},
		})
		if err != nil {
			t.Fatal(err)
		}
		if out.Count != want || (out.LastEvaluatedKey != nil) != (want < 300) {
			t.Errorf("%s: %d items and %v to go on from, want %d items", of, out.Count, out.LastEvaluatedKey, want)
		}
	}
}

// An item and its entries in local indexes have 400 KB together (developer guide, "Quotas").
func TestItemSizeWithLocalIndexes(t *testing.T) {
	_, c := open(t, engine.Options{})
	localTable(t, c, "All", types.ProjectionTypeAll)
	localTable(t, c, "Keys", types.ProjectionTypeKeysOnly)
	put := func(table string, size int, indexed bool) error {
		it := item{"pk": str("a"), "sk": str("b")}
		own := len("pk") + len("a") + len("sk") + len("b") + len("v")
		if indexed {
			it["l"] = str("c")
			own += len("l") + len("c")
		}
		it["v"] = str(strings.Repeat("x", size-own))
		_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(table), Item: it})
		return err
	}
	const limit, words = 400 * 1024, "Item size has exceeded the maximum allowed size"
	const entry = len("pk") + len("a") + len("sk") + len("b") + len("l") + len("c")
	for _, x := range []struct {
		table   string
		most    int
		indexed bool
	}{{"All", limit / 2, true}, {"All", limit, false}, {"Keys", limit - entry, true}} {
		if err := put(x.table, x.most, x.indexed); err != nil {
			t.Errorf("%s, indexed %v: %v", x.table, x.indexed, err)
		}
		wantError(t, put(x.table, x.most+1, x.indexed), "ValidationException", words)
	}
	_, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: aws.String("Keys"), Key: item{"pk": str("a"), "sk": str("b")},
		UpdateExpression: aws.String("SET w = :w"), ExpressionAttributeValues: item{":w": str("y")},
	})
	wantError(t, err, "ValidationException", "Item size to update has exceeded the maximum allowed size")
}

// BatchGetItem reads 52 of 100 items of 300 KB, and of one partition key about 1 MB (API reference, BatchGetItem).
func TestBatchGetStopsAsTheReferenceSays(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Wide")
	localTable(t, c, "Deep", types.ProjectionTypeKeysOnly)
	big := strings.Repeat("x", 300*1024-len("pk")-len("00")-len("v"))
	read := types.KeysAndAttributes{ConsistentRead: aws.Bool(true), ProjectionExpression: aws.String("pk, sk")}
	wide, deep := read, read
	for i := range 60 {
		key := item{"pk": str(strconv.Itoa(10 + i))}
		wide.Keys = append(wide.Keys, key)
		if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Wide"), Item: item{"pk": key["pk"], "v": str(big)}}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 10 {
		key := item{"pk": str("a"), "sk": str(strconv.Itoa(i))}
		if i == 9 { // behind the full one, and of another
			key["pk"] = str("b")
		}
		deep.Keys = append(deep.Keys, key)
		if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Deep"), Item: item{"pk": key["pk"], "sk": key["sk"], "v": str(big)}}); err != nil {
			t.Fatal(err)
		}
	}
	for table, x := range map[string]struct {
		in   types.KeysAndAttributes
		want int
	}{"Wide": {wide, 52}, "Deep": {deep, 5}} {
		out, err := c.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{table: x.in}})
		if err != nil {
			t.Fatal(err)
		}
		left := out.UnprocessedKeys[table]
		if len(out.Responses[table]) != x.want || len(left.Keys) != len(x.in.Keys)-x.want || !aws.ToBool(left.ConsistentRead) {
			t.Errorf("%s: %d items, %d keys left; want %d of %d", table, len(out.Responses[table]), len(left.Keys), x.want, len(x.in.Keys))
		}
	}
}
