// Package local lets several processes use one store: the first that opens it owns it and serves it on a socket beside
// the data, the others send it their requests, and one of them takes over when the owner is gone.
//
// To its user a Store is an http.Handler that answers the DynamoDB protocol and keeps answering; which process has the
// files open is nobody's concern. The rules that make this safe:
//
//   - Exactly one process has the files: the store's own lock decides.
//   - An owner that ends refuses what it has not begun, answers what it has, and then gives the files up.
//   - A peer sends a call again only when it was refused before its body was read. An answer that was lost is reported
//     as lost, because the write may have happened.
package local

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// patience is how long a process that can neither reach an owner nor become one goes on trying.
const patience = 2 * time.Second

// Options say which store to use and how. The engine's options are those of the owner: a process that finds one running
// uses the store as that process opened it.
type Options struct {
	engine.Options // Dir is the data folder; empty means memory, shared with nobody

	// RuntimeDir holds the socket when the data folder's path is too long for one. Default: a folder of this user's in
	// the system's folder for temporary files.
	RuntimeDir string

	// Hosts are further names clients may use for this machine when they call a server started by Serve.
	Hosts []string

	// Origins are those whose pages may call a server started by Serve from a browser; "*" is any.
	Origins []string

	socket string // where the owner listens; found by Open
}

// Store is an open store, owned by this process or by another one. Its methods may be called by any number of
// goroutines.
type Store struct {
	opts Options

	mu     sync.Mutex
	link   link // nil until needed again after an owner has gone
	closed bool
}

// link is one way to the data.
type link interface {
	// serve answers a request. It reports false when the request was refused untouched and has to go another way.
	serve(w http.ResponseWriter, r *request) bool
	close() error
}

// Open opens the store in o.Dir, or finds the process that has it open. An empty Dir makes a store in memory.
//
// Errors: *BusyError when a process that is no ddb, or one of another version, has the store; storage.ErrDamaged; a
// *VersionError for a store of a newer ddb; else what the file system says of the folder.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{opts: o}
	if o.Dir == "" {
		e, err := engine.Open(o.Options)
		if err != nil {
			return nil, err
		}
		s.link = &memory{e}
		return s, nil
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("data folder %s: %w", o.Dir, err)
	}
	s.opts.Dir = dir
	if err := prepareFolder(dir); err != nil {
		return nil, err
	}
	if s.opts.socket, err = socketPath(s.opts); err != nil {
		return nil, err
	}
	if s.link, err = s.connect(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// prepareFolder makes the data folder, for this user alone.
func prepareFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("cannot make the data folder: %w; name one you may write to with --data", err)
	}
	probe, err := os.CreateTemp(dir, ".probe-")
	if err != nil {
		return fmt.Errorf("cannot write to the data folder: %w; name one you may write to with --data", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// Handler answers requests of the DynamoDB protocol from the store, wherever it is open.
func (s *Store) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// Owner reports whether this process has the store's files open.
func (s *Store) Owner() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.link.(type) {
	case *owner, *memory:
		return true
	}
	return false
}

// Close ends the use of the store. An owner first answers what it has begun and brings everything to the disk's files.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.link == nil {
		return nil
	}
	return s.link.close()
}

func (s *Store) serve(w http.ResponseWriter, r *http.Request) {
	req := &request{Request: r}
	for {
		l, err := s.current(r.Context())
		if err != nil {
			engine.WriteError(w, http.StatusBadRequest, "LocalStoreException", err.Error())
			return
		}
		if l.serve(w, req) {
			return
		}
		s.drop(l)
	}
}

// current gives the way to the data, finding one if there is none.
func (s *Store) current(ctx context.Context) (link, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	if s.link != nil {
		return s.link, nil
	}
	l, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	s.link = l
	return l, nil
}

var errClosed = errors.New("the local store has been closed")

// drop forgets a way that leads nowhere any more.
func (s *Store) drop(l link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link == l && !s.closed {
		s.link = nil
		_ = l.close()
	}
}

// connect finds the owner or becomes it. Whoever loses the race for the lock looks for the winner's socket again, for as
// long as patience allows; the time starts anew whenever another process has taken the store.
func (s *Store) connect(ctx context.Context) (link, error) {
	deadline := time.Now().Add(patience)
	var last turn
	for wait := 2 * time.Millisecond; ; wait = min(2*wait, 40*time.Millisecond) {
		p, dialErr := dial(ctx, s.opts)
		if dialErr == nil {
			return p, nil
		}
		if fatal := new(BusyError); errors.As(dialErr, &fatal) {
			return nil, dialErr
		}
		o, err := own(s.opts)
		if err == nil {
			return o, nil
		}
		if !errors.Is(err, storage.ErrLocked) {
			return nil, err
		}
		if now := lastTurn(s.opts.Dir); now != last {
			last, deadline = now, time.Now().Add(patience)
		}
		if time.Now().After(deadline) {
			return nil, &BusyError{Dir: s.opts.Dir, PID: last.pid, Reason: "it does not answer on its socket"}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(jitter(wait)):
		}
	}
}

// memory is a store that no other process sees.
type memory struct{ e *engine.Engine }

func (m *memory) serve(w http.ResponseWriter, r *request) bool {
	m.e.Handler().ServeHTTP(w, r.forHandler())
	return true
}

func (m *memory) close() error { return m.e.Close() }
