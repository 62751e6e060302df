package s3import

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/optest"
)

const request = `{"s3_bucket_source":{"S3Bucket":"bucket","S3KeyPrefix":"in/"},"input_format":"DYNAMODB_JSON","table_creation_parameters":{"TableName":"Loaded",
	"BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}}`

const items = `{"Item":{"pk":{"S":"a"},"note":{"S":"first"}}}
{"Item":{"pk":{"S":"b"},"note":{"S":"second"}}}
`

// bucket is an environment whose directory for S3 holds one file of items.
func bucket(t *testing.T) *op.Env {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, "bucket", "in")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "orders.json"), []byte(items), 0o600); err != nil {
		t.Fatal(err)
	}
	return optest.EnvOn(t, engine.Options{S3Root: root})
}

func TestImport(t *testing.T) {
	env := bucket(t)
	started := optest.Call(t, env, Start, request)
	arn, _ := started["ImportArn"].(string)
	if !strings.Contains(arn, ":table/Loaded/import/") {
		t.Fatalf("start: %s", optest.JSON(t, started))
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		got := optest.Call(t, env, Describe, `{"import_arn":"`+arn+`"}`)
		if got["ImportStatus"] == "COMPLETED" {
			if got["ImportedItemCount"] != float64(2) {
				t.Errorf("describe: %s", optest.JSON(t, got))
			}
			break
		}
		if got["ImportStatus"] == "FAILED" || time.Now().After(deadline) {
			t.Fatalf("describe: %s", optest.JSON(t, got))
		}
	}
	got := optest.Call(t, env, item.Get, `{"table_name":"Loaded","key":{"pk":{"S":"b"}}}`)
	if text := optest.JSON(t, got["Item"]); text != `{"note":{"S":"second"},"pk":{"S":"b"}}` {
		t.Errorf("item %s", text)
	}
	got = optest.Call(t, env, List, `{}`)
	if list, _ := got["ImportSummaryList"].([]any); len(list) != 1 || got["NextToken"] != nil {
		t.Errorf("list: %s", optest.JSON(t, got))
	}
	limited := *env
	limited.Tables = []string{"dev-*"}
	got = optest.Call(t, &limited, List, `{}`)
	if list, ok := got["ImportSummaryList"].([]any); !ok || len(list) != 0 {
		t.Errorf("list under an allow-list: %s", optest.JSON(t, got))
	}
}

func TestImportMeetsTheGate(t *testing.T) {
	env := bucket(t)
	limited, readOnly := *env, *env
	limited.Tables, readOnly.ReadOnly = []string{"dev-*"}, true
	if e := optest.Fail(t, &limited, Start, request); e.Code != op.CodeTableNotAllowed {
		t.Errorf("outside the allow-list: %#v", e)
	}
	if e := optest.Fail(t, &readOnly, Start, request); e.Code != op.CodeReadOnly {
		t.Errorf("read-only: %#v", e)
	}
}
