package local

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
)

// maxIdle is how many connections to the owner a peer keeps.
const maxIdle = 16

// request is a call on its way, with its body read once so that a refused call can be sent again.
type request struct {
	*http.Request
	body []byte
	read bool
}

// buffer reads the body, once.
func (r *request) buffer(w http.ResponseWriter) error {
	if r.read {
		return nil
	}
	r.read = true
	if r.Body == nil {
		return nil
	}
	var err error
	r.body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	return err
}

// forHandler is the request for a handler in this process, which may get it after a peer has read the body.
func (r *request) forHandler() *http.Request {
	if r.read {
		r.Body = io.NopCloser(bytes.NewReader(r.body))
	}
	return r.Request
}

// peer sends calls to the process that has the store.
type peer struct {
	opts  Options
	every time.Duration // how often one who waits for an answer asks whether anybody is there

	mu   sync.Mutex
	idle []*conn
	done bool
}

type conn struct {
	net.Conn
	r *bufio.Reader
}

// dial finds the owner. A *BusyError is an owner that cannot be spoken to; any other error means that there is none.
func dial(ctx context.Context, o Options) (*peer, error) {
	p := &peer{opts: o, every: askEvery}
	c, err := p.connect(ctx)
	if err != nil {
		return nil, err
	}
	p.idle = append(p.idle, c)
	return p, nil
}

var errOtherStore = errors.New("the socket belongs to another store")

// connect opens a connection and checks who is at its other end.
func (p *peer) connect(ctx context.Context) (*conn, error) {
	nc, err := new(net.Dialer).DialContext(ctx, "unix", p.opts.socket)
	if err != nil {
		return nil, err
	}
	h, err := greet(nc)
	if err == nil {
		err = p.check(h)
	}
	if err != nil {
		_ = nc.Close()
		return nil, err
	}
	return &conn{nc, bufio.NewReader(nc)}, nil
}

func (p *peer) check(h hello) error {
	if h.protocol != protocol {
		return &BusyError{Dir: p.opts.Dir, PID: h.pid, Version: h.version, Reason: fmt.Sprintf("it speaks protocol %d and this process %d", h.protocol, protocol)}
	}
	mark, err := readMarker(p.opts.Dir)
	if err != nil {
		return err
	}
	if mark == nil || mark.ID != h.store {
		return errOtherStore
	}
	return nil
}

// take gives a good connection, kept or new.
func (p *peer) take(ctx context.Context) (*conn, error) {
	for {
		p.mu.Lock()
		n := len(p.idle)
		if n == 0 {
			p.mu.Unlock()
			return p.connect(ctx)
		}
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		if c.r.Buffered() == 0 && alive(c.Conn) {
			return c, nil
		}
		_ = c.Close()
	}
}

func (p *peer) keep(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done || len(p.idle) >= maxIdle {
		_ = c.Close()
		return
	}
	p.idle = append(p.idle, c)
}

func (p *peer) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done = true
	for _, c := range p.idle {
		_ = c.Close()
	}
	p.idle = nil
	return nil
}

// serve sends a call to the owner. It reports false when the owner did not begin it.
func (p *peer) serve(w http.ResponseWriter, r *request) bool {
	if err := r.buffer(w); err != nil {
		engine.WriteError(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException", "Request body is too large")
		return true
	}
	c, err := p.take(r.Context())
	if err != nil {
		if r.Context().Err() != nil {
			return true // the caller has gone
		}
		return false
	}
	end := p.watch(r.Context(), c)
	answer, body, err := exchange(c, r) //nolint:bodyclose // read to its end into body by exchange
	hung := end()
	switch {
	case err != nil:
		_ = c.Close()
		how := "ended before it answered"
		if hung {
			how = "does not answer any more"
		}
		answerLost(w, r, how)
		return true
	case answer.Header.Get(refusedHeader) != "":
		_ = c.Close()
		return false
	case answer.Close:
		_ = c.Close()
	default:
		p.keep(c)
	}
	maps.Copy(w.Header(), answer.Header)
	w.WriteHeader(answer.StatusCode)
	_, _ = w.Write(body)
	return true
}

// maxBody is above what the engine takes, which refuses larger bodies in the service's words.
const maxBody = 32 << 20

// exchange sends the call and reads the whole answer. When sending fails the answer is looked for all the same: an owner
// that refuses does not read what it refuses.
func exchange(c *conn, r *request) (*http.Response, []byte, error) {
	stop := context.AfterFunc(r.Context(), func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	out := r.Clone(r.Context())
	out.URL.Scheme, out.URL.Host, out.Host, out.RequestURI = "http", "ddb", "ddb", ""
	out.Body, out.ContentLength, out.TransferEncoding = io.NopCloser(bytes.NewReader(r.body)), int64(len(r.body)), nil
	out.Close = false
	out.Header.Del("Connection")
	sendErr := out.Write(c)
	answer, err := http.ReadResponse(c.r, out)
	if err != nil {
		return nil, nil, errors.Join(sendErr, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer, body, err
}

// answerLost answers for an owner that went away with a call, or hangs. A read may simply be made again, which the status says to
// every SDK; a write may have been done, so its status must not make an SDK repeat it.
func answerLost(w http.ResponseWriter, r *request, how string) {
	_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if reads(action) {
		engine.WriteError(w, http.StatusServiceUnavailable, "InternalServerError",
			"The process that had the local store open "+how+". Nothing was changed; try again.")
		return
	}
	engine.WriteError(w, http.StatusConflict, "LocalAnswerLostException",
		"The process that had the local store open "+how+" ("+action+"): the write may or may not have been done. Read what it would have changed before trying again.")
}

// reads reports whether an action changes nothing.
func reads(action string) bool {
	for _, prefix := range [...]string{"Get", "BatchGet", "TransactGet", "Query", "Scan", "Describe", "List", "Search"} {
		if strings.HasPrefix(action, prefix) {
			return true
		}
	}
	return false
}
