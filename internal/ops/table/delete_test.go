package table

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/optest"
)

func TestDelete(t *testing.T) {
	env := optest.Env(t)
	orders(t, env, "Orders")
	readOnly := *env
	readOnly.ReadOnly = true
	if e := optest.Fail(t, &readOnly, Delete, `{"table_name":"Orders"}`); e.Code != op.CodeReadOnly {
		t.Errorf("read-only: %#v", e)
	}
	if got := optest.Call(t, env, Delete, `{"table_name":"Orders"}`); got["TableName"] != "Orders" {
		t.Errorf("result %s", optest.JSON(t, got))
	}
	if e := optest.Fail(t, env, Describe, `{"table_name":"Orders"}`); e.Code != "ResourceNotFoundException" {
		t.Errorf("after: %#v", e)
	}
}
