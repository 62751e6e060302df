package mcp

import (
	"context"

	"github.com/ddb-cli/ddb/internal/op"
)

// gateKey finds in a context the gate of whoever makes a call.
type gateKey struct{}

// withGate limits the calls made with the context to what a gate admits, within what the server's own admits. It is for
// transports that know who is calling.
func withGate(ctx context.Context, gate op.Gate) context.Context {
	return context.WithValue(ctx, gateKey{}, gate)
}

// envFor is what a call runs in: the server's environment, narrowed to the caller's gate where there is one.
func (s *Server) envFor(ctx context.Context) *op.Env {
	if gate, ok := ctx.Value(gateKey{}).(op.Gate); ok {
		return s.env.Narrowed(gate)
	}
	return s.env
}
