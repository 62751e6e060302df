package mcp

import (
	"encoding/json"
	"strings"
	"testing"
)

// With the default tools, what delete_table took away comes back with the ARN its answer names.
func TestADeletionIsUndone(t *testing.T) {
	c := clientOf(t, nil, nil)
	call := func(tool, arguments string) string {
		t.Helper()
		result := callTool(t.Context(), t, c, tool, arguments)
		if result.IsError {
			t.Fatal(textOf(t, result))
		}
		return textOf(t, result)
	}
	call("update_time_to_live", `{"table_name":"shop","time_to_live_specification":{"Enabled":true,"AttributeName":"gone"}}`)
	var deleted struct {
		TableName       string
		ArchivalSummary struct{ ArchivalBackupArn, ArchivalReason string }
	}
	if err := json.Unmarshal([]byte(call("delete_table", deleteShop)), &deleted); err != nil {
		t.Fatal(err)
	}
	arn := deleted.ArchivalSummary.ArchivalBackupArn
	if deleted.TableName != "shop" || arn == "" || !strings.Contains(deleted.ArchivalSummary.ArchivalReason, "ddb local snapshots restore shop") {
		t.Fatalf("the answer: %+v", deleted)
	}
	if text := call("list_backups", `{"table_name":"shop","backup_type":"SYSTEM"}`); !strings.Contains(text, arn) {
		t.Errorf("not listed: %s", text)
	}
	call("restore_table_from_backup", `{"backup_arn":"`+arn+`","target_table_name":"shop"}`)
	if text := call("scan", deleteShop); !strings.Contains(text, `"Count": 1`) {
		t.Errorf("restored: %s", text)
	}
	if text := call("describe_time_to_live", deleteShop); !strings.Contains(text, `"gone"`) {
		t.Errorf("restored: %s", text)
	}
}

// A question on the embedded engine says that a snapshot stays.
func TestAQuestionTellsOfTheSnapshot(t *testing.T) {
	asked := &user{answer: accept(nil)}
	c := clientOf(t, asked, func(o *Options) { o.Confirm = ConfirmAlways })
	callTool(t.Context(), t, c, "delete_table", deleteShop)
	if len(asked.asked) != 1 || !strings.Contains(asked.asked[0], "It holds 1 item, ") || !strings.Contains(asked.asked[0], "keeps a snapshot") {
		t.Errorf("asked %q", asked.asked)
	}
}
