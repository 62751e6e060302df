package overview_test

import (
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/overview"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/optest"
)

const orders = `{"table_name":"orders","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],
	"billing_mode":"PROVISIONED","provisioned_throughput":{"ReadCapacityUnits":100,"WriteCapacityUnits":10}}`

func TestTable(t *testing.T) {
	env := optest.Env(t)
	optest.Call(t, env, table.Create, orders)
	got := optest.Call(t, env, overview.Table, `{"table_name":"orders"}`)
	text := optest.JSON(t, got)
	for _, want := range []string{`"TableName":"orders"`, `"TimeToLiveStatus":"DISABLED"`, `"PointInTimeRecoveryStatus":"DISABLED"`} {
		if !strings.Contains(strings.ReplaceAll(text, `": `, `":`), want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	// 100 reads at $0.00013 and 10 writes at $0.00065 an hour, for 730 hours.
	if cost, ok := got["Cost"].(map[string]any); !ok || cost["CapacityMonth"] != 14.24 && cost["CapacityMonth"] != 14.23 {
		t.Errorf("cost %v", got["Cost"])
	}
	if e := optest.Fail(t, env.Narrowed(op.Gate{Tables: []string{"dev-*"}}), overview.Table, `{"table_name":"orders"}`); e.Code != op.CodeTableNotAllowed {
		t.Errorf("outside the allow-list: %v", e)
	}
}

func TestGuide(t *testing.T) {
	for topic, says := range map[string]string{"reduce_cost": "point-in-time", "explain_throttling": "3,000", "limits": "400 KB", "review_model": "access pattern", "migrate_from_sql": "join"} {
		out, err := overview.Guide.Call(t.Context(), &op.Env{}, &overview.GuideInput{Topic: topic})
		if err != nil || !strings.Contains(out.Text, says) {
			t.Errorf("%s: %v, no %q in the text", topic, err, says)
		}
	}
	if _, err := overview.Guide.Call(t.Context(), &op.Env{}, &overview.GuideInput{Topic: "cooking"}); err == nil || !strings.Contains(err.Error(), "reduce_cost") {
		t.Errorf("an unknown topic: %v", err)
	}
}
