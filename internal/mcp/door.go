package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// door is the handler of a server that listens on an address: what it lets through goes to mcp-go.
func (s *HTTPServer) door(listening net.Addr) http.Handler {
	hosts := newHostRule(listening, s.opts.Hosts)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w = &patientWriter{ResponseWriter: w, controller: http.NewResponseController(w)}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		if r.URL.Path == healthPath {
			s.health(w, r)
			return
		}
		if !hosts.allows(r.Host) {
			s.refuse(w, r, http.StatusForbidden, "the host "+strconv.Quote(r.Host)+" is not served here; whoever started the server can allow it with --allow-host")
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" && !sameOrigin(r, origin) && !allowCrossOrigin(w, origin, s.opts.Origins) {
			s.refuse(w, r, http.StatusForbidden, "pages of the origin "+strconv.Quote(origin)+" may not call this server; whoever started it can allow them with --cors")
			return
		}
		switch {
		case r.URL.Path != endpointPath:
			s.refuse(w, r, http.StatusNotFound, "nothing is here; the server answers at "+endpointPath)
		case r.Method == http.MethodOptions && r.Header.Get("Origin") != "":
			preflight(w)
		case s.stopping.Load():
			s.stops(w, r)
		default:
			s.enter(w, r)
		}
	})
}

func (s *HTTPServer) health(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "GET it", http.StatusMethodNotAllowed)
	case s.stopping.Load():
		http.Error(w, "stopping", http.StatusServiceUnavailable)
	default:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "ok\n")
	}
}

// enter asks for the token and sends a request on its way.
func (s *HTTPServer) enter(w http.ResponseWriter, r *http.Request) {
	b, ok := s.in.Load().who(r.Header.Values("Authorization"), time.Now())
	if !ok {
		w.Header().Set("WWW-Authenticate", `Bearer realm="ddb"`)
		s.refuse(w, r, http.StatusUnauthorized, "a valid token is needed: Authorization: Bearer TOKEN")
		return
	}
	ctx, done := b.within(r.Context())
	defer done()
	r = r.WithContext(ctx)
	switch r.Method {
	case http.MethodPost:
		s.post(w, r, b)
	case http.MethodGet, http.MethodDelete:
		s.session(w, r, b)
	default:
		w.Header().Set("Allow", "GET, POST, DELETE")
		s.refuse(w, r, http.StatusMethodNotAllowed, "the method is not served here")
	}
}

// session serves what is about a session as a whole: GET listens to it, DELETE ends it.
func (s *HTTPServer) session(w http.ResponseWriter, r *http.Request, b *bearerServer) {
	id := r.Header.Get(server.HeaderKeySessionID)
	if s.opts.Stateless || isModern(r.Header, envelope{}) {
		b.http.ServeHTTP(w, r) // answers that it is not for this server or this revision
		return
	}
	if id == "" {
		s.refuse(w, r, http.StatusBadRequest, "the header "+server.HeaderKeySessionID+" is missing: a session begins with initialize")
		return
	}
	begin := b.sessions.enter
	if r.Method == http.MethodGet {
		begin = b.sessions.listen
	}
	ctx, leave, ok := begin(r.Context(), id)
	defer leave()
	if !ok {
		if _, err := b.sessions.Validate(id); err != nil {
			s.refuse(w, r, http.StatusNotFound, "there is no such session; begin one with initialize")
			return
		}
		s.refuse(w, r, http.StatusConflict, "the session is listened to by "+strconv.Itoa(maxStreams)+" streams already")
		return
	}
	b.http.ServeHTTP(w, r.WithContext(s.as(ctx, b, id)))
}

// post reads a message, within the limits of rate, number and size, and hands it on.
func (s *HTTPServer) post(w http.ResponseWriter, r *http.Request, b *bearerServer) {
	if wait := b.over(); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		s.refuse(w, r, http.StatusTooManyRequests, "too many requests with this token; go on more slowly")
		return
	}
	select {
	case s.slots <- struct{}{}:
	case <-r.Context().Done():
		s.refuse(w, r, http.StatusServiceUnavailable, "the server stops")
		return
	}
	held := true
	release := func() {
		if held {
			held = false
			<-s.slots
		}
	}
	defer release()
	body, err := readBody(w, r)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		s.problem(w, r, http.StatusRequestEntityTooLarge, nil, mcp.INVALID_REQUEST, "Invalid request: the message has more than "+strconv.Itoa(maxLine)+" bytes")
		return
	case err != nil:
		s.logger.Debug("message not read", "token", b.grant.Name, "error", err)
		s.problem(w, r, http.StatusBadRequest, nil, mcp.PARSE_ERROR, "Parse error: the message did not come whole")
		return
	}
	env, code, problem := parseEnvelope(body)
	modern := isModern(r.Header, env)
	switch {
	case problem != "":
		s.problem(w, r, http.StatusBadRequest, env.ID, code, problem)
		return
	case env.Method == "notifications/cancelled" && (modern || s.opts.Stateless):
		// Without a session an id says nothing about whose request is meant; such clients close the connection.
		w.WriteHeader(http.StatusAccepted)
		return
	case env.Method == string(mcp.MethodInitialize):
		if !s.makeRoom(b) {
			w.Header().Set("Retry-After", "60")
			s.refuse(w, r, http.StatusServiceUnavailable, "there are too many sessions in use with this token")
			return
		}
	default:
		if err := b.server.ready(); err != nil {
			s.logger.Error("the tools cannot be offered", "error", err)
			s.problem(w, r, http.StatusInternalServerError, env.ID, mcp.INTERNAL_ERROR, "Internal error: "+err.Error())
			return
		}
	}
	if env.Method == string(mcp.MethodSubscriptionsListen) {
		release() // it stays open, and works on nothing
	}
	s.handOn(w, r, b, env, body, modern)
}

// handOn lets mcp-go answer a message, in a context that ends with its session.
func (s *HTTPServer) handOn(w http.ResponseWriter, r *http.Request, b *bearerServer, env envelope, body []byte, modern bool) {
	ctx, forget, done := s.calls.begin(r.Context(), strconv.AppendUint(nil, s.last.Add(1), 10))
	if ctx == nil {
		s.stops(w, r)
		return
	}
	defer func() { forget(); done() }()
	id, under := "", workOf(ctx)
	under.token = env.exactToken()
	if env.Method == string(mcp.MethodSubscriptionsListen) {
		under.is(waiting)
	}
	if !modern && !s.opts.Stateless && env.Method != string(mcp.MethodInitialize) {
		id = r.Header.Get(server.HeaderKeySessionID)
		in, leave, ok := b.sessions.enter(ctx, id)
		defer leave()
		if !ok {
			s.refuse(w, r, http.StatusNotFound, "there is no such session; begin one with initialize")
			return
		}
		ctx = in
	}
	if f := b.server.check(env); f != nil && env.ID != nil {
		status := http.StatusOK
		if modern {
			status = http.StatusBadRequest
		}
		s.problem(w, r, status, env.ID, f.code, f.message)
		return
	}
	start := time.Now()
	r = r.WithContext(s.as(ctx, b, id))
	body, travels := keepID(env, body)
	r.Body, r.ContentLength = bodyOf(body), int64(len(body))
	out := &answerWriter{ResponseWriter: w, header: w.Header().Clone(), env: env, work: under, modern: modern, travels: travels}
	under.tell = out.tell
	b.http.ServeHTTP(out, r)
	out.end(ctx)
	s.logger.Debug("message", "token", b.grant.Name, "session", sessionName(id), "method", env.Method, "took", time.Since(start))
}

// as puts into a context who is calling.
func (s *HTTPServer) as(ctx context.Context, b *bearerServer, session string) context.Context {
	return withCaller(ctx, caller{token: b.grant.Name, session: sessionName(session)})
}

// makeRoom ends the session unused for longest where there are too many; false where all are in use.
func (s *HTTPServer) makeRoom(b *bearerServer) bool {
	if s.opts.Stateless {
		return true
	}
	id, full := b.sessions.oldest()
	if id != "" {
		s.logger.Debug("session ended: too many", "token", b.grant.Name, "session", sessionName(id))
		b.end(id)
	}
	return !full
}

// stops refuses what comes after the server was told to stop.
func (s *HTTPServer) stops(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	s.refuse(w, r, http.StatusServiceUnavailable, "the server stops")
}

// refuse answers a request that does not reach the protocol.
func (s *HTTPServer) refuse(w http.ResponseWriter, r *http.Request, status int, message string) {
	s.logger.Debug("request refused", "status", status, "from", r.RemoteAddr, "method", r.Method, "reason", message)
	http.Error(w, message, status)
}

// problem answers a message that is none, or cannot be worked on.
func (s *HTTPServer) problem(w http.ResponseWriter, r *http.Request, status int, id json.RawMessage, code int, message string) {
	s.logger.Debug("message refused", "status", status, "from", r.RemoteAddr, "reason", message)
	text, err := json.Marshal(rpcError(id, code, message))
	if err != nil {
		http.Error(w, message, status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}
