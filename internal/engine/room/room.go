// Package room lets requests take turns by what they need of something that all of them share, such as memory.
package room

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Wait is how long a request waits for room before it is told that there is none.
const Wait = 30 * time.Second

// ErrBusy is what Take gives when there was no room in time, or when the request has ended meanwhile.
var ErrBusy = errors.New("the server is busy with too many large requests")

// Room is what requests share of something, in bytes. A request takes all it will need of one room at once, and of several always in the same order, so
// requests never wait for each other in a circle. Make one with Of.
type Room struct {
	mu      sync.Mutex
	free    int64
	waiting []*claim // in the order they came
}

type claim struct {
	bytes int64
	ready chan struct{}
}

// Of makes a room of so many bytes, all of them free.
func Of(bytes int64) *Room { return &Room{free: bytes} }

// Take waits until there are so many bytes of room and takes them; ErrBusy when that takes longer than Wait or the request ends. It calls crowded, which
// may be nil, before it begins to wait. What is more than the whole room never comes.
func (m *Room) Take(ctx context.Context, bytes int64, crowded func()) error {
	m.mu.Lock()
	if len(m.waiting) == 0 && m.free >= bytes {
		m.free -= bytes
		m.mu.Unlock()
		return nil
	}
	c := &claim{bytes, make(chan struct{})}
	m.waiting = append(m.waiting, c)
	m.mu.Unlock()
	if crowded != nil {
		crowded()
	}
	ctx, cancel := context.WithTimeout(ctx, Wait)
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
			m.Give(0) // those behind may fit
			return ErrBusy
		}
	}
	m.mu.Unlock()
	return nil // it was given at the last moment
}

// Give gives bytes back and lets in those that fit now. Bytes below nothing are charged: they are in use already, and what is free may become less than
// nothing.
func (m *Room) Give(bytes int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.free += bytes
	for len(m.waiting) > 0 && m.free >= m.waiting[0].bytes {
		m.free -= m.waiting[0].bytes
		close(m.waiting[0].ready)
		m.waiting = m.waiting[1:]
	}
}

// Free is how many bytes are free now, less than nothing when more is charged than there was.
func (m *Room) Free() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.free
}

// Crowded reports whether anybody waits. The next one who asks waits behind them, however little is wanted.
func (m *Room) Crowded() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.waiting) > 0
}
