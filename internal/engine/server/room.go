package server

import (
	"context"
	"sync"

	"github.com/ddb-cli/ddb/internal/engine"
)

// room is what requests share of something. A request takes all it will need of one room at once, and of several in their order (bodies, work), so
// requests never wait for each other in a circle.
type room struct {
	mu      sync.Mutex
	free    int64
	waiting []*claim // in the order they came
	slow    map[*slow]struct{}
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
	m.hurryAll()
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

// give gives bytes back and lets in those that fit now. Bytes below nothing are charged: they are in use already, and free may become less than nothing.
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
