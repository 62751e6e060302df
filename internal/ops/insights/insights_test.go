package insights

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/optest"
)

// TestInsights turns the counting of keys on, finds it in the list, and keeps an allow-list's tables apart.
func TestInsights(t *testing.T) {
	env := optest.Env(t)
	for _, name := range []string{"Orders", "dev-Orders"} {
		optest.Call(t, env, table.Create, `{"table_name":"`+name+`","billing_mode":"PAY_PER_REQUEST",
			"attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}]}`)
		optest.Call(t, env, Update, `{"table_name":"`+name+`","contributor_insights_action":"ENABLE"}`)
	}
	if out := optest.Call(t, env, Describe, `{"table_name":"Orders"}`); out["ContributorInsightsStatus"] != "ENABLED" {
		t.Errorf("enabled: %v", out)
	}
	if list := optest.Call(t, env, List, `{}`)["ContributorInsightsSummaries"].([]any); len(list) != 2 {
		t.Errorf("all: %v", list)
	}
	limited := *env
	limited.Tables = []string{"dev-*"}
	if list := optest.Call(t, &limited, List, `{}`)["ContributorInsightsSummaries"].([]any); len(list) != 1 {
		t.Errorf("the allowed: %v", list)
	}
}
