package ttl

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/optest"
)

func shop(t *testing.T) *op.Env {
	t.Helper()
	env := optest.Env(t)
	optest.Call(t, env, table.Create, `{"table_name":"Orders","billing_mode":"PAY_PER_REQUEST",
		"attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}]}`)
	return env
}
