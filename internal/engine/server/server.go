// Package server puts an engine's handler on the network: TCP on loopback or elsewhere, and unix sockets, with limits on
// what a client may send and how long it may take, a health answer, and a shutdown that finishes what has begun.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
)

// Limits on connections. A body may be 16 MB, which a slow but honest client sends within forLarge times readTimeout; one of up to freeBody has arrived after
// readTimeout, headers and all.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	forLarge      = 4
	writeTimeout  = 2 * time.Minute
	idleTimeout   = 3 * time.Minute
	maxHeader     = 32 << 10
)

// Options say whom a server answers, and for how long it waits for them. Handler is needed; the rest has defaults.
type Options struct {
	Handler http.Handler // the engine's
	Region  string       // shown by the health answer; default us-west-2
	// Unsigned takes requests without a signature, for callers that are known otherwise: processes of the same user on a
	// unix socket.
	Unsigned bool
	// Hosts are names a client may use for this machine besides localhost and addresses. They matter on loopback only,
	// where a browser could be made to send requests under a foreign name (DNS rebinding).
	Hosts []string
	// Origins are those whose pages may call the server from a browser ("http://localhost:3000"; "*" is any). Default: none.
	Origins []string
	// ReadTimeout is how long a request may take to arrive; default 30 seconds, and four times as long for bodies of more than 64 KB.
	ReadTimeout time.Duration
	Logger      *slog.Logger // default: discard
}

// Server answers requests on any number of listeners, which share its limits on connections and memory.
type Server struct {
	opts  Options
	http  *http.Server
	rooms *rooms
	idle  idle
	slots chan struct{} // taken by connections, on all listeners together
}

// New makes a server, which listens to nobody before Serve.
func New(o Options) *Server {
	if o.Region == "" {
		o.Region = "us-west-2"
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.ReadTimeout <= 0 {
		o.ReadTimeout = readTimeout
	}
	s := &Server{opts: o, rooms: newRooms(forLarge * o.ReadTimeout), slots: make(chan struct{}, maxConnections)}
	s.http = &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ReadHeaderTimeout: min(headerTimeout, o.ReadTimeout),
		ReadTimeout:       o.ReadTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		// net/http would answer "OPTIONS *" itself, whoever the Host header names.
		DisableGeneralOptionsHandler: true,
		MaxHeaderBytes:               maxHeader,
		ConnState:                    s.idle.note,
		ErrorLog:                     slog.NewLogLogger(o.Logger.Handler(), slog.LevelDebug),
	}
	return s
}

// Serve answers requests on all listeners until Shutdown, which makes it return nil, or until one of them fails.
func (s *Server) Serve(listeners ...net.Listener) error {
	if len(listeners) == 0 {
		return errors.New("no listener to serve")
	}
	results := make(chan error, len(listeners))
	var wg sync.WaitGroup
	for _, l := range listeners {
		wg.Go(func() { results <- s.http.Serve(limit(l, s.slots, &s.idle)) })
	}
	err := <-results
	if !errors.Is(err, http.ErrServerClosed) {
		_ = s.http.Close()
	}
	wg.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("the server stopped: %w", err)
}

// Shutdown stops accepting connections, waits for the requests under way and closes what is left when ctx ends.
func (s *Server) Shutdown(ctx context.Context) error {
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	s.rooms.rest.stop()
	return err
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.hostAllowed(r) {
		what := "names " + r.Host + ", which is not this machine"
		if r.Host == "" {
			what = "is empty"
		}
		engine.WriteError(w, http.StatusForbidden, "AccessDeniedException", "The Host header "+what+": use localhost or the address, or start it with --host and that name")
		return
	}
	if s.crossOrigin(w, r) {
		return
	}
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		engine.WriteHealth(w, s.opts.Region)
		return
	case r.ContentLength != 0 && first(r.Header, "Content-Type") == "":
		engine.WriteNotFound(w)
		return
	}
	if r.ContentLength < 0 {
		// A body in chunks may have had a length, too, which net/http takes away. What comes after such a request may be part of it to whoever stands in
		// between, so its connection ends (RFC 9112, 6.1). No SDK sends chunks.
		w.Header().Set("Connection", "close")
	}
	defer s.rooms.bound(w, r)()
	if !s.opts.Unsigned && engine.Known(r.Header) {
		if exception, message := checkSignature(r); exception != "" {
			engine.Refuse(w, r, exception, message)
			return
		}
	}
	w, answered := s.rooms.answer(w, r)
	defer answered()
	s.opts.Handler.ServeHTTP(w, r)
}

// hostAllowed reports whether the request names this machine. On an address that others can reach anyway the name does
// not matter.
func (s *Server) hostAllowed(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok || !local.IP.IsLoopback() {
		return true
	}
	host := r.Host
	if h, port, err := net.SplitHostPort(host); err == nil && strings.Trim(port, "0123456789") == "" {
		host = h
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		host = strings.TrimSuffix(inner, "]")
	}
	host = strings.ToLower(strings.TrimSuffix(host, ".")) // the root's dot may stand behind any name
	if ip := net.ParseIP(host); ip != nil {
		return true
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "host.docker.internal" {
		return true
	}
	for _, h := range s.opts.Hosts {
		if strings.EqualFold(h, host) {
			return true
		}
	}
	return false
}
