package item

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/optest"
)

func TestPut(t *testing.T) {
	env := optest.Orders(t)
	got := optest.Call(t, env, Put, `{"table_name":"Orders","item":{"pk":{"S":"a"},"v":{"N":"1"}}}`)
	if text := optest.JSON(t, got); text != `{"Attributes":null,"ConsumedCapacity":{"CapacityUnits":1,"TableName":"Orders"}}` {
		t.Errorf("result %s", text)
	}
	got = optest.Call(t, env, Put, `{"table_name":"Orders","item":{"pk":{"S":"a"},"v":{"N":"2"}},"return_values":"ALL_OLD"}`)
	if text := optest.JSON(t, got["Attributes"]); text != `{"pk":{"S":"a"},"v":{"N":"1"}}` {
		t.Errorf("old item %s", text)
	}
}

func TestPutFailedConditionReturnsTheItem(t *testing.T) {
	env := optest.Orders(t)
	optest.Call(t, env, Put, `{"table_name":"Orders","item":{"pk":{"S":"a"},"v":{"N":"1"}}}`)
	e := optest.Fail(t, env, Put, `{"table_name":"Orders","item":{"pk":{"S":"a"},"v":{"N":"2"}},"condition_expression":"attribute_not_exists(pk)"}`)
	if e.Code != "ConditionalCheckFailedException" || e.Message != "The conditional request failed" || e.RequestID == "" {
		t.Errorf("error %#v", e)
	}
	if item := op.FromSDK(e.Item); len(item) != 2 {
		t.Errorf("item %v", item)
	}
}
