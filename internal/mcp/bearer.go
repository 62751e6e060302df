package mcp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"golang.org/x/time/rate"
)

// bearerServer is what the bearer of one token talks to: a server with its own tools and gates, and its own sessions. A
// session id is worth nothing with another token.
type bearerServer struct {
	grant    Grant
	server   *Server
	http     *server.StreamableHTTPServer
	sessions *httpSessions
	limit    *rate.Limiter
	granted  context.Context // ends with the grant
	revoke   context.CancelFunc
}

func (s *HTTPServer) bearer(g Grant) (*bearerServer, error) {
	one, err := forGrant(s.options, g)
	if err != nil {
		return nil, err
	}
	b := &bearerServer{grant: g, server: one, sessions: newHTTPSessions(), limit: rate.NewLimiter(rate.Inf, 0)}
	b.http = s.newStreamable(one, b.sessions)
	b.granted, b.revoke = valid(g)
	perSecond := g.Rate
	if perSecond == 0 {
		perSecond = s.opts.Rate
	}
	if perSecond > 0 {
		b.limit = rate.NewLimiter(rate.Limit(perSecond), max(1, int(2*perSecond)))
	}
	return b, nil
}

// over takes a request into account, and says how long one that is too many has to wait; 0 for one that may come in.
func (b *bearerServer) over() time.Duration {
	place := b.limit.Reserve()
	wait := place.Delay()
	if wait > 0 {
		place.Cancel()
	}
	return wait
}

// end ends a session by the protocol's own request, which makes mcp-go forget it too.
func (b *bearerServer) end(id string) {
	b.http.Handle(nowhere{}, &server.HTTPRequest{Method: http.MethodDelete, Header: http.Header{server.HeaderKeySessionID: {id}}})
}

// nowhere takes the answer to a request of the server's own.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) WriteHeader(int)             {}
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (nowhere) Flush()                      {}
func (nowhere) CanStream() bool             { return false }

// sessionName stands for a session where people look: its id would let them into it.
func sessionName(id string) string {
	if id == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:6])
}

// isModern reports whether a message belongs to a revision without sessions.
func isModern(header http.Header, env envelope) bool {
	if mcp.IsModernProtocol(header.Get(mcp.HeaderProtocolVersion)) {
		return true
	}
	return mcp.IsModernProtocol(env.metaVersion())
}
