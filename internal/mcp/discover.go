package mcp

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/ddb-cli/ddb/internal/nearest"
	"github.com/ddb-cli/ddb/internal/op"
)

// The tools of discovery mode. They stand for all others, so that tools/list costs a model little; a call through
// call_tool meets the same gates as one by name.
const (
	searchToolsTool  = "search_tools"
	describeToolTool = "describe_tool"
	callToolTool     = "call_tool"
)

const discoverAdvice = `
This server lists three tools that stand for all of DynamoDB: find tools with search_tools, read their parameters with describe_tool, and run them with call_tool.`

// discoveryTools are the three tools, over the operations a server reaches.
func (s *Server) discoveryTools() []server.ServerTool {
	readOnly := s.env != nil && s.env.ReadOnly
	reads := mcp.ToolAnnotation{ReadOnlyHint: new(true), DestructiveHint: new(false), IdempotentHint: new(true), OpenWorldHint: new(false)}
	search, one, call := reads, reads, mcp.ToolAnnotation{
		Title: "Call a tool", ReadOnlyHint: new(readOnly), DestructiveHint: new(!readOnly), IdempotentHint: new(readOnly), OpenWorldHint: new(false),
	}
	search.Title, one.Title = "Search tools", "Describe a tool"
	list := []server.ServerTool{
		{
			Tool: discoveryTool(searchToolsTool, "Find DynamoDB tools by words of what is to be done; without a query all names by toolset",
				`{"type":"object","properties":{"query":{"type":"string"}}}`, search),
			Handler: s.discovery(s.searchTools),
		},
		{
			Tool: discoveryTool(describeToolTool, "Show a tool's description and parameters",
				`{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}`, one),
			Handler: s.discovery(s.describeTool),
		},
		{
			Tool: discoveryTool(callToolTool, "Call a tool by name with its arguments",
				`{"type":"object","properties":{"name":{"type":"string"},"arguments":{"type":"object"}},"required":["name"]}`, call),
			Handler: s.discovery(s.callTool),
		},
	}
	return list
}

func discoveryTool(name, description, schema string, hints mcp.ToolAnnotation) mcp.Tool {
	tool := mcp.NewToolWithRawSchema(name, description, json.RawMessage(schema))
	tool.Annotations = hints
	return tool
}

// discoveryArguments are those of all three tools.
type discoveryArguments struct {
	Query     string          `json:"query"`
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments"`
}

func (s *Server) discovery(run func(context.Context, discoveryArguments, mcp.CallToolRequest) (*mcp.CallToolResult, error)) server.ToolHandlerFunc {
	return func(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		var in discoveryArguments
		raw, err := rawArguments(request)
		if err == nil && len(raw) > 0 {
			err = json.Unmarshal(raw, &in)
			if err != nil {
				err = op.Invalid("the arguments cannot be read: "+err.Error(), `they are an object such as {"name": "get_item", "arguments": {…}}`)
			}
		}
		if err != nil {
			return s.errorResult(err), nil
		}
		result, err := run(ctx, in, request)
		if err != nil {
			return s.errorResult(err), nil
		}
		return result, nil
	}
}

// found is a tool as search_tools shows it.
type found struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Toolset     string `json:"toolset"`
	Effect      string `json:"effect"`
}

// maxFound is how many tools a search shows; more words show fewer.
const maxFound = 12

func (s *Server) searchTools(_ context.Context, in discoveryArguments, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	words := strings.Fields(strings.ToLower(strings.ReplaceAll(in.Query, "_", " ")))
	if len(words) == 0 {
		sets := map[string][]string{}
		for _, o := range s.operations {
			sets[o.Spec().Toolset] = append(sets[o.Spec().Toolset], o.Spec().Tool)
		}
		return indented(map[string]any{"toolsets": sets})
	}
	type hit struct {
		found
		score int
	}
	var hits []hit
	for _, o := range s.operations {
		spec := o.Spec()
		if n := relevance(spec, words); n > 0 {
			hits = append(hits, hit{found{spec.Tool, spec.Short, spec.Toolset, spec.Effect.String()}, n})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return b.score - a.score })
	list := make([]found, 0, maxFound)
	for _, h := range hits[:min(len(hits), maxFound)] {
		list = append(list, h.found)
	}
	return indented(map[string]any{"tools": list, "matches": len(hits)})
}

// relevance counts a word in the name three times, in the description twice and elsewhere once. The last letter of a longer
// word need not fit, so that "tables" finds a table.
func relevance(spec op.Spec, words []string) int {
	n := 0
	name, short, rest := strings.ToLower(spec.Tool), strings.ToLower(spec.Short), strings.ToLower(spec.Title+" "+spec.Toolset+" "+spec.API+" "+spec.Long)
	for _, w := range words {
		if len(w) > 4 {
			w = strings.TrimSuffix(w, "s")
		}
		switch {
		case strings.Contains(name, w):
			n += 3
		case strings.Contains(short, w):
			n += 2
		case strings.Contains(rest, w):
			n++
		}
	}
	return n
}

func (s *Server) describeTool(_ context.Context, in discoveryArguments, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	o, err := s.reach(in.Name)
	if err != nil {
		return nil, err
	}
	tool, err := s.describe(o)
	if err != nil {
		return nil, err
	}
	tool.RawOutputSchema = nil
	return indented(tool)
}

func (s *Server) callTool(ctx context.Context, in discoveryArguments, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	o, err := s.reach(in.Name)
	if err != nil {
		return nil, err
	}
	arguments := in.Arguments
	var text string
	if json.Unmarshal(arguments, &text) == nil { // some clients send an object as text
		arguments = json.RawMessage(text)
	}
	request.Params.Name, request.Params.RawArguments, request.Params.Arguments = in.Name, arguments, arguments
	return s.handler(o)(ctx, request)
}

// reach finds a tool among those the server was started with.
func (s *Server) reach(name string) (op.Operation, error) {
	for _, o := range s.operations {
		if o.Spec().Tool == name {
			return o, nil
		}
	}
	message, hint := "tool "+shown(name)+" not found", "find tools with "+searchToolsTool
	if why := s.withheld(name); why != "" {
		message += ": " + why
	} else if near := nearest.Name(name, s.toolNames()); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return nil, op.Invalid(message, hint)
}

func indented(v any) (*mcp.CallToolResult, error) {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the result: %w", err)
	}
	return mcp.NewToolResultText(string(text)), nil
}
