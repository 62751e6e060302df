package mcp

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/op"
)

// Listed is a tool as a client sees it in tools/list, in short.
type Listed struct {
	Tool    string `json:"Tool"`
	Toolset string `json:"Toolset"`
	Effect  string `json:"Effect"` // read, write or destroy
	Title   string `json:"Title"`
	Bytes   int    `json:"Bytes"` // of its entry: what it costs every request of a model
}

// Tools lists what the server offers, in the order of the registry.
func (s *Server) Tools() ([]Listed, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	if s.discover {
		return s.discovered()
	}
	list := make([]Listed, len(s.operations))
	for i, o := range s.operations {
		spec := o.Spec()
		entry, err := json.Marshal(s.server.GetTool(spec.Tool).Tool)
		if err != nil {
			return nil, fmt.Errorf("tool %s: %w", spec.Tool, err)
		}
		list[i] = Listed{spec.Tool, spec.Toolset, spec.Effect.String(), spec.Title, len(entry)}
	}
	return list, nil
}

// discovered lists the tools of discovery mode.
func (s *Server) discovered() ([]Listed, error) {
	var list []Listed
	for _, tool := range s.discoveryTools() {
		entry, err := json.Marshal(tool.Tool)
		if err != nil {
			return nil, fmt.Errorf("tool %s: %w", tool.Tool.Name, err)
		}
		effect := op.Read
		if *tool.Tool.Annotations.DestructiveHint {
			effect = op.Destroy
		}
		list = append(list, Listed{tool.Tool.Name, "discovery", effect.String(), tool.Tool.Annotations.Title, len(entry)})
	}
	return list, nil
}

// Call calls a tool as a client would, by way of the protocol, and gives the
// text of its result. failed says that the result is an error. err is for what
// is no result at all: a tool the server does not offer.
func (s *Server) Call(ctx context.Context, tool string, arguments json.RawMessage) (text string, failed bool, err error) {
	if err := s.ready(); err != nil {
		return "", false, err
	}
	if len(arguments) == 0 {
		arguments = json.RawMessage("{}")
	}
	if !json.Valid(arguments) {
		return "", false, op.Invalid("the arguments are not JSON", `write them as {"table_name": "orders"}`)
	}
	params, err := json.Marshal(map[string]any{"name": tool, "arguments": arguments})
	if err != nil {
		return "", false, err
	}
	if f := s.checkCall(params); f != nil {
		return "", false, op.Invalid(f.message, "see the tools with: ddb mcp tools")
	}
	line := fmt.Appendf(nil, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":%s}`, params)
	switch answer := s.server.HandleMessage(ctx, line).(type) {
	case mcp.JSONRPCResponse:
		result, ok := answer.Result.(*mcp.CallToolResult)
		if !ok || len(result.Content) == 0 {
			return "", false, fmt.Errorf("the tool gave %T and no content", answer.Result)
		}
		return mcp.GetTextFromContent(result.Content[0]), result.IsError, nil
	case mcp.JSONRPCError:
		return "", false, op.Invalid(answer.Error.Message, "")
	default:
		return "", false, fmt.Errorf("the server gave %T", answer)
	}
}
