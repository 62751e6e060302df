package table

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/optest"
)

// orders makes a table with an index.
func orders(t *testing.T, env *op.Env, name string) map[string]any {
	t.Helper()
	return optest.Call(t, env, Create, `{"table_name":"`+name+`","billing_mode":"PAY_PER_REQUEST",
		"attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"status","AttributeType":"S"}],
		"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],
		"global_secondary_indexes":[{"IndexName":"ByStatus","KeySchema":[{"AttributeName":"status","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}`)
}
