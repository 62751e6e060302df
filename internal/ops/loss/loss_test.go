package loss

import (
	"context"
	"fmt"
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
	run("put_item", `{"table_name":"Orders","item":{"pk":{"S":"a\u202eb"}}}`)
	run("put_item", `{"table_name":"Orders","item":{"pk":{"S":"b"},"until":{"N":"1700000000"}}}`)
	run("put_resource_policy", `{"resource_arn":"Orders","policy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:us-west-2:000000000000:table/Orders"}]}}`)
	run("create_table", `{"table_name":"Wide","billing_mode":"PAY_PER_REQUEST","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],
		"stream_specification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}}`)
	run("create_global_table", `{"global_table_name":"Wide","replication_group":[{"RegionName":"us-west-2"}]}`)
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
		{"update_time_to_live", `{"table_name":"Orders","time_to_live_specification":{"AttributeName":"until","Enabled":true}}`, []string{`"Orders" expire by the attribute "until"`, "Of its 3 items 1 have a time that has passed, and 0 one that comes.", "There is 1 backup"}},
		{"delete_item", `{"table_name":"Orders","key":{"pk":{"S":"a\u202eb"}}}`, []string{`{"pk":"a\u202eb"}`}},
		{"update_table", `{"table_name":"Orders","global_secondary_index_updates":[{"Delete":{"IndexName":"ByS"}}],"replica_updates":[{"Delete":{"RegionName":"eu-west-1"}}]}`, []string{`the index "ByS"`, `the replica in "eu-west-1"`}},
		{"delete_backup", `{"backup_arn":"` + arn + `"}`, []string{`the backup "nightly" of the table "Orders", made 20`}},
		{"update_continuous_backups", `{"table_name":"Orders","point_in_time_recovery_enabled":false}`, []string{"what it could be restored to is lost"}},
		{"batch_write_item", `{"request_items":{"Orders":[{"DeleteRequest":{"Key":{"pk":{"S":"a"}}}},{"PutRequest":{"Item":{"pk":{"S":"b"}}}}]}}`, []string{`Deletes 1 item of the table "Orders": {"pk":"a"}.`}},
		{"transact_write_items", `{"transact_items":[{"Delete":{"TableName":"Orders","Key":{"pk":{"S":"a"}}}},{"Delete":{"TableName":"Orders","Key":{"pk":{"S":"b"}}}}]}`, []string{`deletes 2 items of the table "Orders": {"pk":"a"}, {"pk":"b"}.`}},
		{"execute_statement", `{"statement":"DELETE FROM Orders WHERE pk='a'"}`, []string{`"DELETE FROM Orders WHERE pk='a'"`}},
		{"execute_statement", `{"statement":"DELETE FROM Orders WHERE pk=?","parameters":[{"S":"a\u202eb"}]}`, []string{`"DELETE FROM Orders WHERE pk=?" with ["a\u202eb"], which deletes.`}},
		{"batch_execute_statement", `{"statements":[{"Statement":"INSERT INTO Orders VALUE {'pk':'c'}"},{"Statement":"DELETE FROM Orders WHERE pk='a'"}]}`, []string{"2 statements, of which 1 deletes: \"DELETE FROM Orders WHERE pk='a'\"."}},
		{"batch_execute_statement", `{"statements":[` + strings.Repeat(`{"Statement":"DELETE FROM Orders WHERE pk='a'"},`, 4) + `{"Statement":"DELETE FROM Orders WHERE pk='b'"}]}`, []string{"of which 5 delete: ", " and 2 more."}},
		{"execute_transaction", `{"transact_statements":[{"Statement":"DELETE FROM Orders WHERE pk='a'"}]}`, []string{"transaction", "DELETE FROM"}},
		{"delete_resource_policy", `{"resource_arn":"Orders"}`, []string{"loses that"}},
		{"update_global_table", `{"global_table_name":"Wide","replica_updates":[{"Delete":{"RegionName":"eu-west-1"}}]}`, []string{`global table "Wide"`}},
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
		got, err := Describe(t.Context(), env, o.Spec(), []string{"Orders"}, in)
		if err != nil {
			t.Errorf("%s %s: %v", tt.tool, tt.arguments, err)
		}
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

// TestWhatIsNotAskedAbout: where a call takes nothing away nobody is asked, and what it would fail with comes before a question.
func TestWhatIsNotAskedAbout(t *testing.T) {
	env := optest.Env(t)
	run := func(tool, arguments string) {
		t.Helper()
		o, _ := ops.ByTool(tool)
		optest.Call(t, env, o, arguments)
	}
	for _, name := range []string{"Orders", "Safe"} {
		run("create_table", `{"table_name":"`+name+`","billing_mode":"PAY_PER_REQUEST","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"n","AttributeType":"N"}],
			"key_schema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"n","KeyType":"RANGE"}],"deletion_protection_enabled":`+fmt.Sprint(name == "Safe")+`}`)
	}
	run("put_item", `{"table_name":"Orders","item":{"pk":{"S":"a"},"n":{"N":"1"},"until":{"S":"never"}}}`)
	run("update_time_to_live", `{"table_name":"Safe","time_to_live_specification":{"AttributeName":"gone","Enabled":true}}`)
	for _, tt := range []struct{ tool, arguments, code string }{
		{"delete_item", `{"table_name":"Orders","key":{"pk":{"S":"none"},"n":{"N":"1"}}}`, ""},
		{"update_continuous_backups", `{"table_name":"Orders","point_in_time_recovery_enabled":false}`, ""},
		{"update_time_to_live", `{"table_name":"Orders","time_to_live_specification":{"AttributeName":"until","Enabled":true}}`, ""}, // a text is no time
		{"update_time_to_live", `{"table_name":"Safe","time_to_live_specification":{"AttributeName":"other","Enabled":true}}`, ""},
		{"delete_resource_policy", `{"resource_arn":"Orders"}`, ""},
		{"batch_write_item", `{"request_items":{"Orders":[{"DeleteRequest":{"Key":{"pk":{"S":"none"},"n":{"N":"1"}}}},{"PutRequest":{"Item":{"pk":{"S":"b"},"n":{"N":"2"}}}}]}}`, ""},
		{"transact_write_items", `{"transact_items":[{"Delete":{"TableName":"Orders","Key":{"pk":{"S":"none"},"n":{"N":"1"}}}},{"Delete":{"TableName":"Safe","Key":{"pk":{"S":"a"},"n":{"N":"1"}}}}]}`, ""},
		{"execute_statement", `{"statement":"DELETE FROM Orders WHERE pk='none' AND n=1"}`, ""},
		{"execute_statement", `{"statement":"DELETE FROM Orders WHERE pk=? AND n=? AND until='later'","parameters":[{"S":"a"},{"N":"1"}]}`, ""}, // another condition
		{"batch_execute_statement", `{"statements":[{"Statement":"DELETE FROM Orders WHERE pk='none' AND n=1"},{"Statement":"SELECT * FROM Orders WHERE pk='a' AND n=1"}]}`, ""},
		{"execute_transaction", `{"transact_statements":[{"Statement":"DELETE FROM Orders WHERE pk=? AND n=7","Parameters":[{"S":"a"}]}]}`, ""},
		{"batch_write_item", `{"request_items":{"Orders":[{"DeleteRequest":{"Key":{"pk":{"S":""},"n":{"N":"1"}}}}]}}`, "ValidationException"},
		{"delete_table", `{"table_name":"Missing"}`, "ResourceNotFoundException"},
		{"delete_table", `{"table_name":"Safe"}`, "ValidationException"},
		{"delete_item", `{"table_name":"Missing","key":{"pk":{"S":"a"}}}`, "ResourceNotFoundException"},
		{"delete_item", `{"table_name":"Orders","key":{}}`, "ValidationException"},
		{"delete_item", `{"table_name":"Orders","key":{"pk":{"S":"a"}}}`, "ValidationException"},
		{"delete_item", `{"table_name":"Orders","key":{"pk":{"S":"a"},"n":{"S":"1"}}}`, "ValidationException"},
		{"delete_item", `{"table_name":"Orders","key":{"pk":{"S":""},"n":{"N":"1"}}}`, "ValidationException"},
		{"update_table", `{"table_name":"Missing","global_secondary_index_updates":[{"Delete":{"IndexName":"x"}}]}`, "ResourceNotFoundException"},
		{"update_table", `{"table_name":"Orders","global_secondary_index_updates":[{"Delete":{"IndexName":"x"}}]}`, "ResourceNotFoundException"},
		{"update_continuous_backups", `{"table_name":"Missing","point_in_time_recovery_enabled":false}`, "TableNotFoundException"},
		{"update_time_to_live", `{"table_name":"Missing","time_to_live_specification":{"AttributeName":"a","Enabled":true}}`, "ResourceNotFoundException"},
		{"delete_backup", `{"backup_arn":"arn:aws:dynamodb:us-west-2:000000000000:table/Orders/backup/01700000000000-aaaaaaaa"}`, "BackupNotFoundException"},
		{"delete_backup", `{"backup_arn":"arn:x"}`, "ValidationException"},
		{"batch_write_item", `{"request_items":{"Orders":[{"DeleteRequest":{"Key":{"pk":{"S":"a"}}}}]}}`, "ValidationException"},
		{"transact_write_items", `{"transact_items":[{"Delete":{"TableName":"Missing","Key":{"pk":{"S":"a"}}}}]}`, "ResourceNotFoundException"},
		{"execute_statement", `{"statement":"DELETE FROM Absent WHERE pk='a'"}`, "ResourceNotFoundException"},
		{"update_global_table", `{"global_table_name":"Missing","replica_updates":[{"Delete":{"RegionName":"eu-west-1"}}]}`, "GlobalTableNotFoundException"},
	} {
		o, _ := ops.ByTool(tt.tool)
		in, err := o.Decode([]byte(tt.arguments))
		if err != nil {
			t.Fatal(err)
		}
		text, err := Describe(t.Context(), env, o.Spec(), o.TablesOf(in), in)
		if tt.code == "" && (err != nil || text != "") || tt.code != "" && !hasCode(err, tt.code) {
			t.Errorf("%s %s: %q, %v", tt.tool, tt.arguments, text, err)
		}
	}
}

// Of several deletes those are named that have an item, however its key is spelled.
func TestOnlyWhatIsThereIsNamed(t *testing.T) {
	env := optest.Env(t)
	run := func(tool, arguments string) {
		t.Helper()
		o, _ := ops.ByTool(tool)
		optest.Call(t, env, o, arguments)
	}
	run("create_table", `{"table_name":"Orders","billing_mode":"PAY_PER_REQUEST","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"n","AttributeType":"N"}],
		"key_schema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"n","KeyType":"RANGE"}]}`)
	run("put_item", `{"table_name":"Orders","item":{"pk":{"S":"a"},"n":{"N":"1"}}}`)
	for _, tt := range []struct{ tool, arguments, want string }{
		{"batch_write_item", `{"request_items":{"Orders":[{"DeleteRequest":{"Key":{"n":{"N":"1.0"},"pk":{"S":"a"}}}},{"DeleteRequest":{"Key":{"pk":{"S":"a"},"n":{"N":"2"}}}}]}}`, `Deletes 1 item of the table "Orders": {"n":1,"pk":"a"}.`},
		{"transact_write_items", `{"transact_items":[{"Delete":{"TableName":"Orders","Key":{"pk":{"S":"b"},"n":{"N":"1"}}}},{"Delete":{"TableName":"Orders","Key":{"pk":{"S":"a"},"n":{"N":"1"}}}}]}`, `In one transaction deletes 1 item of the table "Orders": {"n":1,"pk":"a"}.`},
		{"batch_execute_statement", `{"statements":[{"Statement":"DELETE FROM Orders WHERE pk='a' AND n=1"},{"Statement":"DELETE FROM Orders WHERE pk='a' AND n=2"}]}`, `Runs 2 statements, of which 1 deletes: "DELETE FROM Orders WHERE pk='a' AND n=1".`},
		{"batch_execute_statement", `{"statements":[{"Statement":"DELETE FROM Orders WHERE pk='b'"}]}`, `of which 1 deletes`},                  // fails, and is never a scan
		{"batch_execute_statement", `{"statements":[{"Statement":"DELETE FROM Orders WHERE pk IN ['a','b'] AND n=2"}]}`, `of which 1 deletes`}, // as does this
	} {
		o, _ := ops.ByTool(tt.tool)
		in, err := o.Decode([]byte(tt.arguments))
		if err != nil {
			t.Fatal(err)
		}
		if text, err := Describe(t.Context(), env, o.Spec(), o.TablesOf(in), in); err != nil || !strings.Contains(text, tt.want) {
			t.Errorf("%s %s: %q, %v", tt.tool, tt.arguments, text, err)
		}
	}
}

// A large table is not read to tell what would expire: a few items are.
func TestExpiryLooksAtFewItems(t *testing.T) {
	env := *optest.Env(t)
	local := env.Clients
	env.Clients = func(ctx context.Context, region string) (*op.Clients, error) {
		c, err := local(ctx, region)
		if err == nil {
			far := *c
			far.Embedded, c = false, &far
		}
		return c, err
	}
	run := func(tool, arguments string) {
		t.Helper()
		o, _ := ops.ByTool(tool)
		optest.Call(t, &env, o, arguments)
	}
	run("create_table", `{"table_name":"Visits","billing_mode":"PAY_PER_REQUEST","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}]}`)
	for i := range sampled + 20 {
		run("put_item", fmt.Sprintf(`{"table_name":"Visits","item":{"pk":{"S":"%d"},"until":{"N":"%d"}}}`, i, 4_000_000_000))
	}
	o, _ := ops.ByTool("update_time_to_live")
	in, err := o.Decode([]byte(`{"table_name":"Visits","time_to_live_specification":{"AttributeName":"until","Enabled":true}}`))
	if err != nil {
		t.Fatal(err)
	}
	text, err := Describe(t.Context(), &env, o.Spec(), nil, in)
	if err != nil || !strings.Contains(text, "Of the first 100 items looked at 0 have a time that has passed, and 100 one that comes; how many of all is not known") {
		t.Errorf("%v: %s", err, text)
	}
}

func TestQuotedIsShort(t *testing.T) {
	if got := quoted(strings.Repeat("é", 300)); len(got) > 6*longest || !strings.HasSuffix(got, `"…`) {
		t.Errorf("%d bytes: %s", len(got), got)
	}
}
