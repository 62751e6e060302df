package query

import (
	"fmt"
	"testing"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/optest"
)

// orders is an environment with ten orders of customer c#1 and one of c#2, each of about 1 KB.
func orders(t *testing.T) *op.Env {
	t.Helper()
	env := optest.Env(t)
	optest.Table(t, env, "Orders", "c:S", "n:N")
	for n := range 10 {
		optest.Call(t, env, item.Put, fmt.Sprintf(`{"table_name":"Orders","item":{"c":{"S":"c#1"},"n":{"N":"%d"},"text":{"S":"%01000d"}}}`, n, n))
	}
	optest.Call(t, env, item.Put, `{"table_name":"Orders","item":{"c":{"S":"c#2"},"n":{"N":"0"}}}`)
	return env
}

func ofCustomer(limit int32) *QueryInput {
	return &QueryInput{
		TableName: "Orders", KeyConditionExpression: "c = :c", Limit: &limit,
		ExpressionAttributeValues: attr.Item{{Name: ":c", Value: attr.Value{Kind: attr.S, Str: "c#1"}}},
	}
}

func TestQuery(t *testing.T) {
	env := orders(t)
	got := optest.Call(t, env, Query, `{"table_name":"Orders","key_condition_expression":"c = :c AND n BETWEEN :a AND :b",
		"expression_attribute_values":{":c":{"S":"c#1"},":a":{"N":"3"},":b":{"N":"5"}},"projection_expression":"n","scan_index_forward":false}`)
	if text := optest.JSON(t, got); text != `{"ConsumedCapacity":{"CapacityUnits":0.5,"TableName":"Orders"},"Count":3,`+
		`"Items":[{"n":{"N":"5"}},{"n":{"N":"4"}},{"n":{"N":"3"}}],"LastEvaluatedKey":null,"ScannedCount":3}` {
		t.Errorf("result %s", text)
	}
	got = optest.Call(t, env, Query, `{"table_name":"Orders","key_condition_expression":"c = :c","expression_attribute_values":{":c":{"S":"c#1"}},"limit":2,"select":"COUNT"}`)
	if text := optest.JSON(t, got); text != `{"ConsumedCapacity":{"CapacityUnits":0.5,"TableName":"Orders"},"Count":2,`+
		`"Items":null,"LastEvaluatedKey":{"c":{"S":"c#1"},"n":{"N":"1"}},"ScannedCount":2}` {
		t.Errorf("count %s", text)
	}
}

func TestQueryAllPages(t *testing.T) {
	env := orders(t)
	rows := 0
	total, err := Query.Each(t.Context(), env, ofCustomer(3), func(Item) error { rows++; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if rows != 10 || total.Count != 10 || total.ScannedCount != 10 || total.LastEvaluatedKey != nil || *total.ConsumedCapacity.CapacityUnits < 1.5 {
		t.Errorf("%d rows, totals %+v of %v units", rows, total, total.ConsumedCapacity.CapacityUnits)
	}
}

// Where the rows are cut short, going on from the key that is given reads each of the others once.
func TestQueryGoesOnWhereItStopped(t *testing.T) {
	env := orders(t)
	for stop := 1; stop <= 10; stop++ {
		var seen []string
		emit := func(row Item) error {
			seen = append(seen, optest.JSON(t, op.FromSDK(row)))
			if len(seen) == stop {
				return op.ErrStop
			}
			return nil
		}
		in := ofCustomer(4)
		total, err := Query.Each(t.Context(), env, in, emit)
		if err != nil || int(total.Count) != stop {
			t.Fatalf("stop at %d: count %d, %v", stop, total.Count, err)
		}
		if total.LastEvaluatedKey == nil {
			if stop != 10 {
				t.Errorf("stop at %d: no key to go on from", stop)
			}
			continue
		}
		in.ExclusiveStartKey = op.FromSDK(total.LastEvaluatedKey)
		if _, err := Query.Each(t.Context(), env, in, emit); err != nil {
			t.Fatal(err)
		}
		distinct := map[string]bool{}
		for _, s := range seen {
			distinct[s] = true
		}
		if len(seen) != 10 || len(distinct) != 10 {
			t.Errorf("stop at %d: %d rows, %d of them distinct", stop, len(seen), len(distinct))
		}
	}
}
