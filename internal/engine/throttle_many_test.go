package engine_test

import (
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestThrottledBatches(t *testing.T) {
	c, clock := throttledEngine(t)
	provisionedTable(t, c, units(1, 3), nil)
	var puts []types.WriteRequest
	for i := range 5 {
		puts = append(puts, putOf(item{"pk": str(strconv.Itoa(i)), "n": num("1")}))
	}
	puts[4] = deleteOf(item{"pk": str("4")})
	write := func(requests []types.WriteRequest) (*dynamodb.BatchWriteItemOutput, error) {
		return c.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{"Slow": requests}, ReturnConsumedCapacity: "TOTAL",
		})
	}
	out, err := write(puts)
	if err != nil {
		t.Fatal(err)
	}
	if left := out.UnprocessedItems["Slow"]; !reflect.DeepEqual(left, puts[3:]) {
		t.Errorf("unprocessed %+v, want the last two as they were sent", left)
	}
	if got := *out.ConsumedCapacity[0].CapacityUnits; got != 3 {
		t.Errorf("the batch takes %v units, want 3", got)
	}
	_, err = write(out.UnprocessedItems["Slow"])
	wantThrottled(t, err, "ProvisionedThroughputExceededException", "TableWriteProvisionedThroughputExceeded", tableARN)

	read := func() (*dynamodb.BatchGetItemOutput, error) {
		return c.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
			"Slow": {Keys: []item{{"pk": str("0")}, {"pk": str("1")}, {"pk": str("2")}}, ConsistentRead: aws.Bool(true)},
		}})
	}
	got, err := read()
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Responses["Slow"]) != 1 || len(got.UnprocessedKeys["Slow"].Keys) != 2 || !*got.UnprocessedKeys["Slow"].ConsistentRead {
		t.Errorf("got %d items and %+v left, want one and two", len(got.Responses["Slow"]), got.UnprocessedKeys)
	}
	_, err = read()
	wantThrottled(t, err, "ProvisionedThroughputExceededException", "TableReadProvisionedThroughputExceeded", tableARN)

	clock.advance(time.Second)
	done, err := c.BatchExecuteStatement(t.Context(), &dynamodb.BatchExecuteStatementInput{Statements: []types.BatchStatementRequest{
		{Statement: aws.String(`SELECT * FROM "Slow" WHERE pk = '0'`), ConsistentRead: aws.Bool(true)},
		{Statement: aws.String(`SELECT * FROM "Slow" WHERE pk = '1'`)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if done.Responses[0].Error != nil || done.Responses[1].Error == nil || done.Responses[1].Error.Code != "ProvisionedThroughputExceeded" {
		t.Errorf("got %+v, want the second statement throttled", done.Responses)
	}
}

func TestThrottledTransactions(t *testing.T) {
	c, _ := throttledEngine(t)
	provisionedTable(t, c, units(2, 2), nil)
	put := func(pk string) types.TransactWriteItem {
		return types.TransactWriteItem{Put: &types.Put{TableName: aws.String("Slow"), Item: item{"pk": str(pk)}}}
	}
	_, err := transact(t, c, "", put("a"), put("b"))
	_ = wantReasons(t, err, []string{"None", "ProvisionedThroughputExceeded"}, []string{"", "The level of configured provisioned throughput for the " +
		"table was exceeded. Consider increasing your provisioning level with the UpdateTable API."})
	if err := getSlow(t, c, "a"); err != nil {
		t.Fatal(err)
	}
	get := types.TransactGetItem{Get: &types.Get{TableName: aws.String("Slow"), Key: item{"pk": str("a")}}}
	in := &dynamodb.TransactGetItemsInput{TransactItems: []types.TransactGetItem{get}}
	if _, err := c.TransactGetItems(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	_, err = c.TransactGetItems(t.Context(), in)
	_ = wantReasons(t, err, []string{"ProvisionedThroughputExceeded"}, []string{"The level of configured provisioned throughput for the " +
		"table was exceeded. Consider increasing your provisioning level with the UpdateTable API."})
}
