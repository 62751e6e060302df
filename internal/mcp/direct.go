package mcp

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/mark3labs/mcp-go/mcp"
)

// direct answers a call of a tool that only reads by the tool's own handler. mcp-go decodes a message three times on the way
// there, arguments included, to find what a plain call of the protocol with a handshake has none of: protocol and
// capabilities in _meta, tasks, answers to questions. With any of these, and for whatever may change something, and so may
// have to ask first, ok is false and the message goes mcp-go's way. Gates, log and errors are the handler's either way.
func (t *stdio) direct(ctx context.Context, env envelope) (response mcp.JSONRPCMessage, ok bool) {
	if env.Method != string(mcp.MethodToolsCall) || env.JSONRPC != mcp.JSONRPC_VERSION {
		return nil, false
	}
	for _, more := range []string{`"_meta"`, `"task"`, `"requestState"`, `"inputResponses"`, `\u`} { // an escape may hide one of them
		if bytes.Contains(env.Params, []byte(more)) {
			return nil, false
		}
	}
	var call struct {
		Name      string          `json:"name"`
		Arguments json.RawMessage `json:"arguments"`
	}
	if json.Unmarshal(env.Params, &call) != nil {
		return nil, false
	}
	tool := t.server.GetTool(call.Name)
	if tool == nil || tool.Tool.Annotations.ReadOnlyHint == nil || !*tool.Tool.Annotations.ReadOnlyHint {
		return nil, false
	}
	request := mcp.CallToolRequest{}
	request.Method = string(mcp.MethodToolsCall)
	request.Params.Name, request.Params.RawArguments = call.Name, call.Arguments
	result, err := tool.Handler(ctx, request)
	if err != nil {
		return rpcError(env.ID, mcp.INTERNAL_ERROR, "Internal error: "+err.Error()), true
	}
	return mcp.JSONRPCResponse{JSONRPC: mcp.JSONRPC_VERSION, Result: result}, true
}
