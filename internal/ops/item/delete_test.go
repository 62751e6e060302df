package item

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/optest"
)

func TestDelete(t *testing.T) {
	env := optest.Orders(t)
	optest.Call(t, env, Put, `{"table_name":"Orders","item":{"pk":{"S":"a"},"v":{"N":"1"}}}`)
	e := optest.Fail(t, env, Delete, `{"table_name":"Orders","key":{"pk":{"S":"a"}},"condition_expression":"v = :v","expression_attribute_values":{":v":{"N":"2"}}}`)
	if e.Code != "ConditionalCheckFailedException" || len(e.Item) != 2 {
		t.Errorf("a failed condition: %#v", e)
	}
	got := optest.Call(t, env, Delete, `{"table_name":"Orders","key":{"pk":{"S":"a"}}}`)
	if text := optest.JSON(t, got); text != `{"Attributes":null,"ConsumedCapacity":{"CapacityUnits":1,"TableName":"Orders"},"ItemCollectionMetrics":null}` {
		t.Errorf("result %s", text)
	}
	if got := optest.Call(t, env, Get, `{"table_name":"Orders","key":{"pk":{"S":"a"}}}`); got["Item"] != nil {
		t.Errorf("the item is still there: %s", optest.JSON(t, got))
	}
}
