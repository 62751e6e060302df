package mcp

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
)

func TestScanGuardOverMCP(t *testing.T) {
	for mode, want := range map[string]string{op.ScanWarn: `"warnings": [`, op.ScanEnforce: `"code": "ScanBudget"`} {
		c := localClient(t, func(o *Options) { remote(o); o.Env.Scans = &op.ScanGuard{Mode: mode, Units: 1} })
		library(t, c, 10)
		text := textOf(t, callTool(t.Context(), t, c, "scan", `{"table_name":"books"}`))
		if !strings.Contains(text, want) || !strings.Contains(text, "read units") || !json.Valid([]byte(text)) {
			t.Errorf("%s: %.800s", mode, text)
		}
		// What was read before the budget was spent is given, with the key to go on from.
		text = textOf(t, callTool(t.Context(), t, c, "scan", `{"table_name":"books","limit":2,"max_items":10}`))
		if mode == op.ScanEnforce && (!strings.Contains(text, `"Items": [`) || !strings.Contains(text, "has taken") || strings.Contains(text, `"LastEvaluatedKey": null`)) {
			t.Errorf("%s, page by page: %.3000s", mode, text)
		}
	}
}

// A page that was cut suggests a projection that can be used as it stands.
func TestProjectionIsSuggested(t *testing.T) {
	c := localClient(t, func(o *Options) { o.MaxResultBytes = 3000 })
	library(t, c, 10)
	text := textOf(t, callTool(t.Context(), t, c, "scan", `{"table_name":"books"}`))
	var cut struct {
		Suggested projection `json:"suggested_projection"`
	}
	if err := json.Unmarshal([]byte(text), &cut); err != nil || cut.Suggested.Expression == "" {
		t.Fatalf("no suggestion (%v) in %.3000s", err, text)
	}
	for _, name := range cut.Suggested.Names {
		if name == "text" {
			t.Error("the largest attribute is in the suggestion")
		}
	}
	arguments, err := json.Marshal(map[string]any{"table_name": "books", "projection_expression": cut.Suggested.Expression, "expression_attribute_names": cut.Suggested.Names})
	if err != nil {
		t.Fatal(err)
	}
	result := callTool(t.Context(), t, c, "scan", string(arguments))
	if again := textOf(t, result); result.IsError || strings.Contains(again, "suggested_projection") {
		t.Errorf("the suggestion, used: %.800s", again)
	}
}
