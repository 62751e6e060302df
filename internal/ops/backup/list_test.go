package backup

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/optest"
)

func TestListDescribeDelete(t *testing.T) {
	env := orders(t)
	if text := optest.JSON(t, optest.Call(t, env, List, `{"table_name":"Orders"}`)); text != `{"BackupSummaries":[],"LastEvaluatedBackupArn":null}` {
		t.Errorf("none yet: %s", text)
	}
	arn := made(t, env, "first")
	made(t, env, "second")
	got := optest.Call(t, env, List, `{"table_name":"Orders"}`)
	if list, _ := got["BackupSummaries"].([]any); len(list) != 2 {
		t.Errorf("list: %s", optest.JSON(t, got))
	}
	if got := optest.Call(t, env, Describe, `{"backup_arn":"`+arn+`"}`); got["BackupDetails"] == nil || got["SourceTableDetails"] == nil {
		t.Errorf("describe: %s", optest.JSON(t, got))
	}
	optest.Call(t, env, Delete, `{"backup_arn":"`+arn+`"}`)
	if e := optest.Fail(t, env, Describe, `{"backup_arn":"`+arn+`"}`); e.Code != "BackupNotFoundException" || e.Hint == "" {
		t.Errorf("after delete: %#v", e)
	}
}
