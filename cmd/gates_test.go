package cmd_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

const (
	shopARN    = "arn:aws:dynamodb:us-west-2:000000000000:table/shop"
	shopStream = shopARN + "/stream/2026-01-01T00:00:00.000"
	kinesisARN = "arn:aws:kinesis:us-west-2:000000000000:stream/shop"
)

// A gateCase is a command line of an operation, on the table shop where it takes one. tables says that it touches that
// table, regional that it calls a service.
type gateCase struct {
	line             string
	effect           op.Effect
	tables, regional bool
}

func on(effect op.Effect, line string) gateCase { return gateCase{line, effect, true, true} }

// gateCases have a command line for each operation, by its MCP name, and for commands made of several.
var gateCases = map[string]gateCase{
	"get_item":                               on(op.Read, "get shop a"),
	"put_item":                               on(op.Write, `put shop '{"pk":"a"}'`),
	"update_item":                            on(op.Write, "update shop a --set n=1"),
	"delete_item":                            on(op.Destroy, "delete shop a --yes"),
	"query":                                  on(op.Read, "query shop a"),
	"scan":                                   on(op.Read, "scan shop"),
	"batch_get_item":                         on(op.Read, `item batch-get --request-items '{"shop":{"Keys":[{"pk":{"S":"a"}}]}}'`),
	"batch_write_item":                       on(op.Destroy, `item batch-write --yes --request-items '{"shop":[{"DeleteRequest":{"Key":{"pk":{"S":"a"}}}}]}'`),
	"transact_get_items":                     on(op.Read, `item transact-get --transact-items '[{"Get":{"TableName":"shop","Key":{"pk":{"S":"a"}}}}]'`),
	"transact_write_items":                   on(op.Destroy, `item transact-write --yes --transact-items '[{"Delete":{"TableName":"shop","Key":{"pk":{"S":"a"}}}}]'`),
	"execute_statement":                      on(op.Destroy, `sql "DELETE FROM shop WHERE pk = 'a'" --yes`),
	"batch_execute_statement":                on(op.Destroy, `item batch-statement --yes --statements '[{"Statement":"DELETE FROM shop WHERE pk = ?","Parameters":[{"S":"a"}]}]'`),
	"execute_transaction":                    on(op.Destroy, `item transact-statement --yes --statements '[{"Statement":"DELETE FROM shop WHERE pk = ?","Parameters":[{"S":"a"}]}]'`),
	"list_tables":                            {"table list", op.Read, false, true},
	"describe_table":                         on(op.Read, "table describe shop"),
	"create_table":                           on(op.Write, "table create shop --keys pk:S"),
	"update_table":                           on(op.Destroy, "table update shop --drop-index byN --yes"),
	"delete_table":                           on(op.Destroy, "table delete shop --yes"),
	"describe_time_to_live":                  on(op.Read, "ttl status shop"),
	"update_time_to_live":                    on(op.Destroy, "ttl enable shop gone --yes"),
	"list_backups":                           on(op.Read, "backup list shop"),
	"describe_backup":                        on(op.Read, "backup describe "+shopARN+"/backup/01"),
	"create_backup":                          on(op.Write, "backup create shop nightly"),
	"delete_backup":                          on(op.Destroy, "backup delete "+shopARN+"/backup/01 --yes"),
	"restore_table_from_backup":              on(op.Write, "backup restore "+shopARN+"/backup/01 shop"),
	"describe_continuous_backups":            on(op.Read, "pitr status shop"),
	"update_continuous_backups":              on(op.Destroy, "pitr disable shop --yes"),
	"restore_table_to_point_in_time":         on(op.Write, "pitr restore shop other-2"),
	"list_exports":                           {"s3-export list", op.Read, false, true},
	"describe_export":                        on(op.Read, "s3-export describe "+shopARN+"/export/01"),
	"export_table_to_point_in_time":          on(op.Write, "s3-export start shop bucket"),
	"list_imports":                           {"s3-import list", op.Read, false, true},
	"describe_import":                        on(op.Read, "s3-import describe "+shopARN+"/import/01"),
	"import_table":                           on(op.Write, "s3-import start s3://bucket/in shop --keys pk:S"),
	"list_tags_of_resource":                  on(op.Read, "tag list shop"),
	"tag_resource":                           on(op.Write, "tag set shop env=dev"),
	"untag_resource":                         on(op.Write, "tag remove shop env"),
	"get_resource_policy":                    on(op.Read, "policy get shop"),
	"put_resource_policy":                    on(op.Write, "policy put shop {}"),
	"delete_resource_policy":                 on(op.Destroy, "policy delete shop --yes"),
	"list_streams":                           on(op.Read, "stream list shop"),
	"describe_stream":                        on(op.Read, "stream describe "+shopStream),
	"get_shard_iterator":                     on(op.Read, "stream iterator "+shopStream+" shardId-00000001735689600000-00000000 --type TRIM_HORIZON"),
	"get_records":                            on(op.Read, "stream records '"+shopStream+"|1|AAAA'"),
	"search_vectors":                         on(op.Read, "vector search shop byN --vector [1] --top 1"),
	"start_bulk_put_items":                   on(op.Write, "bulk start shop --from s3://a/b --errors-to s3://a/c"),
	"describe_bulk_operation":                on(op.Read, "bulk describe "+shopARN+"/bulk-operation/01"),
	"list_bulk_operations":                   {"bulk list", op.Read, false, true},
	"cancel_bulk_operation":                  on(op.Write, "bulk cancel "+shopARN+"/bulk-operation/01"),
	"describe_kinesis_streaming_destination": on(op.Read, "kinesis describe shop"),
	"enable_kinesis_streaming_destination":   on(op.Write, "kinesis enable shop "+kinesisARN),
	"disable_kinesis_streaming_destination":  on(op.Write, "kinesis disable shop "+kinesisARN),
	"update_kinesis_streaming_destination":   on(op.Write, "kinesis update shop "+kinesisARN+` --configuration '{"ApproximateCreationDateTimePrecision":"MICROSECOND"}'`),
	"list_contributor_insights":              on(op.Read, "insights list shop"),
	"describe_contributor_insights":          on(op.Read, "insights describe shop"),
	"report_contributor_insights":            on(op.Read, "insights report shop"),
	"update_contributor_insights":            on(op.Write, "insights update shop --action ENABLE"),
	"describe_table_replica_auto_scaling":    on(op.Read, "autoscaling describe shop"),
	"update_table_replica_auto_scaling":      on(op.Write, `autoscaling update shop --write-capacity '{"MinimumUnits":5,"MaximumUnits":9}'`),
	"list_global_tables":                     {"global-table list", op.Read, false, true},
	"describe_global_table":                  on(op.Read, "global-table describe shop"),
	"create_global_table":                    on(op.Write, `global-table create shop --replication-group '[{"RegionName":"us-west-2"}]'`),
	"update_global_table":                    on(op.Destroy, `global-table update shop --yes --replica-updates '[{"Delete":{"RegionName":"us-west-2"}}]'`),
	"describe_global_table_settings":         on(op.Read, "global-table settings shop"),
	"update_global_table_settings":           on(op.Write, "global-table update-settings shop --billing-mode PAY_PER_REQUEST"),
	"describe_limits":                        {"limits", op.Read, false, true},
	"describe_endpoints":                     {"endpoints", op.Read, false, true},
	"whoami":                                 {"whoami", op.Read, false, false}, // it tells of the limits, and works under all that let reads pass
	"dynamodb_data_modeling":                 {"modeling prompt", op.Read, false, false},
	"table_overview":                         on(op.Read, "table overview shop"),
	"dynamodb_guide":                         {"guide limits", op.Read, false, false},
	"wait_for":                               on(op.Read, "wait table shop"),
	"table truncate":                         on(op.Destroy, "table truncate shop --yes"),
	"table truncate --recreate":              on(op.Destroy, "table truncate shop --recreate --yes"),
	"delete --where":                         on(op.Destroy, `delete shop --where 'pk = "a"' --yes`),
	"update --where":                         on(op.Write, `update shop --where 'pk = "a"' --set n=1 --yes`),
	"index create":                           on(op.Write, "index create shop byM=m:N"),
	"index delete":                           on(op.Destroy, "index delete shop byN --yes"),
	"sql SELECT":                             on(op.Read, `sql "SELECT * FROM shop WHERE pk = 'a'"`),
	"sql --transaction":                      on(op.Destroy, `sql --transaction "DELETE FROM shop WHERE pk = 'a'" --yes`),
	"put many":                               on(op.Write, "put shop -"),
	"stream tail":                            on(op.Read, "stream tail shop"),
}

// terminalGates are the limits a command is held to, by flags, and the code of the refusal.
var terminalGates = []struct {
	flags   string
	code    string
	refuses func(gateCase) bool
}{
	{"--read-only", op.CodeReadOnly, func(c gateCase) bool { return c.effect != op.Read }},
	{"--effects read", op.CodeEffectNotAllowed, func(c gateCase) bool { return c.effect != op.Read }},
	{"--effects read,write", op.CodeEffectNotAllowed, func(c gateCase) bool { return c.effect == op.Destroy }},
	{"--tables other-*", op.CodeTableNotAllowed, func(c gateCase) bool { return c.tables }},
	{"--regions eu-*", op.CodeRegionNotAllowed, func(c gateCase) bool { return c.regional }},
}

// TestEveryCommandThroughEveryGate runs each operation's command under each gate that refuses it: the exit code and the
// gate's error come, and no request that could change anything, or that names a table or region not allowed, was sent.
func TestEveryCommandThroughEveryGate(t *testing.T) {
	home(t)
	e, err := engine.Open(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	var (
		mu   sync.Mutex
		sent []string
	)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		mu.Lock()
		sent = append(sent, action)
		mu.Unlock()
		e.Handler().ServeHTTP(w, r)
	}))
	defer service.Close()
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "us-west-2", "AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true"} {
		t.Setenv(name, value)
	}
	at := []string{"--endpoint-url", service.URL, "-o", "json"}
	must(t, run(t, "", nil, append([]string{"table", "create", "shop", "--keys", "pk:S", "--index", "byN=n:N", "--wait"}, at...)...))
	must(t, run(t, "", nil, append([]string{"put", "shop", `{"pk":"a","n":5}`}, at...)...))

	for _, o := range ops.All {
		c, ok := gateCases[o.Spec().Tool]
		if !ok {
			t.Errorf("%s has no command line here: place it in gateCases", o.Spec().Tool)
			continue
		}
		if c.effect > o.Spec().Effect || c.effect < o.Spec().Effect && o.Spec().Tool != "update_table" {
			t.Errorf("%s is tried as a %s and is a %s", o.Spec().Tool, c.effect, o.Spec().Effect)
		}
		if c.tables && !o.DeclaresTables() {
			t.Errorf("%s is said to touch a table", o.Spec().Tool)
		}
	}
	for _, g := range terminalGates {
		for name, c := range gateCases {
			args := append(append(words(c.line), strings.Fields(g.flags)...), at...)
			want := g.refuses(c)
			if !want {
				continue
			}
			sent = nil
			got := run(t, `{"pk":"b"}`+"\n", nil, args...)
			var failed struct{ Error struct{ Code string } }
			document := got.err[max(0, strings.Index(got.err, "{")):] // behind what a plan says
			if err := json.Unmarshal([]byte(document), &failed); err != nil || got.code != 5 || failed.Error.Code != g.code {
				t.Errorf("%s, ddb %s %s: exit code %d, want 5 and %s: %s", name, c.line, g.flags, got.code, g.code, got.err)
			}
			for _, action := range sent {
				if g.code == op.CodeTableNotAllowed || g.code == op.CodeRegionNotAllowed || !reads(action) {
					t.Errorf("%s under %s sent %s", name, g.flags, action)
				}
			}
		}
	}
	// Nothing changed; and what the gates let pass they let pass.
	if got := must(t, run(t, "", nil, append([]string{"scan", "shop"}, at...)...)); strings.Join(strings.Fields(got.out), "") != `[{"n":5,"pk":"a"}]` && !strings.Contains(got.out, `"pk": "a"`) {
		t.Errorf("the table holds %s", got.out)
	}
	for _, flags := range []string{"--read-only", "--effects read", "--tables shop", "--regions us-*"} {
		for _, line := range []string{"get shop a", "table describe shop", "scan shop", "table list", "whoami"} {
			must(t, run(t, "", nil, append(append(strings.Fields(line), strings.Fields(flags)...), at...)...))
		}
	}
}

// TestEveryCommandDry runs each operation's command with --dry-run, against a service that answers with nothing: none panics on that, each
// shows the request or says why there is none, and nothing that could change anything is sent.
func TestEveryCommandDry(t *testing.T) {
	local := home(t)
	must(t, run(t, "", nil, "table", "create", "shop", "--keys", "pk:S", "--index", "byN=n:N", "--wait", local))
	must(t, run(t, "", nil, "put", "shop", `{"pk":"a","n":5}`, local))
	before := must(t, run(t, "", nil, "table", "describe", "shop", local)).out
	for name, c := range gateCases {
		if name == "stream tail" { // it reads, and does not end by itself
			continue
		}
		got := run(t, `{"pk":"b"}`+"\n", nil, append(words(c.line), "--dry-run", "-o", "json", local)...)
		if got.code != 0 && !strings.Contains(got.err, `"error"`) {
			t.Errorf("%s: exit code %d: %s%s", c.line, got.code, got.out, got.err)
		}
	}
	if after := must(t, run(t, "", nil, "table", "describe", "shop", local)).out; after != before {
		t.Errorf("the table was changed:\n%s", cmp.Diff(before, after))
	}
	if got := must(t, run(t, "", nil, "scan", "shop", local)); got.out != `{"pk":"a","n":5}`+"\n" {
		t.Errorf("the items were changed: %s", got.out)
	}
}

func reads(action string) bool {
	for _, verb := range []string{"Describe", "List", "Get", "Query", "Scan", "BatchGet"} {
		if strings.HasPrefix(action, verb) {
			return true
		}
	}
	return false
}

// words splits a command line at spaces, keeping what stands in quotes together.
func words(line string) []string {
	var list []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if q := line[0]; q == '\'' || q == '"' {
			text, rest, _ := strings.Cut(line[1:], string(q))
			list, line = append(list, text), rest
			continue
		}
		text, rest, _ := strings.Cut(line, " ")
		list, line = append(list, text), rest
	}
	return list
}
