package mcp

import (
	"encoding/json"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/ops"
)

// maxDefaultBytes is what tools/list of the default set may cost: every model
// pays for it on every request. awslabs.dynamodb-mcp-server 1.0.3 took 34,952
// bytes for 30 tools without titles, hints or output schemas.
const maxDefaultBytes = 22_500

// listedTools is what a client gets from tools/list.
func listedTools(t *testing.T, o Options) []mcp.Tool {
	t.Helper()
	o.Operations, o.Version = ops.All, "test"
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ready(); err != nil {
		t.Fatal(err)
	}
	var list struct{ Tools []mcp.Tool }
	for _, operation := range s.Operations() {
		list.Tools = append(list.Tools, s.server.GetTool(operation.Spec().Tool).Tool)
	}
	return list.Tools
}

func TestDefaultSetIsWithinBudget(t *testing.T) {
	tools := listedTools(t, Options{})
	for _, tool := range tools {
		text, err := json.Marshal(tool)
		if err != nil {
			t.Fatal(err)
		}
		output := len(tool.RawOutputSchema)
		t.Logf("%6d bytes  %-28s (input schema %d, output schema %d)", len(text), tool.Name, len(tool.RawInputSchema), output)
	}
	whole, err := json.Marshal(mcp.ListToolsResult{Tools: tools})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%6d bytes  tools/list of %d tools; %d are left", len(whole), len(tools), maxDefaultBytes-len(whole))
	if len(whole) > maxDefaultBytes {
		t.Errorf("tools/list of the default set takes %d bytes, the budget is %d: shorten descriptions, leave parameters out with mcp:\"-\", or move a tool out of the default set", len(whole), maxDefaultBytes)
	}
}
