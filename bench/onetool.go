package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/mark3labs/mcp-go/mcp"
	mcpserver "github.com/mark3labs/mcp-go/server"
)

// serveOneTool is the yardstick for calls over MCP: mcp-go's own stdio server with one tool, written as its documentation
// shows. The tool looks an item up in a map and gives it as text and as structured content; there is no database.
func serveOneTool() error {
	var item map[string]any
	if err := json.Unmarshal([]byte(itemJSON(0)), &item); err != nil {
		return err
	}
	items := map[string]map[string]any{"Bench": item}
	s := mcpserver.NewMCPServer("one-tool", "1")
	s.AddTool(
		mcp.NewTool("get_item", mcp.WithDescription("Get one item by its primary key"), mcp.WithString("table_name", mcp.Required()), mcp.WithObject("key", mcp.Required())),
		func(_ context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			table, err := request.RequireString("table_name")
			if err != nil {
				return mcp.NewToolResultError(err.Error()), nil
			}
			key, ok := request.GetArguments()["key"].(map[string]any)
			if !ok || key["owner"] == nil || key["entry"] == nil {
				return mcp.NewToolResultError("the key is missing"), nil
			}
			found, ok := items[table]
			if !ok {
				return nil, errors.New("no such table")
			}
			result := map[string]any{"Item": found, "ConsumedCapacity": map[string]any{"TableName": table, "CapacityUnits": 0.5}}
			text, err := json.MarshalIndent(result, "", "  ")
			if err != nil {
				return nil, err
			}
			return mcp.NewToolResultStructured(result, string(text)), nil
		},
	)
	return mcpserver.ServeStdio(s)
}
