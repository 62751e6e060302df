package local

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/version"
)

// refusedHeader marks an answer that stands for "not begun": the call's body was not read and the call may be sent to
// whoever has the store next.
const refusedHeader = "X-Ddb-Refused"

// refusal is that answer as bytes, for connections on which no call is being answered. A call that crosses it on the way
// finds it in the place of its answer.
const refusal = "HTTP/1.1 503 Service Unavailable\r\n" + refusedHeader + ": 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

// owner has the store's files open and serves them to this process and, on a socket, to others.
type owner struct {
	engine  *engine.Engine
	handler http.Handler
	server  http.Server
	dir     string

	listener net.Listener

	gate     sync.RWMutex // ending against the beginning of calls
	ending   bool
	active   sync.WaitGroup
	connMu   sync.Mutex
	conns    map[net.Conn]http.ConnState
	accepted sync.WaitGroup // the goroutine of server.Serve
}

// own opens the store's files and the socket. Its error is storage.ErrLocked when another process has them.
func own(o Options) (*owner, error) {
	var mark *marker
	opts := o.Options
	opts.Dir = filepath.Join(o.Dir, storeFolder)
	if opts.S3Root == "" {
		opts.S3Root = filepath.Join(o.Dir, s3Folder)
	}
	opts.Storage.Opening = func() (err error) {
		mark, err = inspect(o.Dir)
		return err
	}
	opts.Storage.Closed = func() error { return seal(o.Dir) }
	e, err := engine.Open(opts)
	if err != nil {
		return nil, err
	}
	ow := &owner{engine: e, handler: e.Handler(), dir: o.Dir, conns: map[net.Conn]http.ConnState{}}
	if err := ow.publish(o, mark); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return ow, nil
}

// inspect looks at a store before it is opened, and refuses one that must not be.
func inspect(dir string) (*marker, error) {
	mark, err := readMarker(dir)
	if err != nil {
		return nil, err
	}
	if err := mark.check(dir); err != nil {
		return nil, err
	}
	return mark, unseal(dir)
}

// publish tells other processes that this one has the store. The marker comes first: whoever reaches the socket finds it.
func (o *owner) publish(opts Options, mark *marker) error {
	now := time.Now()
	mark, err := mark.settle(opts.Dir, now)
	if err != nil {
		return err
	}
	self := process{PID: os.Getpid(), Version: version.String(), Started: now.UTC()}
	if err := writeJSON(filepath.Join(opts.Dir, ownerFile), self); err != nil {
		return err
	}
	l, err := listen(opts.socket)
	if err != nil {
		return err
	}
	logger := opts.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	o.server = http.Server{
		Handler:           http.HandlerFunc(o.serveSocket),
		ReadHeaderTimeout: 30 * time.Second,
		ConnState:         o.track,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
	o.listener = l
	o.accepted.Go(func() { _ = o.server.Serve(&greeter{Listener: l, line: ourHello(mark.ID).String()}) })
	return nil
}

// begin counts a call in; false when the owner is ending.
func (o *owner) begin() bool {
	o.gate.RLock()
	defer o.gate.RUnlock()
	if !o.ending {
		o.active.Add(1)
	}
	return !o.ending
}

func (o *owner) serve(w http.ResponseWriter, r *request) bool {
	if !o.begin() {
		return false
	}
	defer o.active.Done()
	o.handler.ServeHTTP(w, r.forHandler())
	return true
}

func (o *owner) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !o.begin() {
		w.Header().Set(refusedHeader, "1")
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer o.active.Done()
	o.handler.ServeHTTP(w, r)
}

// track follows the connections, and turns away one that falls idle while the owner is ending.
func (o *owner) track(c net.Conn, state http.ConnState) {
	o.connMu.Lock()
	defer o.connMu.Unlock()
	o.gate.RLock()
	ending := o.ending
	o.gate.RUnlock()
	switch {
	case state == http.StateClosed || state == http.StateHijacked:
		delete(o.conns, c)
	case ending && state != http.StateActive:
		turnAway(c)
	default:
		o.conns[c] = state
	}
}

// turnAway writes a refusal where no answer is being written, and closes.
func turnAway(c net.Conn) {
	_ = c.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = c.Write([]byte(refusal))
	_ = c.Close()
}

// close ends ownership: no new connections, no new calls; what has begun is answered; then the files are brought up to
// date and given up. The socket's file goes before the lock does, since afterwards it may be the next owner's.
func (o *owner) close() error {
	o.gate.Lock()
	ended := o.ending
	o.ending = true
	o.gate.Unlock()
	if ended {
		return nil
	}
	// Not server.Shutdown: it closes idle connections without a word, and a call on its way would be lost.
	_ = o.listener.Close()
	o.accepted.Wait()
	o.connMu.Lock()
	for c, state := range o.conns {
		if state != http.StateActive {
			turnAway(c)
		}
	}
	o.connMu.Unlock()
	o.active.Wait()
	if p := readProcess(filepath.Join(o.dir, ownerFile)); p != nil && p.PID == os.Getpid() {
		_ = os.Remove(filepath.Join(o.dir, ownerFile))
	}
	err := o.engine.Close()
	o.linger()
	return errors.Join(err, o.server.Close())
}

// linger waits for answers on their way out: the handler has returned, the server has yet to write. It is short because
// nothing but copying into sockets is left to do.
func (o *owner) linger() {
	for range 100 {
		o.connMu.Lock()
		busy := len(o.conns)
		for _, state := range o.conns {
			if state != http.StateActive {
				busy--
			}
		}
		o.connMu.Unlock()
		if busy == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
