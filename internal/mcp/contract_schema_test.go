package mcp

import (
	"encoding/json"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
)

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
