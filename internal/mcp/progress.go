package mcp

import (
	"context"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// progressEvery is after how many items a client that asked for it hears how far a read over several pages is.
const progressEvery = 100

// progress tells a client that asked for it how far its call is. Without a token in the request it tells nobody.
type progress struct {
	server *server.MCPServer
	ctx    context.Context //nolint:containedctx // of the one call it is made for
	token  mcp.ProgressToken
}

func (s *Server) progress(ctx context.Context, request mcp.CallToolRequest) *progress {
	p := &progress{server: s.server, ctx: ctx}
	if request.Params.Meta != nil && server.ServerFromContext(ctx) != nil {
		p.token = request.Params.Meta.ProgressToken
		if w := workOf(ctx); w != nil && w.token != nil && p.token != nil {
			p.token = w.token
		}
	}
	return p
}

// items tells how many items were read, of how many at most, now and again.
func (p *progress) items(done, most int) {
	if done%progressEvery == 0 && done > 0 {
		p.tell(float64(done), float64(most), "items read")
	}
}

// tell is op.Env.Progress.
func (p *progress) tell(done, whole float64, text string) {
	if p.token == nil {
		return
	}
	params := map[string]any{"progressToken": p.token, "progress": done, "message": text}
	if whole > 0 {
		params["total"] = whole
	}
	if w := workOf(p.ctx); w != nil && w.tell != nil {
		w.tell(progressNotification(params))
		return
	}
	if own, ok := server.ClientSessionFromContext(p.ctx).(*session); ok {
		own.tell(progressNotification(params))
		return
	}
	// A client whose queue is full misses one; the result does not wait for it.
	_ = p.server.SendNotificationToClient(p.ctx, string(mcp.MethodNotificationProgress), params)
}

func progressNotification(params map[string]any) mcp.JSONRPCNotification {
	return mcp.JSONRPCNotification{
		JSONRPC: mcp.JSONRPC_VERSION, Notification: mcp.Notification{Method: string(mcp.MethodNotificationProgress), Params: mcp.NotificationParams{AdditionalFields: params}},
	}
}
