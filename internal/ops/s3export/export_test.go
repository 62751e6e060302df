package s3export

import (
	"strings"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/optest"
)

func orders(t *testing.T) *op.Env {
	t.Helper()
	env := optest.Orders(t)
	optest.Call(t, env, item.Put, `{"table_name":"Orders","item":{"pk":{"S":"a"}}}`)
	return env
}

// A table is named by its name too, though the API takes an ARN only.
func TestExport(t *testing.T) {
	env := orders(t)
	optest.Call(t, env, backup.UpdateContinuous, `{"table_name":"Orders","point_in_time_recovery_enabled":true}`)
	started := optest.Call(t, env, Start, `{"table_arn":"Orders","s3_bucket":"bucket","s3_prefix":"exports"}`)
	arn, _ := started["ExportArn"].(string)
	if !strings.Contains(arn, ":table/Orders/export/") || started["S3Bucket"] != "bucket" {
		t.Fatalf("start: %s", optest.JSON(t, started))
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		got := optest.Call(t, env, Describe, `{"export_arn":"`+arn+`"}`)
		if got["ExportStatus"] == "COMPLETED" {
			if got["ItemCount"] != float64(1) {
				t.Errorf("describe: %s", optest.JSON(t, got))
			}
			break
		}
		if got["ExportStatus"] == "FAILED" || time.Now().After(deadline) {
			t.Fatalf("describe: %s", optest.JSON(t, got))
		}
	}
	for _, arguments := range []string{`{}`, `{"table_arn":"Orders"}`, `{"max_results":5}`} {
		got := optest.Call(t, env, List, arguments)
		if list, _ := got["ExportSummaries"].([]any); len(list) != 1 {
			t.Errorf("list %s: %s", arguments, optest.JSON(t, got))
		}
	}
	limited := *env
	limited.Tables = []string{"dev-*"}
	got := optest.Call(t, &limited, List, `{}`)
	if list, ok := got["ExportSummaries"].([]any); !ok || len(list) != 0 {
		t.Errorf("list under an allow-list: %s", optest.JSON(t, got))
	}
}

func TestExportWithoutRecovery(t *testing.T) {
	env := orders(t)
	e := optest.Fail(t, env, Start, `{"table_arn":"Orders","s3_bucket":"bucket"}`)
	if e.Code != "PointInTimeRecoveryUnavailableException" || e.Hint == "" {
		t.Errorf("error %#v", e)
	}
	e = optest.Fail(t, env, Start, `{"table_arn":"Ordres","s3_bucket":"bucket"}`)
	if e.Code != "ResourceNotFoundException" || e.Hint != `did you mean "Orders"?` {
		t.Errorf("a table that is not there: %#v", e)
	}
}
