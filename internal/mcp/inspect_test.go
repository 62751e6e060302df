package mcp

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/dynamo"
	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

func TestToolIsCalledFromAShell(t *testing.T) {
	e, err := engine.Open(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	factory := dynamo.New(t.Context(), dynamo.Config{Local: e.Handler()})
	s, err := New(Options{Operations: ops.All, Env: &op.Env{Clients: factory.Clients, Explain: factory.Explain}, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, tool, args string
		failed           bool
		text, problem    string
	}{
		{name: "a result", tool: "list_tables", text: `"TableNames": []`},
		{name: "an error", tool: "describe_table", args: `{"table_name":"orders"}`, failed: true, text: "ResourceNotFoundException"},
		{name: "unknown tool", tool: "lst_tables", problem: `did you mean "list_tables"?`},
		{name: "a tool left out", tool: "batch_get_item", problem: `it is in the toolset "item"`},
		{name: "broken arguments", tool: "list_tables", args: `{`, problem: "not JSON"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text, failed, err := s.Call(t.Context(), c.tool, json.RawMessage(c.args))
			var refused *op.Error
			switch {
			case c.problem != "":
				if !errors.As(err, &refused) || !strings.Contains(refused.Message, c.problem) {
					t.Errorf("error %v, want one with %q", err, c.problem)
				}
			case err != nil || failed != c.failed || !strings.Contains(text, c.text):
				t.Errorf("%q, failed %v, error %v; want %q", text, failed, err, c.text)
			}
		})
	}
}

// TestToolsAddUp keeps the figures of `ddb mcp tools` those of the protocol.
func TestToolsAddUp(t *testing.T) {
	s, err := New(Options{Operations: ops.All, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	tools, err := s.Tools()
	if err != nil {
		t.Fatal(err)
	}
	sum := len(`{"tools":[]}`) + len(tools) - 1
	for _, tool := range tools {
		sum += tool.Bytes
	}
	answer, err := json.Marshal(s.server.HandleMessage(t.Context(), json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)))
	if err != nil {
		t.Fatal(err)
	}
	if frame := len(`{"jsonrpc":"2.0","id":1,"result":}`); sum != len(answer)-frame {
		t.Errorf("the tools add up to %d bytes, and tools/list takes %d", sum, len(answer)-frame)
	}
}
