package backup

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/optest"
)

func TestRestore(t *testing.T) {
	env := orders(t)
	arn := made(t, env, "first")
	optest.Call(t, env, item.Put, `{"table_name":"Orders","item":{"pk":{"S":"a"},"v":{"N":"2"}}}`)
	if got := optest.Call(t, env, Restore, `{"backup_arn":"`+arn+`","target_table_name":"Restored"}`); got["TableName"] != "Restored" {
		t.Errorf("result %s", optest.JSON(t, got))
	}
	got := optest.Call(t, env, item.Get, `{"table_name":"Restored","key":{"pk":{"S":"a"}}}`)
	if text := optest.JSON(t, got["Item"]); text != `{"pk":{"S":"a"},"v":{"N":"1"}}` {
		t.Errorf("restored item %s", text)
	}
}

// The allow-list holds for the table the backup is of, and for the one to be made.
func TestRestoreUnderAnAllowList(t *testing.T) {
	env := orders(t)
	arn := made(t, env, "first")
	for _, globs := range [][]string{{"Restored"}, {"Orders"}} {
		limited := *env
		limited.Tables = globs
		if e := optest.Fail(t, &limited, Restore, `{"backup_arn":"`+arn+`","target_table_name":"Restored"}`); e.Code != op.CodeTableNotAllowed {
			t.Errorf("allowed %v: %#v", globs, e)
		}
	}
}
