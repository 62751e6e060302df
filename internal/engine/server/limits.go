package server

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
)

// Memory stays bounded however many clients there are and whatever they send: so many connections, each with a body up to
// freeBody for the asking, and room for so many bytes of larger bodies together.
const (
	maxConnections = 2048
	freeBody       = 256 << 10
	largeBodies    = 8 * engine.MaxBody
	roomWait       = 10 * time.Second
)

// room is what large bodies share. A request takes all it will need at once, before it goes on reading, so requests never
// wait for each other in a circle.
type room struct {
	mu      sync.Mutex
	free    int64
	waiting []*claim // in the order they came
}

type claim struct {
	bytes int64
	ready chan struct{}
}

// take waits until there are so many bytes of room; engine.ErrBusy when that takes too long or the request ends.
func (m *room) take(ctx context.Context, bytes int64) error {
	m.mu.Lock()
	if len(m.waiting) == 0 && m.free >= bytes {
		m.free -= bytes
		m.mu.Unlock()
		return nil
	}
	c := &claim{bytes, make(chan struct{})}
	m.waiting = append(m.waiting, c)
	m.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, roomWait)
	defer cancel()
	select {
	case <-c.ready:
		return nil
	case <-ctx.Done():
	}
	m.mu.Lock()
	for i, w := range m.waiting {
		if w == c {
			m.waiting = append(m.waiting[:i], m.waiting[i+1:]...)
			m.mu.Unlock()
			m.give(0) // those behind may fit
			return engine.ErrBusy
		}
	}
	m.mu.Unlock()
	return nil // it was given at the last moment
}

// give gives bytes back and lets in those that fit now.
func (m *room) give(bytes int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.free += bytes
	for len(m.waiting) > 0 && m.free >= m.waiting[0].bytes {
		m.free -= m.waiting[0].bytes
		close(m.waiting[0].ready)
		m.waiting = m.waiting[1:]
	}
}

// bounded is a request body that takes room before it grows beyond freeBody.
type bounded struct {
	io.ReadCloser
	room  *room
	ctx   context.Context
	whole int64 // of the body, as declared or at most
	read  int64
	taken int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.read >= freeBody && b.taken == 0 {
		if err := b.room.take(b.ctx, b.whole); err != nil {
			return 0, err
		}
		b.taken = b.whole
	}
	if b.taken == 0 {
		p = p[:min(int64(len(p)), freeBody-b.read)]
	}
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	return n, err
}

// bound puts the limit around the body of a request that may be large. The room is kept until the answer is written, since
// what was made of the body lives as long; done gives it back.
func (m *room) bound(r *http.Request) (bounding *http.Request, done func()) {
	if r.ContentLength >= 0 && r.ContentLength <= freeBody || r.ContentLength > engine.MaxBody {
		return r, func() {}
	}
	b := &bounded{ReadCloser: r.Body, room: m, ctx: r.Context(), whole: engine.MaxBody}
	if r.ContentLength > 0 {
		b.whole = r.ContentLength
	}
	r.Body = b
	return r, func() {
		if b.taken > 0 {
			m.give(b.taken)
		}
	}
}

// slots is a listener that accepts so many connections at a time; the others wait in the system's queue.
type slots struct {
	net.Listener
	free chan struct{}
	done chan struct{}
	once sync.Once
}

// Limit makes a listener that keeps to n connections at a time.
func Limit(l net.Listener, n int) net.Listener { return limit(l, make(chan struct{}, n)) }

func limit(l net.Listener, free chan struct{}) net.Listener {
	return &slots{Listener: l, free: free, done: make(chan struct{})}
}

// Accept waits for a free slot, then for a connection.
func (s *slots) Accept() (net.Conn, error) {
	select {
	case s.free <- struct{}{}:
	case <-s.done:
		return nil, net.ErrClosed
	}
	c, err := s.Listener.Accept()
	if err != nil {
		<-s.free
		return nil, err
	}
	return &slot{Conn: c, free: s.free}, nil
}

// Close closes the listener and wakes an Accept that waits for a slot.
func (s *slots) Close() error {
	s.once.Do(func() { close(s.done) })
	return s.Listener.Close()
}

// slot is a connection that gives its place back when it is closed.
type slot struct {
	net.Conn
	free chan struct{}
	once sync.Once
}

// Close closes the connection.
func (c *slot) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() { <-c.free })
	return err
}

// CloseWrite ends the sending side, as net/http does before it drops a connection whose client still sends.
func (c *slot) CloseWrite() error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		return tcp.CloseWrite()
	}
	return errors.ErrUnsupported
}
