package loss

import (
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
	"github.com/ddb-cli/ddb/internal/optest"
)

// TestDescribe says what each call that destroys takes away; a test below sees that none is left out.
func TestDescribe(t *testing.T) {
	env := optest.Env(t)
	run := func(tool, arguments string) map[string]any {
		t.Helper()
		o, _ := ops.ByTool(tool)
		return optest.Call(t, env, o, arguments)
	}
	run("create_table", `{"table_name":"Orders","billing_mode":"PAY_PER_REQUEST","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"s","AttributeType":"S"}],
		"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],"global_secondary_indexes":[{"IndexName":"ByS","KeySchema":[{"AttributeName":"s","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}`)
	run("put_item", `{"table_name":"Orders","item":{"pk":{"S":"a"},"s":{"S":"x"}}}`)
	run("update_continuous_backups", `{"table_name":"Orders","point_in_time_recovery_enabled":true}`)
	made := run("create_backup", `{"table_name":"Orders","backup_name":"nightly"}`)
	details, _ := made["BackupDetails"].(map[string]any)
	if details == nil {
		details = made
	}
	arn, _ := details["BackupArn"].(string)
	tests := []struct {
		tool, arguments string
		want            []string
	}{
		{"delete_table", `{"table_name":"Orders"}`, []string{`the table "Orders" with all its items`, "Point-in-time recovery is on.", "There is 1 backup, which stays."}},
		{"delete_table", `{"table_name":"Missing"}`, []string{"How much is in it is not known."}},
		{"delete_item", `{"table_name":"Orders","key":{"pk":{"S":"a\u202eb"}}}`, []string{`{"pk":"a\u202eb"}`}},
		{"update_table", `{"table_name":"Orders","global_secondary_index_updates":[{"Delete":{"IndexName":"ByS"}}],"replica_updates":[{"Delete":{"RegionName":"eu-west-1"}}]}`, []string{`the index "ByS"`, `the replica in "eu-west-1"`}},
		{"delete_backup", `{"backup_arn":"` + arn + `"}`, []string{`the backup "nightly" of the table "Orders", made 20`}},
		{"delete_backup", `{"backup_arn":"arn:x"}`, []string{"not known"}},
		{"update_continuous_backups", `{"table_name":"Orders","point_in_time_recovery_enabled":false}`, []string{"what it could be restored to is lost"}},
		{"batch_write_item", `{"request_items":{"Orders":[{"DeleteRequest":{"Key":{"pk":{"S":"a"}}}},{"PutRequest":{"Item":{"pk":{"S":"b"}}}}]}}`, []string{`Deletes 1 item of the table "Orders".`}},
		{"transact_write_items", `{"transact_items":[{"Delete":{"TableName":"Orders","Key":{"pk":{"S":"a"}}}},{"Delete":{"TableName":"Orders","Key":{"pk":{"S":"b"}}}}]}`, []string{`deletes 2 items of the table "Orders".`}},
		{"execute_statement", `{"statement":"DELETE FROM Orders WHERE pk='a'"}`, []string{`"DELETE FROM Orders WHERE pk='a'"`}},
		{"batch_execute_statement", `{"statements":[{"Statement":"DELETE FROM Orders WHERE pk='a'"}]}`, []string{"1 statements", "DELETE FROM"}},
		{"execute_transaction", `{"transact_statements":[{"Statement":"DELETE FROM Orders WHERE pk='a'"}]}`, []string{"transaction", "DELETE FROM"}},
		{"delete_resource_policy", `{"resource_arn":"arn:aws:dynamodb:r:1:table/Orders"}`, []string{"loses that"}},
		{"update_global_table", `{"global_table_name":"Orders","replica_updates":[{"Delete":{"RegionName":"eu-west-1"}}]}`, []string{`global table "Orders"`}},
	}
	seen := map[string]bool{}
	for _, tt := range tests {
		o, ok := ops.ByTool(tt.tool)
		if !ok {
			t.Fatal(tt.tool)
		}
		in, err := o.Decode([]byte(tt.arguments))
		if err != nil {
			t.Fatal(err)
		}
		if o.EffectOf(in) != op.Destroy {
			t.Errorf("%s %s is a %s", tt.tool, tt.arguments, o.EffectOf(in))
		}
		seen[tt.tool] = true
		got := Describe(t.Context(), env, o.Spec(), []string{"Orders"}, in)
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in: %s", tt.tool, want, got)
			}
		}
	}
	for _, o := range ops.All {
		if o.Spec().Effect == op.Destroy && !seen[o.Spec().Tool] {
			t.Errorf("nothing says what %s takes away", o.Spec().Tool)
		}
	}
}

func TestQuotedIsShort(t *testing.T) {
	if got := quoted(strings.Repeat("é", 300)); len(got) > 6*longest || !strings.HasSuffix(got, `"…`) {
		t.Errorf("%d bytes: %s", len(got), got)
	}
}
