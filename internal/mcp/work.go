package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"
)

// stage is how much is lost when a request is cut off.
type stage int

const (
	waiting stage = iota // nothing: it waits for something, or for somebody
	reading              // its answer
	writing              // who asked does not learn whether it was done
)

// endedError is why the server itself ends a request; who sent it still waits for an answer.
type endedError struct{ why string }

func (e *endedError) Error() string { return e.why }

// The reasons.
var (
	errStopping   = &endedError{"the server stops"}
	errInputEnded = &endedError{"the client has closed its end"}
	errSessionEnd = &endedError{"the session was ended"}
	errTokenGone  = &endedError{"the token is no longer good"}
)

// work is one request under way.
type work struct {
	cancel context.CancelCauseFunc
	// token is the progress token as the client wrote it, where floating point, which mcp-go reads it as, may not hold it.
	token json.RawMessage
	// tell writes a notification before the answer; nil where mcp-go's queue is the only way.
	tell func(message any)

	mu    sync.Mutex
	stage stage
	kept  stage // what goes on; less was cancelled
	why   error
	fault *fault
}

type workKey struct{}

// newWork makes a context for one request. It reads until it says otherwise.
func newWork(parent context.Context) (context.Context, *work) {
	ctx, cancel := context.WithCancelCause(parent)
	w := &work{cancel: cancel, stage: reading}
	return context.WithValue(ctx, workKey{}, w), w
}

// workOf is the request a context belongs to; nil for none.
func workOf(ctx context.Context) *work {
	w, _ := ctx.Value(workKey{}).(*work)
	return w
}

// is says what the request does from here on.
func (w *work) is(s stage) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stage = s
	w.stop()
}

// keep cancels the request, now or when it comes to that, where it does less than s.
func (w *work) keep(s stage, why error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept, w.why = s, why
	w.stop()
}

func (w *work) stop() {
	if w.stage < w.kept {
		w.cancel(w.why)
	}
}

// fail says with which code of the protocol the request fails; mcp-go knows one for all errors of handlers.
func (w *work) fail(f *fault) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = f
}

func (w *work) failed() *fault {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.fault
}

// ended is the answer to a request that the server itself has ended, nil for any other.
func (w *work) ended(ctx context.Context) *fault {
	why, ok := errors.AsType[*endedError](context.Cause(ctx))
	if !ok {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	left := "nothing was changed by it"
	if w.stage == writing {
		left = "whether it was done is not known"
	}
	return &fault{codeEnded, "Request cancelled: " + why.why + "; " + left}
}

// inFlight keeps the requests under way, so that they can be cancelled by id
// and waited for.
type inFlight struct {
	mu     sync.Mutex
	works  map[string]*work
	closed bool // somebody waits for the last one: no more begin
	wg     sync.WaitGroup
}

// begin registers a request. forget, to be called before its answer goes out,
// frees the id: who has read the answer may use it again at once. done must be
// called when the answer is out. The context is nil when a request with the same
// id is under way, and after idle.
func (f *inFlight) begin(parent context.Context, id json.RawMessage) (ctx context.Context, forget, done func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := string(id)
	if _, taken := f.works[key]; taken || f.closed {
		return nil, nil, nil
	}
	ctx, w := newWork(parent)
	f.works[key] = w
	f.wg.Add(1)
	forget = func() {
		f.mu.Lock()
		if f.works[key] == w {
			delete(f.works, key)
		}
		f.mu.Unlock()
	}
	done = func() {
		w.cancel(nil)
		f.wg.Done()
	}
	return ctx, forget, done
}

// cancel cancels the request with this id, if it is still under way.
func (f *inFlight) cancel(id json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if w, ok := f.works[string(id)]; ok {
		w.cancel(nil)
	}
}

// keep cancels the requests that do less than s.
func (f *inFlight) keep(s stage, why error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range f.works {
		w.keep(s, why)
	}
}

// idle is closed when no request is under way; none begins any more.
func (f *inFlight) idle() <-chan struct{} {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	done := make(chan struct{})
	go func() {
		f.wg.Wait()
		close(done)
	}()
	return done
}

// finish lets requests go on that do at least as much as each step says, for so long as it says, and says whether all came to their end. It
// gives up early when ctx is done.
func (f *inFlight) finish(ctx context.Context, why error, steps ...endStep) bool {
	idle := f.idle()
	for _, s := range steps {
		f.keep(s.keep, why)
		late := time.NewTimer(s.until)
		defer late.Stop()
		select {
		case <-idle:
			return true
		case <-ctx.Done():
			return false
		case <-late.C:
		}
	}
	return false
}

// endStep is a part of an end: what goes on, and for how long.
type endStep struct {
	keep  stage
	until time.Duration
}
