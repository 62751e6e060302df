package engine_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

func putOf(it item) types.WriteRequest {
	return types.WriteRequest{PutRequest: &types.PutRequest{Item: it}}
}

func deleteOf(key item) types.WriteRequest {
	return types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: key}}
}

func TestBatchWriteAndGet(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Aaa")
	simpleTable(t, c, "Bbb")
	out, err := c.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{
		RequestItems: map[string][]types.WriteRequest{
			"Aaa": {putOf(item{"pk": str("1"), "big": str(strings.Repeat("x", 1500))}), putOf(item{"pk": str("2")})},
			"Bbb": {putOf(item{"pk": str("1")}), deleteOf(item{"pk": str("none")})},
		},
		ReturnConsumedCapacity: "TOTAL",
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.UnprocessedItems) != 0 || len(out.ConsumedCapacity) != 2 ||
		*out.ConsumedCapacity[0].CapacityUnits != 3 || *out.ConsumedCapacity[1].CapacityUnits != 2 {
		t.Errorf("unprocessed %v, capacity %+v; want none, and 3 and 2 units", out.UnprocessedItems, out.ConsumedCapacity)
	}
	got, err := c.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{
		RequestItems: map[string]types.KeysAndAttributes{
			"Aaa": {Keys: []item{{"pk": str("1")}, {"pk": str("2")}, {"pk": str("3")}}, ProjectionExpression: aws.String("#p"), ExpressionAttributeNames: map[string]string{"#p": "pk"}},
			"Bbb": {Keys: []item{{"pk": str("1")}}, ConsistentRead: aws.Bool(true)},
		},
		ReturnConsumedCapacity: "INDEXES",
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Responses["Aaa"]) != 2 || len(got.Responses["Aaa"][0]) != 1 || len(got.Responses["Bbb"]) != 1 || len(got.UnprocessedKeys) != 0 {
		t.Errorf("got %+v", got)
	}
	if a, b := got.ConsumedCapacity[0], got.ConsumedCapacity[1]; *a.CapacityUnits != 1.5 || *a.Table.CapacityUnits != 1.5 || *b.CapacityUnits != 1 {
		t.Errorf("capacity %v and %v, want 1.5 and 1", *a.CapacityUnits, *b.CapacityUnits)
	}
}

// TestBatchGetStopsAtItsLimit reads more than 16 MB, in pages of unprocessed keys.
func TestBatchGetStopsAtItsLimit(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Aaa")
	keys := make([]item, 60)
	for i := range keys {
		keys[i] = item{"pk": str(strconv.Itoa(i))}
		_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Aaa"), Item: item{"pk": str(strconv.Itoa(i)), "v": str(strings.Repeat("x", 390<<10))}})
		if err != nil {
			t.Fatal(err)
		}
	}
	request := map[string]types.KeysAndAttributes{"Aaa": {Keys: keys, ConsistentRead: aws.Bool(true)}}
	seen := map[string]bool{}
	calls := 0
	for ; len(request) > 0; calls++ {
		out, err := c.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{RequestItems: request})
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range out.Responses["Aaa"] {
			seen[it["pk"].(*types.AttributeValueMemberS).Value] = true
		}
		if u, ok := out.UnprocessedKeys["Aaa"]; ok && !*u.ConsistentRead {
			t.Error("the unprocessed keys lost ConsistentRead")
		}
		request = out.UnprocessedKeys
	}
	if len(seen) != 60 || calls != 2 {
		t.Errorf("%d items in %d calls, want 60 in 2", len(seen), calls)
	}
}

func TestBatchRefusals(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Aaa")
	simpleTable(t, c, "Bbb")
	many := func(n int) (keys []item, puts []types.WriteRequest) {
		for i := range n {
			keys, puts = append(keys, item{"pk": str(fmt.Sprint(i))}), append(puts, putOf(item{"pk": str(fmt.Sprint(i))}))
		}
		return keys, puts
	}
	keys, puts := many(60)
	gets := []struct {
		in      map[string]types.KeysAndAttributes
		message string
	}{
		{map[string]types.KeysAndAttributes{"Aaa": {Keys: keys}, "Bbb": {Keys: keys}}, "Too many items requested for the BatchGetItem call"},
		{map[string]types.KeysAndAttributes{"Aaa": {Keys: []item{keys[0], keys[0]}}}, "Provided list of item keys contains duplicates"},
		{map[string]types.KeysAndAttributes{"Aaa": {Keys: []item{{"pk": num("1")}}}}, "The provided key element does not match the schema"},
	}
	for _, g := range gets {
		_, err := c.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{RequestItems: g.in})
		wantError(t, err, "ValidationException", g.message)
	}
	writes := []struct {
		in      map[string][]types.WriteRequest
		message string
	}{
		{map[string][]types.WriteRequest{"Aaa": puts[:20], "Bbb": puts[:6]}, "Too many items requested for the BatchWriteItem call"},
		{map[string][]types.WriteRequest{"Aaa": {puts[0], deleteOf(keys[0])}}, "Provided list of item keys contains duplicates"},
		{map[string][]types.WriteRequest{"Aaa": {{}}}, "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"},
		{map[string][]types.WriteRequest{"Aaa": {putOf(item{"x": str("a")})}}, "The provided key element does not match the schema"},
		{map[string][]types.WriteRequest{"Aaa": {puts[0], putOf(item{"pk": str("b"), "v": str(strings.Repeat("x", 400<<10))})}}, "Item size has exceeded the maximum allowed size"},
	}
	for _, w := range writes {
		_, err := c.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{RequestItems: w.in})
		wantError(t, err, "ValidationException", w.message)
	}
	_, err := c.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{"Aaa": {puts[0]}, "Nope": {puts[0]}}})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found")
	if n := *describe(t, c, "Aaa").ItemCount; n != 0 {
		t.Errorf("refused batches left %d items", n)
	}
}

// TestBatchOfDenseItems holds that a batch ends where its answer is twice what it may read, though the items are counted as a third of it.
func TestBatchOfDenseItems(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Dense")
	list := make([]types.AttributeValue, 190_000)
	for i := range list {
		list[i] = &types.AttributeValueMemberNULL{Value: true}
	}
	var keys []map[string]types.AttributeValue
	for i := range 15 { // 2.6 MB each, counted as 380 KB
		key := str(fmt.Sprint(i))
		if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Dense"), Item: item{"pk": key, "l": &types.AttributeValueMemberL{Value: list}}}); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, item{"pk": key})
	}
	out, err := c.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{"Dense": {Keys: keys}}})
	if err != nil {
		t.Fatal(err)
	}
	if got, left := len(out.Responses["Dense"]), len(out.UnprocessedKeys["Dense"].Keys); got == 0 || left == 0 || got+left != len(keys) {
		t.Errorf("%d read and %d left of %d", got, left, len(keys))
	}
}
