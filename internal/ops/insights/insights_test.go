package insights

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/optest"
)

// TestEnabledInsightsAreListed turns the counting of keys on, finds it in the list, and keeps an allow-list's tables apart.
func TestEnabledInsightsAreListed(t *testing.T) {
	env := optest.Env(t)
	for _, name := range []string{"Orders", "dev-Orders"} {
		optest.Table(t, env, name, "pk:S")
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

// TestReportNamesTheBusiestFirst counts accesses of a few keys and finds the busiest first.
func TestReportNamesTheBusiestFirst(t *testing.T) {
	env := optest.Env(t)
	optest.Table(t, env, "Orders", "pk:S", "n:N")
	in := &ReportInput{TableName: "Orders"}
	if _, err := Report.Call(t.Context(), env, in); err == nil || !strings.Contains(err.Error(), `contributor insights of the table "Orders" are off`) {
		t.Errorf("while they are off: %v", err)
	}
	optest.Call(t, env, Update, `{"table_name":"Orders","contributor_insights_action":"ENABLE"}`)
	out, err := Report.Call(t.Context(), env, in)
	if err != nil || out.Contributors == nil || len(out.Contributors) != 0 {
		t.Errorf("before anything is counted: %+v, %v", out, err)
	}
	for i := range 12 {
		key := "quiet"
		if i%4 != 0 {
			key = "busy"
		}
		optest.Call(t, env, item.Put, fmt.Sprintf(`{"table_name":"Orders","item":{"pk":{"S":%q},"n":{"N":"%d"}}}`, key, i%2))
	}
	out, err = Report.Call(t.Context(), env, &ReportInput{TableName: "Orders", Hours: new(int32(1)), Top: new(int32(1))})
	if err != nil || len(out.Contributors) != 2 {
		t.Fatalf("%+v, %v", out, err)
	}
	if got := out.Contributors[0]; got != (Contributor{Counted: "accesses", PartitionKey: "busy", Count: 27, Total: 36, Percent: 75, Keys: 2}) {
		t.Errorf("the busiest partition: %+v", got)
	}
	if got := out.Contributors[1]; got.PartitionKey != "busy" || got.SortKey != "1" || got.Count != 18 || got.Keys != 3 {
		t.Errorf("the busiest item: %+v", got)
	}
	for _, wrong := range []ReportInput{{TableName: "Orders", Hours: new(int32(25))}, {TableName: "Orders", Hours: new(int32(0))}, {TableName: "Orders", Top: new(int32(26))}} {
		if _, err := Report.Call(t.Context(), env, &wrong); err == nil || !strings.Contains(err.Error(), "is not 1 to") {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	if _, err := Report.Call(t.Context(), env, &ReportInput{TableName: "Nothing"}); err == nil {
		t.Error("of no table")
	}
	denied := *env
	denied.Tables = []string{"dev-*"}
	if _, err := Report.Call(t.Context(), &denied, in); err == nil || !strings.Contains(err.Error(), "allow") {
		t.Errorf("beyond the allow-list: %v", err)
	}
}
