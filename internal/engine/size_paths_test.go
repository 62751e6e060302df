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

// Every way to write a whole item takes 400 KB, names included, and not a byte more.
func TestItemSizeOnEveryPath(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	table := aws.String("Things")
	paths := map[string]func(item) error{
		"PutItem": func(it item) error {
			_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: it})
			return err
		},
		"BatchWriteItem": func(it item) error {
			_, err := c.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{"Things": {putOf(it)}}})
			return err
		},
		"TransactWriteItems": func(it item) error {
			_, err := c.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{
				TransactItems: []types.TransactWriteItem{{Put: &types.Put{TableName: table, Item: it}}},
			})
			return err
		},
	}
	const room = 400*1024 - len("pk") - len("a") - len("v")
	for name, put := range paths {
		t.Run(name, func(t *testing.T) {
			if err := put(item{"pk": str("a"), "v": str(strings.Repeat("x", room))}); err != nil {
				t.Error(err)
			}
			err := put(item{"pk": str("a"), "v": str(strings.Repeat("x", room+1))})
			wantError(t, err, "ValidationException", "Item size has exceeded the maximum allowed size")
		})
	}
}

// An update is held to 400 KB by what its request says, before its condition, and not by what the item holds beside that (source of nubo-db/dynoxide 3.2,
// measured in eu-west-2 in October 2026).
func TestUpdatesAreChargedForTheirRequest(t *testing.T) {
	const limit = 400 * 1024
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	update := func(expression string, condition *string, size int) error {
		_, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
			TableName: aws.String("Things"), Key: item{"pk": str("a")}, UpdateExpression: aws.String(expression), ConditionExpression: condition,
			ExpressionAttributeValues: item{":v": str(strings.Repeat("x", size))},
		})
		return err
	}
	for expression, cost := range map[string]int{
		"SET big = :v":                         3 + 19 + len("big"),
		"SET big = if_not_exists(v.w[10], :v)": 3 + 19 + len("big") + 39 + 1 + 14 + 1 + 14 + 1 + 14 + 2,
		"SET big = :v REMOVE gone":             3 + 19 + len("big") + 1 + len("gone"),
	} {
		if err := update(expression, nil, limit-cost); err != nil {
			t.Errorf("%s: %v", expression, err)
		}
		const words = "Item size to update has exceeded the maximum allowed size"
		wantError(t, update(expression, aws.String("attribute_exists(nothing)"), limit-cost+1), "ValidationException", words)
	}
	if err := update("SET big = :v", nil, limit/2); err != nil {
		t.Fatal(err)
	}
	if err := update("SET half = :v", nil, limit/2-64); err != nil {
		t.Errorf("what the item holds counts: %v", err)
	}
}

// A name of 65,536 bytes is too long wherever it stands; writes of one item say so as a violation (ExtendDB/extenddb 365).
func TestNamesOfAttributesAreBounded(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	table, key := aws.String("Things"), item{"pk": str("a")}
	const words = "Attribute name is too large, must be less than 65536 bytes"
	long := strings.Repeat("x", 65_536)
	nested := &types.AttributeValueMemberM{Value: item{long: str("x")}}
	put := func(it item) error {
		_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: it})
		return err
	}
	update := func(expression string, names map[string]string, values item) error {
		_, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
			TableName: table, Key: key, UpdateExpression: aws.String(expression), ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		})
		return err
	}
	if err := put(item{"pk": str("a"), "m": &types.AttributeValueMemberM{Value: item{long[1:]: str("x")}}}); err != nil {
		t.Error(err)
	}
	for _, err := range []error{
		put(item{"pk": str("a"), long: str("x")}),
		put(item{"pk": str("a"), "m": nested}),
		update("SET doc = :v", nil, item{":v": nested}),
		update("SET #n = :v", map[string]string{"#n": long}, item{":v": str("x")}),
	} {
		wantError(t, err, "ValidationException", "1 validation error detected: "+words)
	}
	_, err := c.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{
		RequestItems: map[string][]types.WriteRequest{"Things": {putOf(item{"pk": str("a"), long: str("x")})}},
	})
	wantError(t, err, "ValidationException", words)
}

// A page ends behind the item that fills a megabyte, whatever the filter leaves of it.
func TestPageOfOneMegabyteBeforeTheFilter(t *testing.T) {
	_, c := open(t, engine.Options{})
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("Pages"), BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: defs("pk", "S", "sk", "S"), KeySchema: schema("pk", "sk"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		it := item{"pk": str("p"), "sk": str(strconv.Itoa(i)), "v": str(strings.Repeat("x", 300_000))}
		if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Pages"), Item: it}); err != nil {
			t.Fatal(err)
		}
	}
	in := &dynamodb.QueryInput{
		TableName: aws.String("Pages"), KeyConditionExpression: aws.String("pk = :p"), FilterExpression: aws.String("v = :p"),
		ExpressionAttributeValues: item{":p": str("p")}, ReturnConsumedCapacity: "TOTAL",
	}
	for _, want := range []struct {
		scanned int32
		more    bool
	}{{4, true}, {1, false}} {
		out, err := c.Query(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if out.ScannedCount != want.scanned || out.Count != 0 || (out.LastEvaluatedKey != nil) != want.more {
			t.Errorf("read %d, gave %d, goes on at %v; want %d read, none given, more: %v", out.ScannedCount, out.Count, out.LastEvaluatedKey, want.scanned, want.more)
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}
