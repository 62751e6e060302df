package mcp

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sort"
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

// schemaNode is what the tests look at of a JSON schema.
type schemaNode struct {
	Ref                  string                 `json:"$ref"`
	Defs                 map[string]*schemaNode `json:"$defs"`
	Type                 any
	Enum                 []string
	Properties           map[string]*schemaNode
	Required             []string
	Items                *schemaNode
	AnyOf                []*schemaNode
	AdditionalProperties json.RawMessage
	Description          string
}

func (s *schemaNode) resolve(root *schemaNode) *schemaNode {
	for s != nil && s.Ref != "" {
		s = root.Defs[strings.TrimPrefix(s.Ref, "#/$defs/")]
	}
	return s
}

// sketch writes a schema in the words of the contract file.
func sketch(s, root *schemaNode) any {
	s = s.resolve(root)
	switch {
	case s == nil:
		return "missing"
	case len(s.AnyOf) > 0:
		var kinds []any
		for _, a := range s.AnyOf {
			kinds = append(kinds, sketch(a, root))
		}
		return map[string]any{"anyOf": kinds}
	case len(s.Enum) > 0:
		var values []any
		for _, v := range s.Enum {
			values = append(values, v)
		}
		return map[string]any{"enum": values}
	case s.Type == "array":
		return map[string]any{"array": sketch(s.Items, root)}
	case s.Type == "object" && s.Properties != nil:
		properties := map[string]any{}
		for name, p := range s.Properties {
			properties[name] = sketch(p, root)
		}
		required := []any{}
		for _, r := range s.Required {
			required = append(required, r)
		}
		return map[string]any{"object": properties, "required": required}
	case s.Type == "object" && len(s.AdditionalProperties) > 0:
		var values schemaNode
		if json.Unmarshal(s.AdditionalProperties, &values) == nil {
			return map[string]any{"map": sketch(&values, root)}
		}
	}
	return s.Type
}

func parseSchema(t *testing.T, raw []byte) *schemaNode {
	t.Helper()
	s := &schemaNode{}
	if err := json.Unmarshal(raw, s); err != nil {
		t.Fatalf("schema: %v", err)
	}
	return s
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

// checkNewParameters finds the parameters that are not in the contract.
func checkNewParameters(t *testing.T, c contractTool, tool mcp.Tool) {
	t.Helper()
	var schema struct{ Properties map[string]json.RawMessage }
	if err := json.Unmarshal(tool.RawInputSchema, &schema); err != nil {
		t.Fatal(err)
	}
	for name, p := range schema.Properties {
		if _, ok := c.Parameters[name]; ok {
			continue
		}
		reason := beyondContract[c.Tool+"."+name]
		if reason == "" {
			t.Errorf("parameter %s is not in the contract: tag it mcp:\"-\", or list it in beyondContract with what it is worth", name)
			continue
		}
		t.Logf("%d bytes beyond the contract: %s.%s, since %s", len(name)+len(p)+len(`"":,`), c.Tool, name, reason)
	}
}

// narrowed takes away from a sketch of a tool's parameter what may be more than
// the contract says: values the service has added to an enumeration since, and
// what the members of a map are.
func narrowed(contract, tool any) any {
	want, ok := contract.(map[string]any)
	got, isMap := tool.(map[string]any)
	switch {
	case isMap && got["map"] != nil && contract == "object":
		return contract
	case !ok || !isMap:
		return tool
	case want["enum"] != nil && got["enum"] != nil:
		if containsAll(got["enum"].([]any), want["enum"].([]any)) {
			return contract
		}
		return tool
	}
	out := map[string]any{}
	for key, value := range got {
		out[key] = narrowed(want[key], value)
	}
	return out
}

func containsAll(all, some []any) bool {
	return !slices.ContainsFunc(some, func(v any) bool { return !slices.Contains(all, v) })
}

func checkResultSchema(t *testing.T, c contractTool, tool mcp.Tool) {
	t.Helper()
	members := c.members()
	if c.Tool == "dynamodb_data_modeling" {
		if tool.RawOutputSchema != nil {
			t.Error("the prompt is text and has no output schema")
		}
		return
	}
	output := parseSchema(t, tool.RawOutputSchema)
	if output.Type != "object" {
		t.Errorf("the output schema's type is %v, want object", output.Type)
	}
	for _, name := range members {
		if output.Properties[name] == nil {
			t.Errorf("the output schema lacks %s", name)
		}
	}
	if members != nil && len(output.Properties) != len(members) {
		extra := []string{}
		for name := range output.Properties {
			if !slices.Contains(members, name) {
				extra = append(extra, name)
			}
		}
		sort.Strings(extra)
		t.Logf("the output schema also has %s", strings.Join(extra, ", "))
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
