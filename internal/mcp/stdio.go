package mcp

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

const (
	// maxInFlight bounds the requests worked on at once. A client that sends
	// more waits until one is answered.
	maxInFlight = 64
	// readTime is how long what changes nothing may go on after the client closed its
	// end: clients wait about two seconds before they send a signal.
	readTime = 1500 * time.Millisecond
	// drainTime is how long what changes something may.
	drainTime = 5 * time.Second
	// stopTime is how long cancelled requests are waited for.
	stopTime = 2 * time.Second
)

// stdio serves one client over a pair of pipes, a JSON message a line. It
// stands in for mcp-go's stdio server, which reads lines of any length, drops
// the calls under way when the input ends, misses a cancellation that overtakes
// its call, and runs five calls at a time. Everything above lines is mcp-go's.
type stdio struct {
	server *server.MCPServer
	// ready gives the server its tools; every method but initialize waits for it.
	ready func() error
	// check finds what is wrong with a request.
	check  func(envelope) *fault
	logger *slog.Logger
	out    *messageWriter
	client *session
	slots  chan struct{}
	calls  inFlight
	// work goes to a goroutine that has answered before and waits for more: its stack has grown to what a call needs, which
	// is deep, and growing one anew took a fifth of the time of a call.
	work  chan func()
	ended chan struct{}
}

// ServeStdio answers the requests on in until it ends, ctx is cancelled or the
// client stops reading; only protocol messages are written to out. When in ends
// requests under way are answered first; when ctx is cancelled they are cancelled, and those that change something get a moment to finish.
// It returns nil in all three cases, and otherwise what went wrong with in.
func (s *Server) ServeStdio(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	started := sync.OnceFunc(func() {
		if s.started != nil {
			s.started()
		}
	})
	defer started()
	t := &stdio{
		server: s.server,
		ready:  s.ready,
		check:  s.check,
		logger: s.logger,
		out:    &messageWriter{w: out, gone: cancel, written: func() { go started() }},
		slots:  make(chan struct{}, maxInFlight),
		work:   make(chan func()),
		ended:  make(chan struct{}),
		calls:  inFlight{works: map[string]*work{}},
	}
	client := newSession(t.out.write, s.confirm.patience)
	t.client = client
	if err := s.server.RegisterSession(ctx, client); err != nil {
		return fmt.Errorf("register session: %w", err)
	}
	defer s.server.UnregisterSession(context.WithoutCancel(ctx), client.SessionID())

	defer close(t.ended)
	ctx = withCaller(ctx, caller{session: sessionName(rand.Text())})
	go t.forward(ctx, client.notifications)
	// Requests outlive ctx on purpose: stop decides between draining and
	// cancelling them.
	requests, cancelRequests := context.WithCancel(s.server.WithContext(context.WithoutCancel(ctx), client))
	defer cancelRequests()
	err := t.readAll(ctx, requests, in)
	close(client.asked.gone)
	t.stop(ctx)
	return err
}

// readAll dispatches lines until the input ends or ctx is done. Reading has a
// goroutine of its own because a read from a pipe cannot be interrupted; it
// dispatches as well, since each hand-over to another goroutine costs a message
// some microseconds.
func (t *stdio) readAll(ctx, requests context.Context, in io.Reader) error {
	ended := make(chan error, 1)
	go func() { ended <- t.readLines(ctx, requests, newLineReader(in, maxLine)) }()
	select {
	case <-ctx.Done():
		return nil
	case err := <-ended:
		return err
	}
}

func (t *stdio) readLines(ctx, requests context.Context, reader *lineReader) error {
	for {
		line, err := reader.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if ctx.Err() != nil {
			return nil //nolint:nilerr // nobody waits for what a read says after the end
		}
		var long *lineTooLongError
		switch {
		case errors.As(err, &long):
			t.logger.Warn("message refused", "bytes", long.Size, "limit", maxLine)
			t.refuse(long.ID, mcp.INVALID_REQUEST, "Invalid request: "+long.Error())
		case err != nil:
			return fmt.Errorf("read standard input: %w", err)
		default:
			t.dispatch(ctx, requests, line)
		}
	}
}

// dispatch starts one message on its way.
func (t *stdio) dispatch(ctx, requests context.Context, line []byte) {
	env, code, problem := parseEnvelope(line)
	switch {
	case problem != "":
		t.refuse(env.ID, code, problem)
	case env.Method == "":
		if !t.client.asked.deliver(env) { // it may have come too late
			t.logger.Debug("answer without a request", "id", string(env.ID))
		}
	case env.Method == "notifications/cancelled":
		t.calls.cancel(env.cancelled())
	case env.ID == nil:
		t.server.HandleMessage(requests, line)
	case env.Method == string(mcp.MethodInitialize):
		// In order: what follows relies on what was negotiated here.
		t.answer(requests, env, t.handle(requests, env, line))
		go func() { _ = t.ready() }() // the next request meets the error, if there is one
	default:
		select {
		case t.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		// Registered before the next line is read, so a cancellation right
		// behind the call finds it.
		call, forget, done := t.calls.begin(requests, env.ID)
		if call == nil {
			<-t.slots
			if ctx.Err() != nil {
				return // the server is stopping
			}
			t.refuse(env.ID, mcp.INVALID_REQUEST, "Invalid request: a request with this id is under way")
			return
		}
		workOf(call).token = env.exactToken()
		t.run(func() {
			defer func() { done(); <-t.slots }()
			response := t.handle(call, env, line)
			forget()
			t.answer(call, env, response)
		})
	}
}

// run does a piece of work beside the reading: on a goroutine that waits for some, or on a new one.
func (t *stdio) run(job func()) {
	select {
	case t.work <- job:
		return
	default:
	}
	go func() {
		for {
			job()
			select {
			case job = <-t.work:
			case <-t.ended:
				return
			}
		}
	}()
}

// answer writes the answer to a request, unless its client cancelled it: the protocol
// wants no answer then.
func (t *stdio) answer(ctx context.Context, env envelope, response mcp.JSONRPCMessage) {
	if ctx.Err() != nil {
		f := workOf(ctx).ended(ctx)
		if f == nil {
			return
		}
		if !succeeded(response) {
			response = f.answer(env.ID)
		}
	}
	if response == nil {
		return
	}
	if err := t.out.write(withID(response, env.ID)); err != nil {
		t.logger.Debug("answer not written", "method", env.Method, "error", err)
	}
}

func (t *stdio) handle(ctx context.Context, env envelope, line []byte) (response mcp.JSONRPCMessage) {
	defer func() {
		if r := recover(); r != nil {
			t.logger.Error("request failed", "method", env.Method, "panic", r, "stack", string(debug.Stack()))
			response = rpcError(env.ID, mcp.INTERNAL_ERROR, "Internal error: the request could not be handled; see the server's log")
		}
	}()
	if env.Method != string(mcp.MethodInitialize) {
		if err := t.ready(); err != nil {
			t.logger.Error("the tools cannot be offered", "error", err)
			return rpcError(env.ID, mcp.INTERNAL_ERROR, "Internal error: "+err.Error())
		}
	}
	if response, ok := t.direct(ctx, env); ok {
		return response
	}
	if f := t.check(env); f != nil {
		return f.answer(env.ID)
	}
	response = t.server.HandleMessage(ctx, line)
	if failed, ok := response.(mcp.JSONRPCError); ok {
		failed.Error.Code, failed.Error.Message = workOf(ctx).told(failed.Error.Code, failed.Error.Message)
		return failed
	}
	return response
}

func (t *stdio) refuse(id json.RawMessage, code int, message string) {
	if err := t.out.write(rpcError(id, code, message)); err != nil {
		t.logger.Debug("answer not written", "error", err)
	}
}

// forward writes the notifications of the server until ctx is done.
func (t *stdio) forward(ctx context.Context, notifications <-chan mcp.JSONRPCNotification) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-notifications:
			if err := t.out.write(n); err != nil {
				t.logger.Debug("notification not written", "method", n.Method, "error", err)
			}
		}
	}
}

// stop waits for the requests under way. When the input ended, what only waits is over at once, and what reads soon: clients that close their
// end wait about two seconds for the server's. When the server was told to stop, what does not change anything is over.
func (t *stdio) stop(ctx context.Context) {
	if ctx.Err() == nil && t.calls.finish(ctx, errInputEnded, endStep{reading, readTime}, endStep{writing, drainTime - readTime}) {
		return
	}
	why := errInputEnded
	if ctx.Err() != nil {
		if why = errStopping; t.calls.finish(context.Background(), why, endStep{writing, readTime}) {
			return
		}
	}
	t.logger.Warn("requests under way are cancelled: " + why.why)
	if !t.calls.finish(context.Background(), why, endStep{writing + 1, stopTime}) {
		t.logger.Warn("a request did not stop when it was cancelled", "after", stopTime)
	}
}

// succeeded says that an answer tells of no failure.
func succeeded(response mcp.JSONRPCMessage) bool {
	m, ok := response.(mcp.JSONRPCResponse)
	if !ok {
		return false
	}
	result, isCall := m.Result.(*mcp.CallToolResult)
	return !isCall || !result.IsError
}
