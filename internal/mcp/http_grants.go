package mcp

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/ddb-cli/ddb/internal/op"
)

// entrance is who may come in at one moment. It is replaced as a whole, so that a request sees all of one or of the next.
type entrance struct {
	grants  []Grant         // none: everybody on this machine
	bearers []*bearerServer // in the order of the grants; one without a grant where there are none
}

// SetGrants replaces the tokens while the server runs. Whoever carries one that stays as it is notices nothing. The sessions of one that is
// gone, or may now do something else, end with what is under way in them: the latter begins a new session. On an error nothing has changed. A server
// made without tokens takes none, and one made with tokens always has some: it may be listening where only those are safe.
func (s *HTTPServer) SetGrants(grants []Grant) error {
	s.granting.Lock()
	defer s.granting.Unlock()
	before := s.in.Load()
	if len(grants) == 0 || len(before.grants) == 0 {
		return op.Invalid("tokens are replaced by tokens, and there are none", "")
	}
	next, err := s.entrance(grants, before.bearers)
	if err != nil {
		return err
	}
	s.in.Store(next)
	var ended []string
	for _, b := range before.bearers {
		if !slices.Contains(next.bearers, b) {
			b.close()
			ended = append(ended, b.grant.Name)
		}
	}
	s.logger.Info("the tokens were read again", "tokens", len(grants), "changed_or_gone", ended)
	return nil
}

// entrance makes the servers of the grants, and keeps those of before whose grants are the same.
func (s *HTTPServer) entrance(grants []Grant, before []*bearerServer) (*entrance, error) {
	in := &entrance{grants: grants}
	if len(grants) == 0 {
		grants = []Grant{{}}
	}
	for _, g := range grants {
		if i := slices.IndexFunc(before, func(b *bearerServer) bool { return reflect.DeepEqual(b.grant, g) }); i >= 0 {
			in.bearers = append(in.bearers, before[i])
			continue
		}
		b, err := s.bearer(g)
		if err != nil {
			return nil, err
		}
		in.bearers = append(in.bearers, b)
	}
	return in, nil
}

// valid is a context that ends when a grant does: when it expires, or by the function it comes with.
func valid(g Grant) (context.Context, context.CancelFunc) {
	if g.Expires.IsZero() {
		return context.WithCancel(context.Background())
	}
	return context.WithDeadlineCause(context.Background(), g.Expires, errTokenGone)
}

// within is a context of a request that ends with the grant too, however long an answer is listened to.
func (b *bearerServer) within(request context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(request)
	stop := context.AfterFunc(b.granted, func() { cancel(errTokenGone) })
	return ctx, func() { stop(); cancel(nil) }
}

// close ends the sessions and what is under way.
func (b *bearerServer) close() {
	b.revoke()
	b.sessions.cancel(errTokenGone)
	for _, id := range b.sessions.all() {
		b.end(id)
	}
}

// who finds the server of a bearer token at a moment.
func (e *entrance) who(authorization []string, now time.Time) (*bearerServer, bool) {
	if len(e.grants) == 0 {
		return e.bearers[0], true
	}
	token, ok := bearerToken(authorization)
	if !ok {
		return nil, false
	}
	i := bearer(e.grants, token, now)
	if i < 0 {
		return nil, false
	}
	return e.bearers[i], true
}
