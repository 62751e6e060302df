package wait_test

import (
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/s3export"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/ops/wait"
	"github.com/ddb-cli/ddb/internal/optest"
)

const orders = `{"table_name":"orders","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"day","AttributeType":"S"}],
	"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],"billing_mode":"PAY_PER_REQUEST",
	"global_secondary_indexes":[{"IndexName":"ByDay","KeySchema":[{"AttributeName":"day","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}`

// Every kind is waited for to its end, or says what is wrong.
func TestEveryKindIsWaitedFor(t *testing.T) {
	env := optest.EnvOn(t, engine.Options{S3Root: t.TempDir()})
	var told []string
	env.Progress = func(_, _ float64, text string) { told = append(told, text) }
	optest.Call(t, env, table.Create, orders)
	optest.Call(t, env, backup.UpdateContinuous, `{"table_name":"orders","point_in_time_recovery_enabled":true}`)
	text := func(answer map[string]any, name string) string {
		t.Helper()
		s, ok := answer[name].(string)
		if !ok {
			t.Fatalf("no %s in %v", name, answer)
		}
		return s
	}
	saved := text(optest.Call(t, env, backup.Create, `{"table_name":"orders","backup_name":"nightly"}`), "BackupArn")
	d := optest.Call(t, env, table.Describe, `{"table_name":"orders"}`)
	export := text(optest.Call(t, env, s3export.Start, `{"table_arn":"`+text(d, "TableArn")+`","s3_bucket":"archive"}`), "ExportArn")
	for arguments, status := range map[string]string{
		`{"kind":"table","table_name":"orders"}`:                        "ACTIVE",
		`{"kind":"index","table_name":"orders","name":"ByDay"}`:         "ACTIVE",
		`{"kind":"backup","resource_arn":"` + saved + `"}`:              "AVAILABLE",
		`{"kind":"export","resource_arn":"` + export + `"}`:             "COMPLETED",
		`{"kind":"ttl","table_name":"orders"}`:                          "DISABLED",
		`{"kind":"pitr","table_name":"orders"}`:                         "ENABLED",
		`{"kind":"insights","table_name":"orders"}`:                     "DISABLED",
		`{"kind":"global-table","table_name":"orders","gone":true}`:     "gone",
		`{"kind":"ttl","table_name":"orders","timeout_seconds":null}`:   "DISABLED",
		`{"kind":"table","table_name":"none","gone":true}`:              "gone",
		`{"kind":"index","table_name":"orders","name":"x","gone":true}`: "gone",
	} {
		told = nil
		if got := optest.Call(t, env, wait.For, arguments); got["Done"] != true || got["Status"] != status {
			t.Errorf("%s: %v", arguments, got)
		}
		if len(told) == 0 || !strings.HasSuffix(told[len(told)-1], status) {
			t.Errorf("%s tells %q", arguments, told)
		}
	}
	for arguments, code := range map[string]string{
		`{"kind":"table","table_name":"none"}`:                        "ResourceNotFoundException",
		`{"kind":"autoscaling","table_name":"orders"}`:                "ResourceNotFoundException",
		`{"kind":"index","table_name":"orders","name":"none"}`:        "IndexNotFoundException",
		`{"kind":"replica","table_name":"orders","name":"eu-west-1"}`: "ReplicaNotFoundException",
		`{"kind":"index","table_name":"orders"}`:                      op.CodeInvalidArgument,
		`{"kind":"backup","table_name":"orders"}`:                     op.CodeInvalidArgument,
		`{"kind":"ttl","table_name":"orders","gone":true}`:            op.CodeInvalidArgument,
		`{"kind":"table","table_name":"orders","timeout_seconds":-1}`: op.CodeInvalidArgument,
		`{"kind":"table","table_name":"orders","timeout_seconds":0}`:  op.CodeInvalidArgument,
		`{"kind":"global-table","table_name":"orders"}`:               "GlobalTableNotFoundException",
		`{"kind":"export"}`: op.CodeInvalidArgument,
		`{"kind":"import","resource_arn":"` + strings.Replace(export, "export", "import", 1) + `"}`: "ImportNotFoundException",
	} {
		if e := optest.Fail(t, env, wait.For, arguments); e.Code != code {
			t.Errorf("%s: %s (%s), want %s", arguments, e.Code, e.Message, code)
		}
	}
	limited := env.Narrowed(op.Gate{Tables: []string{"dev-*"}})
	for _, arguments := range []string{`{"kind":"table","table_name":"orders"}`, `{"kind":"backup","resource_arn":"` + saved + `"}`} {
		if e := optest.Fail(t, limited, wait.For, arguments); e.Code != op.CodeTableNotAllowed {
			t.Errorf("outside the allow-list: %v", e)
		}
	}
}
