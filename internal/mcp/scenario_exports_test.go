package mcp

import (
	"slices"
	"testing"
)

// exportSteps put a table into the directory that stands for S3, and look for it.
var exportSteps = []step{
	{
		tool: "create_table",
		args: `{"table_name":"exported","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],"billing_mode":"PAY_PER_REQUEST"}`,
		save: map[string]string{"source": "TableArn"},
	},
	{tool: "put_item", args: `{"table_name":"exported","item":{"pk":{"S":"a"}}}`},
	{tool: "update_continuous_backups", args: `{"table_name":"exported","point_in_time_recovery_enabled":true}`},
	{tool: "export_table_to_point_in_time", args: `{"table_arn":"${source}","s3_bucket":"exports"}`, save: map[string]string{"export": "ExportArn"}},
	{tool: "describe_export", args: `{"export_arn":"${export}"}`, want: map[string]any{"TableArn": "table/exported…", "S3Bucket": "exports"}},
	{tool: "list_exports", args: `{"table_arn":"${source}","max_results":5}`, want: map[string]any{"ExportSummaries.#": 1, "NextToken": nil}},
	{tool: "list_imports", args: `{}`, want: map[string]any{"ImportSummaryList.#": 0, "NextToken": nil}},
	{tool: "delete_table", args: `{"table_name":"exported"}`},
}

func TestExportsInProcess(t *testing.T) {
	c := localClient(t, func(o *Options) { o.Toolsets = []string{toolsetAll} })
	newScenario(t, c).run(t, exportSteps)
}

// TestScenarioCallsEveryTool keeps the scenario complete.
func TestScenarioCallsEveryTool(t *testing.T) {
	var called []string
	for _, s := range slices.Concat(contractSteps, exportSteps) {
		if s.fail == "" {
			called = append(called, s.tool)
		}
	}
	for _, c := range readContract(t) {
		if !slices.Contains(called, c.Tool) {
			t.Errorf("no step calls %s", c.Tool)
		}
	}
}
