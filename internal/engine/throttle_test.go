package engine_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// stopped is a clock that stands still until it is moved.
type stopped struct{ at atomic.Int64 }

func (s *stopped) now() time.Time { return time.Unix(0, s.at.Load()).UTC() }

func (s *stopped) advance(d time.Duration) { s.at.Add(int64(d)) }

// throttledEngine opens an engine that throttles, with a clock of its own.
func throttledEngine(t *testing.T) (*dynamodb.Client, *stopped) {
	t.Helper()
	clock := &stopped{}
	clock.at.Store(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	_, c := open(t, engine.Options{Throttle: true, Clock: clock.now})
	return c, clock
}

func units(read, write int64) *types.ProvisionedThroughput {
	return &types.ProvisionedThroughput{ReadCapacityUnits: &read, WriteCapacityUnits: &write}
}

// provisionedTable makes a table with throughput, and a global index over g with its own where there is one.
func provisionedTable(t *testing.T, c *dynamodb.Client, table, index *types.ProvisionedThroughput) {
	t.Helper()
	in := &dynamodb.CreateTableInput{
		TableName: aws.String("Slow"), KeySchema: schema("pk"), AttributeDefinitions: defs("pk", "S"), ProvisionedThroughput: table,
	}
	if index != nil {
		in.AttributeDefinitions = defs("pk", "S", "g", "S")
		in.GlobalSecondaryIndexes = []types.GlobalSecondaryIndex{{
			IndexName: aws.String("byG"), KeySchema: schema("g"), Projection: allOf(), ProvisionedThroughput: index,
		}}
	}
	if _, err := c.CreateTable(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

func putSlow(t *testing.T, c *dynamodb.Client, it item) error {
	_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Slow"), Item: it})
	return err
}

func getSlow(t *testing.T, c *dynamodb.Client, pk string) error {
	_, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Slow"), Key: item{"pk": str(pk)}})
	return err
}

const (
	tableARN = "arn:aws:dynamodb:eu-west-1:000000000000:table/Slow"
	indexARN = tableARN + "/index/byG"
)

// wantThrottled checks exception, reason and resource of a throttled request.
func wantThrottled(t *testing.T, err error, exception, reason, resource string) {
	t.Helper()
	var got []types.ThrottlingReason
	var code string
	if e, ok := errors.AsType[*types.ProvisionedThroughputExceededException](err); ok {
		code, got = e.ErrorCode(), e.ThrottlingReasons
	} else if e, ok := errors.AsType[*types.ThrottlingException](err); ok {
		code, got = e.ErrorCode(), e.ThrottlingReasons
	}
	if code != exception || len(got) != 1 || aws.ToString(got[0].Reason) != reason || aws.ToString(got[0].Resource) != resource {
		t.Errorf("got %v with reasons %+v, want %s, %s of %s", err, got, exception, reason, resource)
	}
}

func TestThrottleProvisioned(t *testing.T) {
	c, clock := throttledEngine(t)
	provisionedTable(t, c, units(1, 2), nil)
	it := item{"pk": str("a")}
	writes := func() (n int) {
		for putSlow(t, c, it) == nil {
			n++
		}
		return n
	}
	if n := writes(); n != 2 {
		t.Errorf("%d writes in the first second, want 2", n)
	}
	wantThrottled(t, putSlow(t, c, it), "ProvisionedThroughputExceededException", "TableWriteProvisionedThroughputExceeded", tableARN)
	wantError(t, putSlow(t, c, it), "ProvisionedThroughputExceededException", "The level of configured provisioned throughput for the table "+
		"was exceeded. Consider increasing your provisioning level with the UpdateTable API.")
	clock.advance(time.Second)
	if n := writes(); n != 2 {
		t.Errorf("%d writes in the second second, want 2", n)
	}
	clock.advance(time.Hour)
	if n := writes(); n != 600 {
		t.Errorf("%d writes after an hour of rest, want the 600 of five minutes", n)
	}
	clock.advance(time.Second)
	big := item{"pk": str("b"), "v": str(strings.Repeat("x", 5000))}
	if err := putSlow(t, c, big); err != nil {
		t.Errorf("an item larger than the throughput: %v", err)
	}
	clock.advance(time.Second)
	wantThrottled(t, putSlow(t, c, it), "ProvisionedThroughputExceededException", "TableWriteProvisionedThroughputExceeded", tableARN)
	if err := getSlow(t, c, "a"); err != nil {
		t.Errorf("a read waits for writes: %v", err)
	}
	reads := 1
	for getSlow(t, c, "a") == nil {
		reads++
	}
	if reads != 600 {
		t.Errorf("%d eventually consistent reads, want the 600 of five minutes", reads)
	}
	wantThrottled(t, getSlow(t, c, "a"), "ProvisionedThroughputExceededException", "TableReadProvisionedThroughputExceeded", tableARN)
	_, err := c.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String("Slow")})
	wantThrottled(t, err, "ProvisionedThroughputExceededException", "TableReadProvisionedThroughputExceeded", tableARN)
	_, err = c.ExecuteStatement(t.Context(), &dynamodb.ExecuteStatementInput{Statement: aws.String(`SELECT * FROM "Slow"`)})
	wantThrottled(t, err, "ProvisionedThroughputExceededException", "TableReadProvisionedThroughputExceeded", tableARN)
}

// TestThrottledConditions lets a condition that fails use up what the write would have.
func TestThrottledConditions(t *testing.T) {
	c, _ := throttledEngine(t)
	provisionedTable(t, c, units(1, 1), nil)
	in := &dynamodb.PutItemInput{TableName: aws.String("Slow"), Item: item{"pk": str("a")}, ConditionExpression: aws.String("attribute_exists(pk)")}
	_, err := c.PutItem(t.Context(), in)
	wantError(t, err, "ConditionalCheckFailedException", "The conditional request failed")
	_, err = c.PutItem(t.Context(), in)
	wantThrottled(t, err, "ProvisionedThroughputExceededException", "TableWriteProvisionedThroughputExceeded", tableARN)
}

// TestThrottledIndexHoldsUpItsTable writes to a table with more throughput than its index.
func TestThrottledIndexHoldsUpItsTable(t *testing.T) {
	c, clock := throttledEngine(t)
	provisionedTable(t, c, units(10, 100), units(1, 1))
	if err := putSlow(t, c, item{"pk": str("a"), "g": str("x")}); err != nil {
		t.Fatal(err)
	}
	wantThrottled(t, putSlow(t, c, item{"pk": str("b"), "g": str("x")}), "ProvisionedThroughputExceededException", "IndexWriteProvisionedThroughputExceeded", indexARN)
	if err := putSlow(t, c, item{"pk": str("b")}); err != nil {
		t.Errorf("a write beside the index: %v", err)
	}
	clock.advance(time.Second)
	if err := putSlow(t, c, item{"pk": str("b"), "g": str("x")}); err != nil {
		t.Error(err)
	}
	query := func() error {
		_, err := c.Query(t.Context(), &dynamodb.QueryInput{
			TableName: aws.String("Slow"), IndexName: aws.String("byG"), KeyConditionExpression: aws.String("g = :g"), ExpressionAttributeValues: item{":g": str("x")},
		})
		return err
	}
	for i := range 2 { // its one unit, in halves
		if err := query(); err != nil {
			t.Errorf("query %d: %v", i+1, err)
		}
	}
	wantThrottled(t, query(), "ProvisionedThroughputExceededException", "IndexReadProvisionedThroughputExceeded", indexARN)
}

func TestThrottleOnDemand(t *testing.T) {
	c, clock := throttledEngine(t)
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("Slow"), KeySchema: schema("pk"), AttributeDefinitions: defs("pk", "S"), BillingMode: "PAY_PER_REQUEST",
		OnDemandThroughput: &types.OnDemandThroughput{MaxReadRequestUnits: aws.Int64(5000), MaxWriteRequestUnits: aws.Int64(2)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := putSlow(t, c, item{"pk": str("a")}); err != nil {
			t.Fatal(err)
		}
	}
	wantThrottled(t, putSlow(t, c, item{"pk": str("a")}), "ThrottlingException", "TableWriteMaxOnDemandThroughputExceeded", tableARN)
	clock.advance(time.Minute)
	n := 0
	for putSlow(t, c, item{"pk": str("a")}) == nil {
		n++
	}
	if n != 2 {
		t.Errorf("%d writes after a minute, want 2: a maximum saves nothing up", n)
	}
}

// TestThrottlePartitionKey uses one key faster than any table allows, beside another key.
func TestThrottlePartitionKey(t *testing.T) {
	c, _ := throttledEngine(t)
	simpleTable(t, c, "Slow")
	big := func(pk string) error {
		return putSlow(t, c, item{"pk": str(pk), "v": str(strings.Repeat("x", 400_000))})
	}
	for range 3 { // 391 units each
		if err := big("hot"); err != nil {
			t.Fatal(err)
		}
	}
	wantThrottled(t, big("hot"), "ThrottlingException", "TableWriteKeyRangeThroughputExceeded", tableARN)
	if err := big("cold"); err != nil {
		t.Error(err)
	}
}

// TestThrottleFollowsUpdateTable raises the throughput of a table that is in debt.
func TestThrottleFollowsUpdateTable(t *testing.T) {
	c, _ := throttledEngine(t)
	provisionedTable(t, c, units(1, 1), nil)
	if err := putSlow(t, c, item{"pk": str("a")}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: aws.String("Slow"), ProvisionedThroughput: units(1, 5)}); err != nil {
		t.Fatal(err)
	}
	n := 0
	for putSlow(t, c, item{"pk": str("a")}) == nil {
		n++
	}
	if n != 5 {
		t.Errorf("%d writes after the update, want 5", n)
	}
}
