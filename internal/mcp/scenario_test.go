package mcp

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// step is one call of a scenario and what must hold of its result.
type step struct {
	tool string
	args string // JSON; ${name} is a value saved before
	// want maps paths into the result ("Items.0.pk.S", "Items.#" for a length)
	// to their values; nil is an explicit null. For an error the paths lead
	// into its "error".
	want map[string]any
	fail string // the error's code; empty for success
	// save keeps values of the result under names for later steps.
	save map[string]string
}

func (s step) name(i int) string {
	name := fmt.Sprintf("%02d %s", i+1, s.tool)
	if s.fail != "" {
		name += " fails with " + s.fail
	}
	return name
}

// scenario runs steps in order against one server and checks what holds of
// every result: the text is the structured content indented, which fits the
// tool's output schema and has the members the contract lists.
type scenario struct {
	client  *client.Client
	tools   map[string]mcp.Tool
	members map[string][]string
	saved   map[string]string
}

func newScenario(t *testing.T, c *client.Client) *scenario {
	t.Helper()
	s := &scenario{client: c, tools: map[string]mcp.Tool{}, members: map[string][]string{}, saved: map[string]string{}}
	list, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range list.Tools {
		s.tools[tool.Name] = tool
	}
	for _, c := range readContract(t) {
		s.members[c.Tool] = c.members()
	}
	return s
}

func (s *scenario) run(t *testing.T, steps []step) {
	t.Helper()
	for i, step := range steps {
		ok := t.Run(step.name(i), func(t *testing.T) {
			args := step.args
			for name, value := range s.saved {
				args = strings.ReplaceAll(args, "${"+name+"}", value)
			}
			result := s.call(t, step.tool, args)
			if step.fail != "" {
				checkFailure(t, step, result)
				return
			}
			data := s.checkSuccess(t, step.tool, result)
			checkPaths(t, step.want, data)
			for name, path := range step.save {
				value, ok := lookup(data, path)
				if !ok {
					t.Fatalf("nothing at %s to save", path)
				}
				s.saved[name] = fmt.Sprint(value)
			}
		})
		if !ok && step.save != nil {
			t.Fatal("the next steps need what this one gives")
		}
	}
}

func (s *scenario) call(t *testing.T, tool, args string) *mcp.CallToolResult {
	t.Helper()
	return callTool(t.Context(), t, s.client, tool, args)
}

func callTool(ctx context.Context, t *testing.T, c *client.Client, tool, args string) *mcp.CallToolResult {
	t.Helper()
	request := mcp.CallToolRequest{}
	request.Params.Name = tool
	if args != "" {
		request.Params.Arguments = json.RawMessage(args)
	}
	result, err := c.CallTool(ctx, request)
	if err != nil {
		t.Fatalf("%s %s: %v", tool, args, err)
	}
	return result
}

// textOf is the one block of text a result must have.
func textOf(t *testing.T, result *mcp.CallToolResult) string {
	t.Helper()
	if len(result.Content) != 1 {
		t.Fatalf("%d blocks of content, want one", len(result.Content))
	}
	text, ok := result.Content[0].(mcp.TextContent)
	if !ok {
		t.Fatalf("content is %T, want text", result.Content[0])
	}
	return text.Text
}

func (s *scenario) checkSuccess(t *testing.T, tool string, result *mcp.CallToolResult) any {
	t.Helper()
	text := textOf(t, result)
	if result.IsError {
		t.Fatalf("error: %s", text)
	}
	schema := s.tools[tool].RawOutputSchema
	if schema == nil {
		// mcp-go's client reads schemas into its own form; only a missing one
		// has no type.
		if typed, err := json.Marshal(s.tools[tool].OutputSchema); err == nil && s.tools[tool].OutputSchema.Type != "" {
			schema = typed
		}
	}
	if schema == nil {
		if result.StructuredContent != nil {
			t.Error("structured content without an output schema")
		}
		return text
	}
	data, err := jsonschema.UnmarshalJSON(strings.NewReader(string(result.RawStructuredContent)))
	if err != nil {
		t.Fatalf("structured content: %v", err)
	}
	again, err := json.MarshalIndent(result.RawStructuredContent, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if unescaped(string(again)) != unescaped(text) {
		t.Errorf("the text is not the structured content indented:\n%s\n%s", text, again)
	}
	validate(t, schema, data)
	object, _ := data.(map[string]any)
	for _, member := range s.members[tool] {
		if _, ok := object[member]; !ok {
			t.Errorf("the result lacks %s, which the contract lists: %s", member, text)
		}
	}
	return data
}

// unescaped undoes the escapes of encoding/json that wire does not write.
func unescaped(s string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(s)
}

func validate(t *testing.T, schema json.RawMessage, data any) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(schema)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("mem:///output", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("mem:///output")
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(data); err != nil {
		t.Errorf("the result does not fit the output schema: %v", err)
	}
}

func checkFailure(t *testing.T, step step, result *mcp.CallToolResult) {
	t.Helper()
	text := textOf(t, result)
	if !result.IsError {
		t.Fatalf("no error but %s", text)
	}
	if result.StructuredContent != nil || len(result.RawStructuredContent) > 0 {
		t.Error("an error must have no structured content")
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("the error is not JSON: %v\n%s", err, text)
	}
	failed, _ := lookup(doc, "error")
	object, ok := failed.(map[string]any)
	if !ok {
		t.Fatalf("no error in %s", text)
	}
	for _, key := range []string{"code", "message", "hint", "retryable", "request_id"} {
		if _, ok := object[key]; !ok {
			t.Errorf("the error lacks %s: %s", key, text)
		}
	}
	if object["code"] != step.fail {
		t.Errorf("code %v, want %s: %s", object["code"], step.fail, text)
	}
	checkPaths(t, step.want, failed)
}

// checkPaths compares what stands at paths. A wanted string that ends with an
// ellipsis has only to be contained.
func checkPaths(t *testing.T, want map[string]any, data any) {
	t.Helper()
	for path, wanted := range want {
		got, ok := lookup(data, path)
		if !ok {
			t.Errorf("%s is missing; want %v", path, wanted)
			continue
		}
		if text, isText := wanted.(string); isText && strings.HasSuffix(text, "…") {
			if !strings.Contains(fmt.Sprint(got), strings.TrimSuffix(text, "…")) {
				t.Errorf("%s is %v, want something with %q", path, got, text)
			}
			continue
		}
		if fmt.Sprint(got) != fmt.Sprint(wanted) {
			t.Errorf("%s is %v, want %v", path, got, wanted)
		}
	}
}

func lookup(data any, path string) (any, bool) {
	for part := range strings.SplitSeq(path, ".") {
		switch v := data.(type) {
		case map[string]any:
			next, ok := v[part]
			if !ok {
				return nil, false
			}
			data = next
		case []any:
			if part == "#" {
				data = len(v)
				continue
			}
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			data = v[i]
		default:
			return nil, false
		}
	}
	return data, true
}
