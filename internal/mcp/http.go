package mcp

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mark3labs/mcp-go/server"

	"github.com/ddb-cli/ddb/internal/op"
)

const (
	// endpointPath is where the server answers; healthPath says whether it does.
	endpointPath = "/mcp"
	healthPath   = "/healthz"
	// headerTime and bodyTime are how long a client may take to send what it asks, writeTime to take a piece of the answer.
	headerTime = 10 * time.Second
	bodyTime   = 30 * time.Second
	writeTime  = 30 * time.Second
	// keepTime is how long a connection may be open without a request.
	keepTime = 2 * time.Minute
	// heartbeat is how often a listening stream carries a ping, so that a client that is gone is noticed.
	heartbeat = 30 * time.Second
	// graceTime is how long calls under way may go on in a server that was told to stop. Those that only wait end at once.
	graceTime = 10 * time.Second
	// maxHTTPCalls bounds the requests worked on at once, of all clients together. Others wait.
	maxHTTPCalls = 256
)

// HTTPOptions say how a server is reached over streamable HTTP.
type HTTPOptions struct {
	// Grants are the tokens of which a client must carry one. Without any, only this machine is served. SetGrants replaces them.
	Grants []Grant
	// Stateless serves each request by itself: no session is kept, and any of several servers may answer.
	Stateless bool
	// Certificate, when set, gives the certificate of a TLS connection.
	Certificate func(*tls.ClientHelloInfo) (*tls.Certificate, error)
	// Hosts are names a request may be addressed to, beside loopback names and the address listened on.
	Hosts []string
	// Origins are the web origins whose pages may call the server; "*" is any. All others are refused.
	Origins []string
	// Rate is how many requests a second one token may send, twice as many in a burst; 0 for no limit.
	Rate float64
	// SessionIdle is how long a session may be unused; 0 for DefaultSessionIdle.
	SessionIdle time.Duration
}

// DefaultSessionIdle is how long a session is kept that nobody uses.
const DefaultSessionIdle = 30 * time.Minute

// HTTPServer serves many clients over streamable HTTP. mcp-go reads and writes the protocol; who may come in, how much they
// may send and when a session ends is decided here, before it.
type HTTPServer struct {
	opts     HTTPOptions
	options  Options
	logger   *slog.Logger
	in       atomic.Pointer[entrance]
	granting sync.Mutex // held by who replaces in
	slots    chan struct{}
	calls    inFlight
	last     atomic.Uint64 // number of a call
	stopping atomic.Bool
	grace    time.Duration
	started  func()
}

// NewHTTP makes a server for the holders of the grants. It fails when a grant names what does not exist, or two have one
// name.
func NewHTTP(o Options, h HTTPOptions) (*HTTPServer, error) {
	o.shared = o.auditor()
	s := &HTTPServer{opts: h, options: o, logger: o.Logger, slots: make(chan struct{}, maxHTTPCalls), calls: inFlight{works: map[string]*work{}}, grace: graceTime, started: o.Started}
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	if s.opts.SessionIdle <= 0 {
		s.opts.SessionIdle = DefaultSessionIdle
	}
	in, err := s.entrance(h.Grants, nil)
	if err != nil {
		return nil, err
	}
	s.in.Store(in)
	return s, nil
}

// Serve answers on l until ctx is done; requests under way are then finished, or cancelled when that takes too long. An
// address that other machines can reach is refused where no token is asked for. It returns nil when ctx ended it.
func (s *HTTPServer) Serve(ctx context.Context, l net.Listener) error {
	if err := s.Admit(l.Addr()); err != nil {
		_ = l.Close()
		return err
	}
	if s.opts.Certificate != nil {
		l = tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: s.opts.Certificate, NextProtos: []string{"h2", "http/1.1"}})
	}
	// Requests outlive ctx on purpose: they are finished first.
	requests, cancelRequests := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancelRequests(nil)
	srv := &http.Server{
		Handler:           s.door(l.Addr()),
		ReadHeaderTimeout: headerTime,
		IdleTimeout:       keepTime,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelDebug),
		BaseContext:       func(net.Listener) context.Context { return requests },
	}
	if s.started != nil {
		go s.started()
	}
	go s.reap(requests)
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.stop(srv, cancelRequests)
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Admit says whether the server may listen on an address: on one that other machines can reach only with tokens.
func (s *HTTPServer) Admit(a net.Addr) error {
	if isLoopback(a) || len(s.opts.Grants) > 0 {
		return nil
	}
	return op.Invalid("other machines can reach "+a.String()+", and no token is asked for", "name a file of tokens with --tokens, or listen on 127.0.0.1")
}

// stop ends the listening streams, waits for calls under way and then cancels them. Until then the address is open, so that who asks for its
// health hears that it stops.
func (s *HTTPServer) stop(srv *http.Server, cancelRequests context.CancelCauseFunc) {
	s.stopping.Store(true)
	for _, b := range s.in.Load().bearers {
		b.sessions.endStreams()
	}
	if !s.calls.finish(context.Background(), errStopping, endStep{reading, s.grace}) {
		s.logger.Warn("requests under way are cancelled: the server stops", "after", s.grace)
		s.calls.finish(context.Background(), errStopping, endStep{writing + 1, stopTime})
	}
	cancelRequests(errStopping) // what has not come in whole by now
	last, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	if srv.Shutdown(last) != nil {
		_ = srv.Close()
	}
	for _, b := range s.in.Load().bearers {
		b.close()
	}
}

// reap ends sessions nobody uses.
func (s *HTTPServer) reap(ctx context.Context) {
	tick := time.NewTicker(max(s.opts.SessionIdle/4, 10*time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			for _, b := range s.in.Load().bearers {
				for _, id := range b.sessions.idle(s.opts.SessionIdle) {
					s.logger.Debug("session ended: unused", "token", b.grant.Name, "session", sessionName(id))
					b.end(id)
				}
			}
		}
	}
}

func isLoopback(a net.Addr) bool {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return false
}

// newStreamable is mcp-go's transport for one server.
func (s *HTTPServer) newStreamable(one *Server, sessions *httpSessions) *server.StreamableHTTPServer {
	options := []server.StreamableHTTPOption{
		server.WithStreamableHTTPLogger(s.logger),
		server.WithDisableLocalhostProtection(true), // the door looks at Host itself, on every address
		server.WithHeartbeatInterval(heartbeat),
	}
	if s.opts.Stateless {
		options = append(options, server.WithStateLess(true), server.WithDisableStreaming(true))
	} else {
		options = append(options, server.WithSessionIdManager(sessions))
	}
	return server.NewStreamableHTTPServer(one.server, options...)
}
