// Package mcp shows operations to assistants: it turns the registry of operations
// into MCP tools, chooses which of them a server offers, and serves them over
// stdio. What a tool does is in package ops; this package knows only how a tool
// is described, how arguments come in, and how results and errors go out.
package mcp

import (
	"log/slog"

	"github.com/mark3labs/mcp-go/server"
)

// Server is an MCP server over a set of operations.
type Server struct {
	server *server.MCPServer
	logger *slog.Logger
}
