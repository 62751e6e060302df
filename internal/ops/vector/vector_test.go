package vector

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/optest"
)

// TestSearchFindsTheNearestFirst finds the nearest of three items, best first.
func TestSearchFindsTheNearestFirst(t *testing.T) {
	env := optest.Env(t)
	optest.Call(t, env, table.Create, `{"table_name":"Products","billing_mode":"PAY_PER_REQUEST",
		"attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],
		"vector_indexes":[{"IndexName":"ByMeaning","VectorAttribute":{"AttributeName":"v"},"Dimensions":2,"DistanceFunction":"COSINE","Projection":{"ProjectionType":"ALL"}}]}`)
	for pk, v := range map[string]string{"right": `{"N":"1"},{"N":"0.1"}`, "up": `{"N":"0"},{"N":"1"}`, "left": `{"N":"-1"},{"N":"0"}`} {
		optest.Call(t, env, item.Put, `{"table_name":"Products","item":{"pk":{"S":"`+pk+`"},"v":{"L":[`+v+`]}}}`)
	}
	const search = `{"table_name":"Products","index_name":"ByMeaning","search_vector":[{"N":"1"},{"N":"0"}],"top_k":2,"projection_expression":"pk"}`
	results := optest.Call(t, env, Search, search)["SearchResults"].([]any)
	var order []any
	for _, r := range results {
		order = append(order, r.(map[string]any)["Item"])
	}
	if text := optest.JSON(t, order); text != `[{"pk":{"S":"right"}},{"pk":{"S":"up"}}]` {
		t.Errorf("found %s", text)
	}
	limited := *env
	limited.Tables = []string{"dev-*"}
	if e := optest.Fail(t, &limited, Search, search); e.Code != op.CodeTableNotAllowed {
		t.Errorf("outside the allow-list: %#v", e)
	}
}
