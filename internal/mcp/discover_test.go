package mcp

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

// maxDiscoverBytes is what tools/list may cost in discovery mode.
const maxDiscoverBytes = 4_000

func TestDiscovery(t *testing.T) {
	c := localClient(t, func(o *Options) { o.Discover = true })
	list, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Tools) != 3 || len(text) > maxDiscoverBytes {
		t.Errorf("%d tools in %d bytes; three in at most %d are wanted", len(list.Tools), len(text), maxDiscoverBytes)
	}
	for _, k := range []struct{ tool, args, want string }{
		{searchToolsTool, `{"query":"point in time recovery"}`, `"update_continuous_backups"`},
		{searchToolsTool, `{"query":"tables"}`, `"list_tables"`},
		{searchToolsTool, `{}`, `"search_vectors"`},
		{searchToolsTool, `{"query":"weather"}`, `"matches": 0`},
		{describeToolTool, `{"name":"get_item"}`, `"projection_expression"`},
		{callToolTool, `{"name":"create_table","arguments":` + shop + `}`, `"TableName": "shop"`},
		{callToolTool, `{"name":"list_tables"}`, `"shop"`},
		{callToolTool, `{"name":"list_tables","arguments":"{\"limit\":1}"}`, `"shop"`},
	} {
		result := callTool(t.Context(), t, c, k.tool, k.args)
		if text := textOf(t, result); result.IsError || !strings.Contains(text, k.want) {
			t.Errorf("%s %s: no %s in %s", k.tool, k.args, k.want, text)
		}
	}
	for _, k := range []struct{ tool, args, want string }{
		{callToolTool, `{"name":"get_itm"}`, `did you mean \"get_item\"?`},
		{describeToolTool, `{"name":"nothing_like_it"}`, "find tools with search_tools"},
		{callToolTool, `{"name":"describe_table","arguments":{"table_name":"shop","kee":1}}`, "unknown argument"},
		{callToolTool, `["shop"]`, "the arguments cannot be read"},
	} {
		result := callTool(t.Context(), t, c, k.tool, k.args)
		if text := textOf(t, result); !result.IsError || !strings.Contains(text, k.want) {
			t.Errorf("%s %s: no error with %s but %s", k.tool, k.args, k.want, text)
		}
	}
}

// What call_tool answers is what the tool itself does, structured content and all.
func TestDiscoveryAnswersAsTheToolDoes(t *testing.T) {
	direct, found := localClient(t, nil), localClient(t, func(o *Options) { o.Discover = true })
	for _, args := range []string{`{"limit":5}`, `{"limit":-1}`} {
		want := callTool(t.Context(), t, direct, "list_tables", args)
		got := callTool(t.Context(), t, found, callToolTool, `{"name":"list_tables","arguments":`+args+`}`)
		wantText, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		gotText, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if normal := ids.ReplaceAllString(string(gotText), "ID"); normal != ids.ReplaceAllString(string(wantText), "ID") {
			t.Errorf("%s: %s; want %s", args, gotText, wantText)
		}
		if !want.IsError && got.StructuredContent == nil {
			t.Errorf("%s: no structured content", args)
		}
	}
}

var ids = regexp.MustCompile(`[A-Z0-9]{52}`) // of requests

// A call by way of call_tool meets the gate like any other, for every tool.
func TestDiscoveryMeetsTheGate(t *testing.T) {
	c := localClient(t, func(o *Options) { o.Discover, o.Env.ReadOnly = true, true })
	limited := localClient(t, func(o *Options) { o.Discover, o.Env.Tables = true, []string{"dev-*"} })
	for _, o := range ops.All {
		spec := o.Spec()
		args := readOnlyArguments[spec.Tool]
		if args == "" {
			args = argumentsFor(t, o)
		}
		text := textOf(t, callTool(t.Context(), t, c, callToolTool, fmt.Sprintf(`{"name":%q,"arguments":%s}`, spec.Tool, args)))
		in, err := o.Decode(json.RawMessage(args))
		if err != nil {
			t.Fatal(err)
		}
		if refused := strings.Contains(text, "Mutation not allowed"); refused != (o.EffectOf(in) != op.Read) {
			t.Errorf("%s in read-only mode: %.200s", spec.Tool, text)
		}
	}
	result := callTool(t.Context(), t, limited, callToolTool, `{"name":"describe_table","arguments":{"table_name":"prod"}}`)
	if text := textOf(t, result); !result.IsError || !strings.Contains(text, op.CodeTableNotAllowed) {
		t.Errorf("outside the allow-list: %s", text)
	}
}

// toolsetBytes are the most a toolset may take in tools/list, so that what a tool costs is decided and not found out later.
var toolsetBytes = map[string]int{
	"item": 10_400, "partiql": 2_300, "table": 7_950, "backup": 6_150, "export": 6_600, "access": 3_000, "stream": 2_400, "vector": 900,
	"bulk": 2_750, "kinesis": 2_950, "insights": 2_750, "replica": 7_100, "account": 1_550, "modeling": 300, "overview": 950, "wait": 900,
}

func TestToolsetsAreWithinBudget(t *testing.T) {
	sums := map[string]int{}
	s, err := New(Options{Operations: ops.All, Version: "test", Toolsets: []string{toolsetAll}})
	if err != nil {
		t.Fatal(err)
	}
	tools, err := s.Tools()
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range tools {
		sums[tool.Toolset] += tool.Bytes
	}
	for name, n := range sums {
		if n > toolsetBytes[name] {
			t.Errorf("the toolset %s takes %d bytes, its budget is %d", name, n, toolsetBytes[name])
		}
	}
}
