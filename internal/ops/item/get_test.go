package item

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/optest"
)

func TestGet(t *testing.T) {
	env := optest.Orders(t)
	optest.Call(t, env, Put, `{"table_name":"Orders","item":{"pk":{"S":"a"},"total":{"N":"12.5"},"note":{"S":"x"}}}`)
	got := optest.Call(t, env, Get, `{"table_name":"Orders","key":{"pk":{"S":"a"}}}`)
	if text := optest.JSON(t, got["Item"]); text != `{"note":{"S":"x"},"pk":{"S":"a"},"total":{"N":"12.5"}}` {
		t.Errorf("item %s", text)
	}
	if text := optest.JSON(t, got["ConsumedCapacity"]); text != `{"CapacityUnits":0.5,"TableName":"Orders"}` {
		t.Errorf("capacity %s", text)
	}
	got = optest.Call(t, env, Get, `{"table_name":"Orders","key":{"pk":{"S":"a"}},"projection_expression":"#t",
		"expression_attribute_names":{"#t":"total"},"consistent_read":true}`)
	if text := optest.JSON(t, got); text != `{"ConsumedCapacity":{"CapacityUnits":1,"TableName":"Orders"},"Item":{"total":{"N":"12.5"}}}` {
		t.Errorf("projected and consistent: %s", text)
	}
}

func TestGetMissing(t *testing.T) {
	env := optest.Orders(t)
	got := optest.Call(t, env, Get, `{"table_name":"Orders","key":{"pk":{"S":"b"}}}`)
	if item, there := got["Item"]; item != nil || !there {
		t.Errorf("result %s, want a null item", optest.JSON(t, got))
	}
	if e := optest.Fail(t, env, Get, `{"table_name":"Orders","key":{"id":{"S":"b"}}}`); e.Code != "ValidationException" ||
		e.Message != "The provided key element does not match the schema" {
		t.Errorf("a wrong key: %#v", e)
	}
}
