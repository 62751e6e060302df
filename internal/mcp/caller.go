package mcp

import "context"

// caller is who sent a request: the token it carried, by name, and the session it belongs to, by a name that lets nobody in.
type caller struct{ token, session string }

type callerKey struct{}

func withCaller(ctx context.Context, c caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}
