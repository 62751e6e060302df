package backup

import (
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/optest"
)

func orders(t *testing.T) *op.Env {
	t.Helper()
	env := optest.Orders(t)
	optest.Call(t, env, item.Put, `{"table_name":"Orders","item":{"pk":{"S":"a"},"v":{"N":"1"}}}`)
	return env
}

// made gives the ARN of a fresh backup.
func made(t *testing.T, env *op.Env, name string) string {
	t.Helper()
	got := optest.Call(t, env, Create, `{"table_name":"Orders","backup_name":"`+name+`"}`)
	arn, _ := got["BackupArn"].(string)
	if !strings.Contains(arn, ":table/Orders/backup/") || got["BackupName"] != name {
		t.Fatalf("create_backup: %s", optest.JSON(t, got))
	}
	return arn
}
