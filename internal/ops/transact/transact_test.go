package transact

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/optest"
)

func orders(t *testing.T) *op.Env {
	t.Helper()
	env := optest.Orders(t)
	optest.Call(t, env, item.Put, `{"table_name":"Orders","item":{"pk":{"S":"a"},"n":{"N":"1"}}}`)
	return env
}

func TestWriteAndGet(t *testing.T) {
	env := orders(t)
	optest.Call(t, env, Write, `{"transact_items":[
		{"Put":{"TableName":"Orders","Item":{"pk":{"S":"b"}}}},
		{"Update":{"TableName":"Orders","Key":{"pk":{"S":"a"}},"UpdateExpression":"ADD n :one","ExpressionAttributeValues":{":one":{"N":"1"}}}}]}`)
	got := optest.Call(t, env, Get, `{"transact_items":[{"Get":{"TableName":"Orders","Key":{"pk":{"S":"a"}}}},{"Get":{"TableName":"Orders","Key":{"pk":{"S":"b"}}}}]}`)
	if text := optest.JSON(t, got["Responses"]); text != `[{"Item":{"n":{"N":"2"},"pk":{"S":"a"}}},{"Item":{"pk":{"S":"b"}}}]` {
		t.Errorf("get: %s", optest.JSON(t, got))
	}
}

// A cancelled transaction says for each action why, with the item that was there, and has done nothing.
func TestCancelledWrite(t *testing.T) {
	env := orders(t)
	e := optest.Fail(t, env, Write, `{"transact_items":[
		{"Put":{"TableName":"Orders","Item":{"pk":{"S":"c"}}}},
		{"ConditionCheck":{"TableName":"Orders","Key":{"pk":{"S":"a"}},"ConditionExpression":"n = :n","ExpressionAttributeValues":{":n":{"N":"9"}}}}]}`)
	if e.Code != "TransactionCanceledException" || e.Retryable || len(e.Reasons) != 2 {
		t.Fatalf("error %#v", e)
	}
	if r := e.Reasons; r[0].Code != "None" || r[1].Code != "ConditionalCheckFailed" || len(r[1].Item) != 2 {
		t.Errorf("reasons %+v", r)
	}
	if got := optest.Call(t, env, item.Get, `{"table_name":"Orders","key":{"pk":{"S":"c"}}}`); got["Item"] != nil {
		t.Errorf("the put was done: %s", optest.JSON(t, got))
	}
}

func TestWriteEffect(t *testing.T) {
	for arguments, want := range map[string]op.Effect{
		`{"transact_items":[{"ConditionCheck":{"TableName":"Orders"}}]}`:                                op.Read,
		`{"transact_items":[{"ConditionCheck":{"TableName":"Orders"}},{"Put":{"TableName":"Orders"}}]}`: op.Write,
		`{"transact_items":[{"Delete":{"TableName":"Orders"}},{"Put":{"TableName":"Orders"}}]}`:         op.Destroy,
	} {
		in, err := Write.Decode([]byte(arguments))
		if err != nil {
			t.Fatal(err)
		}
		if got := Write.EffectOf(in); got != want {
			t.Errorf("%s: %s, want %s", arguments, got, want)
		}
	}
}

// Asking for old items must not show in what the caller gave.
func TestWithOldItemCopies(t *testing.T) {
	in := types.TransactWriteItem{Put: &types.Put{TableName: aws.String("Orders")}}
	if got := withOldItem(in); got.Put.ReturnValuesOnConditionCheckFailure != types.ReturnValuesOnConditionCheckFailureAllOld {
		t.Errorf("got %+v", got.Put)
	}
	if in.Put.ReturnValuesOnConditionCheckFailure != "" {
		t.Error("the caller's action was changed")
	}
	none := types.TransactWriteItem{Delete: &types.Delete{ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureNone}}
	if got := withOldItem(none); got.Delete.ReturnValuesOnConditionCheckFailure != types.ReturnValuesOnConditionCheckFailureNone {
		t.Error("the caller's choice was changed")
	}
}
