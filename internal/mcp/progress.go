package mcp

import (
	"context"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// progressEvery is after how many items a client that asked for it hears how far a read over several pages is.
const progressEvery = 100

// progress gives what tells the client how many items were read, of how many at most. Without a token of the request's it
// tells nobody.
func (s *Server) progress(ctx context.Context, request mcp.CallToolRequest) func(done, most int) {
	if request.Params.Meta == nil || request.Params.Meta.ProgressToken == nil || server.ServerFromContext(ctx) == nil {
		return func(int, int) {}
	}
	token := request.Params.Meta.ProgressToken
	return func(done, most int) {
		if done%progressEvery != 0 || done == 0 {
			return
		}
		// A client whose queue is full misses one; the result does not wait for it.
		_ = s.server.SendNotificationToClient(ctx, string(mcp.MethodNotificationProgress), map[string]any{
			"progressToken": token, "progress": done, "total": most, "message": "items read",
		})
	}
}
