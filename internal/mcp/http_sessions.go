package mcp

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"
)

const (
	// maxSessions bounds the sessions of one token. Beyond it the one unused for longest ends: many clients never say that
	// they are done.
	maxSessions = 1024
	// maxStreams bounds the listening streams of one session.
	maxStreams = 8
)

var errNoSession = errors.New("no such session")

// httpSessions are the sessions of one token over HTTP: their ids, what is under way in each, and when each was last used.
// mcp-go asks it whether an id is good. Its own manager of that kind keeps the ids of ended sessions for ever.
type httpSessions struct {
	now  func() time.Time
	mu   sync.Mutex
	live map[string]*httpSession
}

type httpSession struct {
	used    time.Time
	next    int
	cancels map[int]context.CancelCauseFunc // of what is under way
	listen  map[int]bool                    // which of that are streams
}

func newHTTPSessions() *httpSessions {
	return &httpSessions{now: time.Now, live: map[string]*httpSession{}}
}

// Generate makes a session with an id that cannot be guessed.
func (t *httpSessions) Generate() string {
	id := rand.Text()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.live[id] = &httpSession{used: t.now(), cancels: map[int]context.CancelCauseFunc{}, listen: map[int]bool{}}
	return id
}

// Validate says whether a session is there.
func (t *httpSessions) Validate(id string) (terminated bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.live[id] == nil {
		return false, errNoSession
	}
	return false, nil
}

// Terminate ends a session, and with it what is under way in it.
func (t *httpSessions) Terminate(id string) (notAllowed bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock() // what is under way takes itself out of the list as it ends
	s := t.live[id]
	delete(t.live, id)
	if s != nil {
		for _, cancel := range s.cancels {
			cancel(errSessionEnd)
		}
	}
	return false, nil
}

// enter says that a request begins in a session. leave, which must be called, says that it is over; ctx ends with the
// session. ok is false where there is no such session.
func (t *httpSessions) enter(parent context.Context, id string) (ctx context.Context, leave func(), ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.live[id]
	if s == nil {
		return parent, func() {}, false
	}
	_, ctx, leave = t.begin(parent, s)
	return ctx, leave, true
}

// listen is enter for a stream of events. ok is false too where the session has maxStreams of them.
func (t *httpSessions) listen(parent context.Context, id string) (ctx context.Context, leave func(), ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.live[id]
	if s == nil || len(s.listen) >= maxStreams {
		return parent, func() {}, false
	}
	key, ctx, leave := t.begin(parent, s)
	s.listen[key] = true
	return ctx, leave, true
}

// begin puts a request into a session. The caller holds t.mu.
func (t *httpSessions) begin(parent context.Context, s *httpSession) (key int, ctx context.Context, leave func()) {
	ctx, cancel := context.WithCancelCause(parent)
	key = s.next
	s.next++
	s.used, s.cancels[key] = t.now(), cancel
	return key, ctx, func() {
		cancel(nil)
		t.mu.Lock()
		defer t.mu.Unlock()
		s.used = t.now()
		delete(s.cancels, key)
		delete(s.listen, key)
	}
}

// idle lists the sessions in which nothing is under way and nothing was for so long.
func (t *httpSessions) idle(since time.Duration) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var ids []string
	for id, s := range t.live {
		if len(s.cancels) == 0 && t.now().Sub(s.used) >= since {
			ids = append(ids, id)
		}
	}
	return ids
}

// oldest is the session unused for longest, where there are so many that one more is too many; "" otherwise. full says
// that there are, and all are in use.
func (t *httpSessions) oldest() (id string, full bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.live) < maxSessions {
		return "", false
	}
	var least time.Time
	for candidate, s := range t.live {
		if len(s.cancels) == 0 && (id == "" || s.used.Before(least)) {
			id, least = candidate, s.used
		}
	}
	return id, id == ""
}

// all lists the sessions.
func (t *httpSessions) all() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	ids := make([]string, 0, len(t.live))
	for id := range t.live {
		ids = append(ids, id)
	}
	return ids
}

// cancel ends what is under way in all sessions.
func (t *httpSessions) cancel(why error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.live {
		for _, cancel := range s.cancels {
			cancel(why)
		}
	}
}

// endStreams ends the listening streams of all sessions. Calls go on.
func (t *httpSessions) endStreams() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.live {
		for key := range s.listen {
			s.cancels[key](errStopping)
		}
	}
}
