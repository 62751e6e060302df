package bulk

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/optest"
)

// TestBulkPut puts the items of an object into a table and follows the operation to its end.
func TestBulkPut(t *testing.T) {
	root := t.TempDir()
	env := optest.EnvOn(t, engine.Options{S3Root: root})
	if err := os.MkdirAll(filepath.Join(root, "lake", "in"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "lake", "in", "a.json"), []byte(`{"Item":{"pk":{"S":"a"}}}`+"\n"+`{"Item":{"pk":{"S":"b"}}}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	optest.Table(t, env, "Orders", "pk:S")
	started := optest.Call(t, env, Start, `{"table_name":"Orders","input_s3_configuration":{"S3Bucket":"lake","S3KeyPrefix":"in/","InputFormat":"DYNAMODB_JSON"},
		"output_s3_configuration":{"S3Bucket":"lake","S3KeyPrefix":"failed/","OutputType":["ERROR"]}}`)["BulkOperationDescription"].(map[string]any)
	arn := started["BulkOperationArn"].(string)
	var described map[string]any
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		described = optest.Call(t, env, Describe, `{"bulk_operation_arn":"`+arn+`"}`)["BulkOperationDescription"].(map[string]any)
		if described["BulkOperationStatus"] != "IN_PROGRESS" {
			break
		}
	}
	if described["BulkOperationStatus"] != "COMPLETED" || described["ProcessedItemCount"] != float64(2) {
		t.Errorf("described: %v", described)
	}
	if n := optest.Call(t, env, query.Scan, `{"table_name":"Orders"}`)["Count"]; n != float64(2) {
		t.Errorf("%v items", n)
	}
	if list := optest.Call(t, env, List, `{}`)["BulkOperationsSummaryList"].([]any); len(list) != 1 {
		t.Errorf("list: %v", list)
	}
	if e := optest.Fail(t, env, Cancel, `{"bulk_operation_arn":"`+arn+`"}`); e.Message == "" {
		t.Errorf("a finished operation is cancelled: %#v", e)
	}
}
