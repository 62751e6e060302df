package mcp

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

// contractTool is one entry of testdata/contract-1.0.3.json: the facts of a tool
// of awslabs.dynamodb-mcp-server 1.0.3 that clients rely on.
type contractTool struct {
	Tool       string
	Parameters map[string]struct {
		Type     json.RawMessage
		Required bool
	}
	Result json.RawMessage
}

func readContract(t *testing.T) []contractTool {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "contract-1.0.3.json"))
	if err != nil {
		t.Fatal(err)
	}
	var tools []contractTool
	if err := json.Unmarshal(data, &tools); err != nil {
		t.Fatal(err)
	}
	return tools
}

// members are the top-level keys the contract lists for a result, nil where it
// names a whole structure instead.
func (c contractTool) members() []string {
	var list []string
	if json.Unmarshal(c.Result, &list) != nil {
		return nil
	}
	for i := range list {
		list[i], _, _ = strings.Cut(list[i], " ")
	}
	return list
}

// beyondContract are parameters 1.0.3 did not have that every client is shown,
// with the reason each is worth its bytes; the test logs how many those are.
var beyondContract = map[string]string{
	"update_item.return_values": "without it a model must read the item back to see what its expression did",
	"get_item.format":           "plain JSON takes less than half the context",
	"query.format":              "plain JSON takes less than half the context",
	"query.max_items":           "as many items as are wanted in one call, over as many pages as that takes",
	"scan.format":               "plain JSON takes less than half the context",
	"scan.max_items":            "as many items as are wanted in one call, over as many pages as that takes",
}

func TestToolsKeepTheContract(t *testing.T) {
	served := map[string]mcp.Tool{}
	for _, tool := range listedTools(t, Options{}) {
		served[tool.Name] = tool
	}
	for _, c := range readContract(t) {
		t.Run(c.Tool, func(t *testing.T) {
			tool, ok := served[c.Tool]
			if !ok {
				t.Fatal("not in the default set")
			}
			delete(served, c.Tool)
			input := parseSchema(t, tool.RawInputSchema)
			for name, want := range c.Parameters {
				p, ok := input.Properties[name]
				if !ok {
					t.Errorf("parameter %s is missing", name)
					continue
				}
				if required := slices.Contains(input.Required, name); required && !want.Required {
					t.Errorf("parameter %s is required, and is optional in 1.0.3", name)
				}
				var kind any
				if err := json.Unmarshal(want.Type, &kind); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(kind, narrowed(kind, sketch(p, input))); diff != "" {
					t.Errorf("parameter %s (-contract +tool):\n%s", name, diff)
				}
			}
			checkNewParameters(t, c, tool)
			checkResultSchema(t, c, tool)
		})
	}
	delete(served, "whoami")
	for name := range served {
		t.Errorf("%s is in the default set, which is the contract's tools and whoami", name)
	}
}

func TestEveryToolIsDescribed(t *testing.T) {
	tools := listedTools(t, Options{Toolsets: []string{toolsetAll}})
	specs := map[string]op.Spec{}
	for _, o := range ops.All {
		specs[o.Spec().Tool] = o.Spec()
	}
	for _, tool := range tools {
		t.Run(tool.Name, func(t *testing.T) {
			spec := specs[tool.Name]
			a := tool.Annotations
			switch {
			case tool.Description == "" || a.Title == "":
				t.Error("no description or no title")
			case a.ReadOnlyHint == nil || a.DestructiveHint == nil || a.IdempotentHint == nil || a.OpenWorldHint == nil:
				t.Error("a hint is missing")
			case *a.ReadOnlyHint != (spec.Effect == op.Read), *a.DestructiveHint != (spec.Effect == op.Destroy):
				t.Errorf("hints %v/%v do not agree with the effect %v", *a.ReadOnlyHint, *a.DestructiveHint, spec.Effect)
			}
			for kind, raw := range map[string]json.RawMessage{"input": tool.RawInputSchema, "output": tool.RawOutputSchema} {
				if raw == nil {
					continue
				}
				doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
				if err != nil {
					t.Fatal(err)
				}
				compiler := jsonschema.NewCompiler()
				if err := compiler.AddResource("mem:///"+kind, doc); err != nil {
					t.Fatal(err)
				}
				if _, err := compiler.Compile("mem:///" + kind); err != nil {
					t.Errorf("the %s schema does not compile: %v", kind, err)
				}
				// Clients of several model makers refuse a tool whose schema
				// is no object at the top, or has anyOf there.
				if s := parseSchema(t, raw); s.Type != "object" || s.AnyOf != nil || s.Ref != "" {
					t.Errorf("the %s schema is no plain object at the top: %s", kind, raw)
				}
			}
			for name, p := range parseSchema(t, tool.RawInputSchema).Properties {
				if len(p.Description) > 40 {
					t.Errorf("the description of %s has %d characters, more than 40", name, len(p.Description))
				}
			}
		})
	}
}
