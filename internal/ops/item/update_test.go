package item

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/optest"
)

func TestUpdate(t *testing.T) {
	env := optest.Orders(t)
	got := optest.Call(t, env, Update, `{"table_name":"Orders","key":{"pk":{"S":"a"}},"update_expression":"SET #s = :s ADD n :one",
		"expression_attribute_names":{"#s":"status"},"expression_attribute_values":{":s":{"S":"open"},":one":{"N":"1"}}}`)
	if text := optest.JSON(t, got); text != `{"Attributes":null,"ConsumedCapacity":{"CapacityUnits":1,"TableName":"Orders"}}` {
		t.Errorf("result %s", text)
	}
	got = optest.Call(t, env, Update, `{"table_name":"Orders","key":{"pk":{"S":"a"}},"update_expression":"ADD n :one",
		"expression_attribute_values":{":one":{"N":"1"}},"return_values":"ALL_NEW"}`)
	if text := optest.JSON(t, got["Attributes"]); text != `{"n":{"N":"2"},"pk":{"S":"a"},"status":{"S":"open"}}` {
		t.Errorf("new item %s", text)
	}
	e := optest.Fail(t, env, Update, `{"table_name":"Orders","key":{"pk":{"S":"a"}},"update_expression":"SET n = :n",
		"condition_expression":"n = :n","expression_attribute_values":{":n":{"N":"9"}}}`)
	if e.Code != "ConditionalCheckFailedException" || len(e.Item) != 3 {
		t.Errorf("a failed condition: %#v", e)
	}
}
