package engine_test

import (
	"errors"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// holding is a clock that stops whoever asks it next but one until it is let go. A transaction asks when its call comes in,
// and again when it records the first change, which is in its middle.
type holding struct {
	until   atomic.Int32 // readings before the one that is held; below zero: none is
	reached chan struct{}
	release chan struct{}
}

func (h *holding) now() time.Time {
	if h.until.Add(-1) == 0 {
		close(h.reached)
		<-h.release
	}
	return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
}

// midway starts a transaction on the items a and b of table Things and returns while it is being carried out; finish lets
// it end and gives its error.
func midway(t *testing.T, token string) (*dynamodb.Client, func() error) {
	t.Helper()
	h := &holding{reached: make(chan struct{}), release: make(chan struct{})}
	_, c := open(t, engine.Options{Clock: h.now})
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("Things"), BillingMode: "PAY_PER_REQUEST", KeySchema: schema("pk"), AttributeDefinitions: defs("pk", "S"),
		StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: "NEW_IMAGE"},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.until.Store(2)
	ended := make(chan error, 1)
	go func() {
		_, err := transact(t, c, token, addAction("a", "1"), addAction("b", "1"))
		ended <- err
	}()
	<-h.reached
	return c, func() error {
		close(h.release)
		return <-ended
	}
}

// TestSingleWritesMeetATransaction refuses single writes to the items of a transaction under way, and no others.
func TestSingleWritesMeetATransaction(t *testing.T) {
	c, finish := midway(t, "")
	const message = "Transaction is ongoing for the item"
	key, table := item{"pk": str("b")}, aws.String("Things")
	_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: key})
	wantError(t, err, "TransactionConflictException", message)
	_, err = c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: table, Key: key})
	wantError(t, err, "TransactionConflictException", message)
	_, err = c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{TableName: table, Key: key, UpdateExpression: aws.String("REMOVE n")})
	wantError(t, err, "TransactionConflictException", message)
	_, err = c.ExecuteStatement(t.Context(), &dynamodb.ExecuteStatementInput{Statement: aws.String(`DELETE FROM "Things" WHERE pk = 'b'`)})
	wantError(t, err, "TransactionConflictException", message)

	statements, err := c.BatchExecuteStatement(t.Context(), &dynamodb.BatchExecuteStatementInput{Statements: []types.BatchStatementRequest{
		{Statement: aws.String(`INSERT INTO "Things" VALUE {'pk': 'd'}`)}, {Statement: aws.String(`DELETE FROM "Things" WHERE pk = 'b'`)},
	}})
	if err != nil || statements.Responses[0].Error != nil || statements.Responses[1].Error == nil || statements.Responses[1].Error.Code != "TransactionConflict" {
		t.Errorf("got %+v, %v; want a conflict of the second statement alone", statements, err)
	}
	requests := []types.WriteRequest{putOf(item{"pk": str("c")}), deleteOf(key), putOf(item{"pk": str("a")})}
	batch, err := c.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{"Things": requests}})
	if err != nil {
		t.Fatal(err)
	}
	if left := batch.UnprocessedItems["Things"]; !reflect.DeepEqual(left, requests[1:]) {
		t.Errorf("unprocessed %+v, want the two in the transaction", left)
	}
	// Reading is never refused, and sees nothing of what is not committed.
	if n := countOf(t, c, "a"); n != "" {
		t.Errorf("n is %s within the transaction", n)
	}
	if err := finish(); err != nil {
		t.Errorf("the transaction: %v", err)
	}
	if _, err := c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: table, Key: key}); err != nil {
		t.Errorf("after the transaction: %v", err)
	}
	all, err := c.Scan(t.Context(), &dynamodb.ScanInput{TableName: table})
	if err != nil || all.Count != 3 {
		t.Errorf("%d items, %v; want a, c and d", all.Count, err)
	}
}

// TestTransactionsMeetATransaction cancels transactions that name an item of one under way.
func TestTransactionsMeetATransaction(t *testing.T) {
	c, finish := midway(t, "first")
	_, err := transact(t, c, "", addAction("c", "1"), addAction("b", "1"))
	_ = wantReasons(t, err, []string{"None", "TransactionConflict"}, []string{"", "Transaction is ongoing for the item"})
	get := func(keys ...string) error {
		in := &dynamodb.TransactGetItemsInput{}
		for _, k := range keys {
			in.TransactItems = append(in.TransactItems, types.TransactGetItem{Get: &types.Get{TableName: aws.String("Things"), Key: item{"pk": str(k)}}})
		}
		_, err := c.TransactGetItems(t.Context(), in)
		return err
	}
	_ = wantReasons(t, get("a", "c"), []string{"TransactionConflict", "None"}, []string{"Transaction is ongoing for the item", ""})
	if err := get("c", "d"); err != nil {
		t.Errorf("reading other items: %v", err)
	}
	_, err = transact(t, c, "first", addAction("a", "1"), addAction("b", "1"))
	if _, ok := errors.AsType[*types.TransactionInProgressException](err); !ok {
		t.Errorf("the same token at once: %v", err)
	}
	if err := finish(); err != nil {
		t.Fatal(err)
	}
	if _, err := transact(t, c, "first", addAction("a", "1"), addAction("b", "1")); err != nil {
		t.Errorf("the same token afterwards: %v", err)
	}
	if n := countOf(t, c, "a"); n != "1" {
		t.Errorf("n is %s, want 1", n)
	}
}
