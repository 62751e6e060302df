package engine_test

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

func putAction(it item, condition string) types.TransactWriteItem {
	p := &types.Put{TableName: aws.String("Things"), Item: it}
	if condition != "" {
		p.ConditionExpression = &condition
	}
	return types.TransactWriteItem{Put: p}
}

func addAction(pk, by string) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: aws.String("Things"), Key: item{"pk": str(pk)}, UpdateExpression: aws.String("ADD n :by"), ExpressionAttributeValues: item{":by": num(by)},
	}}
}

func transact(t *testing.T, c *dynamodb.Client, token string, actions ...types.TransactWriteItem) (*dynamodb.TransactWriteItemsOutput, error) {
	t.Helper()
	in := &dynamodb.TransactWriteItemsInput{TransactItems: actions, ReturnConsumedCapacity: "TOTAL"}
	if token != "" {
		in.ClientRequestToken = &token
	}
	return c.TransactWriteItems(t.Context(), in)
}

func countOf(t *testing.T, c *dynamodb.Client, pk string) string {
	t.Helper()
	out, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Things"), Key: item{"pk": str(pk)}, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	n, ok := out.Item["n"].(*types.AttributeValueMemberN)
	if !ok {
		return ""
	}
	return n.Value
}

func TestTransactionsAreAllOrNothing(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	out, err := transact(t, c, "", putAction(item{"pk": str("a"), "n": num("1"), "s": str("x")}, "attribute_not_exists(pk)"), addAction("b", "5"))
	if err != nil {
		t.Fatal(err)
	}
	if u := out.ConsumedCapacity; len(u) != 1 || *u[0].CapacityUnits != 4 || *u[0].WriteCapacityUnits != 4 {
		t.Errorf("capacity %+v, want 4 write units", u)
	}
	check := types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: aws.String("Things"), Key: item{"pk": str("a")}, ConditionExpression: aws.String("attribute_not_exists(pk)"), ReturnValuesOnConditionCheckFailure: "ALL_OLD",
	}}
	wrong := types.TransactWriteItem{Update: &types.Update{
		TableName: aws.String("Things"), Key: item{"pk": str("c")}, UpdateExpression: aws.String("SET n = s + :x"), ExpressionAttributeValues: item{":x": num("1")},
	}}
	_, err = transact(t, c, "", addAction("b", "1"), check, putAction(item{"pk": num("1")}, ""))
	_ = wantReasons(t, err, []string{"None", "None", "ValidationError"},
		[]string{"", "", "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"})
	_, err = transact(t, c, "", addAction("b", "1"), check, wrong)
	cancel := wantReasons(t, err, []string{"None", "ConditionalCheckFailed", "ValidationError"},
		[]string{"", "The conditional request failed", "The provided expression refers to an attribute that does not exist in the item"})
	if len(cancel.CancellationReasons[1].Item) != 3 {
		t.Errorf("the failed check returns %v, want the item", cancel.CancellationReasons[1].Item)
	}
	if n := countOf(t, c, "b"); n != "5" {
		t.Errorf("n is %s after cancelled transactions, want 5", n)
	}
}

func wantReasons(t *testing.T, err error, codes, messages []string) *types.TransactionCanceledException {
	t.Helper()
	var cancel *types.TransactionCanceledException
	if !errors.As(err, &cancel) {
		t.Fatalf("got %v, want a cancelled transaction", err)
	}
	var gotCodes, gotMessages []string
	for _, r := range cancel.CancellationReasons {
		gotCodes, gotMessages = append(gotCodes, aws.ToString(r.Code)), append(gotMessages, aws.ToString(r.Message))
	}
	if diff := cmp.Diff(codes, gotCodes) + cmp.Diff(messages, gotMessages); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	want := "Transaction cancelled, please refer cancellation reasons for specific reasons [" + strings.Join(codes, ", ") + "]"
	if cancel.ErrorMessage() != want {
		t.Errorf("message %q, want %q", cancel.ErrorMessage(), want)
	}
	return cancel
}

func TestTransactionRefusals(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	_, err := transact(t, c, "", addAction("a", "1"), putAction(item{"pk": str("a")}, ""))
	wantError(t, err, "ValidationException", "Transaction request cannot include multiple operations on one item")
	_, err = transact(t, c, "", types.TransactWriteItem{})
	wantError(t, err, "ValidationException", "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request")
	both := addAction("a", "1")
	both.Put = putAction(item{"pk": str("b")}, "").Put
	_, err = transact(t, c, "", both)
	wantError(t, err, "ValidationException", "TransactItems can only contain one of Check, Put, Update or Delete")
	var big []types.TransactWriteItem
	for i := range 12 {
		big = append(big, putAction(item{"pk": str(strconv.Itoa(i)), "v": str(strings.Repeat("x", 390_000))}, ""))
	}
	_, err = transact(t, c, "", big...)
	wantError(t, err, "ValidationException", "Transaction payload size cannot exceed 4MB. Payload Size: 4290045")
	other := putAction(item{"pk": str("b")}, "")
	other.Put.TableName = aws.String("Nope")
	_, err = transact(t, c, "", addAction("a", "1"), other)
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found")
	if n := *describe(t, c, "Things").ItemCount; n != 0 {
		t.Errorf("refused transactions left %d items", n)
	}
}

// TestTokensMakeTransactionsIdempotent repeats a transaction over a reopening of the store, within ten minutes and after.
func TestTokensMakeTransactionsIdempotent(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	o := engine.Options{Dir: dir, Clock: func() time.Time { return now }}
	e, err := engine.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	c := clientOf(e)
	simpleTable(t, c, "Things")
	if _, err := transact(t, c, "token", addAction("a", "1"), addAction("b", "1")); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	_, c = open(t, o)
	out, err := transact(t, c, "token", addAction("a", "1"), addAction("b", "1"))
	if err != nil {
		t.Fatal(err)
	}
	if u := out.ConsumedCapacity; len(u) != 1 || *u[0].CapacityUnits != 4 || u[0].WriteCapacityUnits != nil || *u[0].ReadCapacityUnits != 4 {
		t.Errorf("a repeated transaction takes %+v, want 4 read units", u)
	}
	if n := countOf(t, c, "a"); n != "1" {
		t.Errorf("n is %s after a repetition, want 1", n)
	}
	_, err = transact(t, c, "token", addAction("a", "2"), addAction("b", "1"))
	if _, ok := errors.AsType[*types.IdempotentParameterMismatchException](err); !ok {
		t.Errorf("other parameters: %v", err)
	}
	now = now.Add(10 * time.Minute)
	if _, err := transact(t, c, "token", addAction("a", "2")); err != nil {
		t.Error(err)
	}
	if n := countOf(t, c, "a"); n != "3" {
		t.Errorf("n is %s after the token has expired, want 3", n)
	}
}

func TestTransactGet(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	if _, err := transact(t, c, "", putAction(item{"pk": str("a"), "n": num("1")}, "")); err != nil {
		t.Fatal(err)
	}
	get := func(keys ...item) (*dynamodb.TransactGetItemsOutput, error) {
		in := &dynamodb.TransactGetItemsInput{ReturnConsumedCapacity: "TOTAL"}
		for _, k := range keys {
			in.TransactItems = append(in.TransactItems, types.TransactGetItem{Get: &types.Get{TableName: aws.String("Things"), Key: k, ProjectionExpression: aws.String("n")}})
		}
		return c.TransactGetItems(t.Context(), in)
	}
	out, err := get(item{"pk": str("a")}, item{"pk": str("b")})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Responses) != 2 || len(out.Responses[0].Item) != 1 || out.Responses[1].Item != nil || *out.ConsumedCapacity[0].ReadCapacityUnits != 4 {
		t.Errorf("got %+v", out)
	}
	_, err = get(item{"pk": str("a")}, item{"pk": str("a")})
	wantError(t, err, "ValidationException", "Transaction request cannot include multiple operations on one item")
	_, err = get(item{"pk": str("a")}, item{"pk": num("1")})
	_ = wantReasons(t, err, []string{"None", "ValidationError"}, []string{"", "The provided key element does not match the schema"})
}

// TestTransactionsAreSerializable moves amounts between accounts from many sides while others add them up.
func TestTransactionsAreSerializable(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	const accounts, total = 4, 400
	var all []types.TransactGetItem
	for i := range accounts {
		pk := strconv.Itoa(i)
		if _, err := transact(t, c, "", addAction(pk, "100")); err != nil {
			t.Fatal(err)
		}
		all = append(all, types.TransactGetItem{Get: &types.Get{TableName: aws.String("Things"), Key: item{"pk": str(pk)}}})
	}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 60 {
				from, to := strconv.Itoa((w+i)%accounts), strconv.Itoa((w+i*3+1)%accounts)
				if from == to {
					continue
				}
				_, err := transact(t, c, "", addAction(from, "-1"), addAction(to, "1"))
				var cancel *types.TransactionCanceledException
				if err != nil && (!errors.As(err, &cancel) || !strings.Contains(cancel.ErrorMessage(), "TransactionConflict")) {
					t.Error(err)
					return
				}
			}
		})
		wg.Go(func() {
			for range 40 {
				out, err := c.TransactGetItems(t.Context(), &dynamodb.TransactGetItemsInput{TransactItems: all})
				var cancel *types.TransactionCanceledException
				if errors.As(err, &cancel) && strings.Contains(cancel.ErrorMessage(), "TransactionConflict") {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				sum := 0
				for _, r := range out.Responses {
					n, _ := strconv.Atoi(r.Item["n"].(*types.AttributeValueMemberN).Value)
					sum += n
				}
				if sum != total {
					t.Errorf("the accounts hold %d together, want %d", sum, total)
				}
			}
		})
	}
	wg.Wait()
}
