// Package room lets requests take turns by what they need of something that all of them share, such as memory or processors.
package room

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// longestWait is how long a request waits for room before it is told that there is none.
const longestWait = 30 * time.Second

// ErrBusy is what Take gives when there was no room in time, or when the request has ended meanwhile.
var ErrBusy = errors.New("the server is busy with too many large requests")

// Room is what requests share of something, in bytes. A request takes all it will need of one room at once, and of several always in the same order, so
// requests never wait for each other in a circle. Make one with Of.
//
// A request waits by what it needs: one that needs little passes those that came before it and need much, so that small requests do not stand behind a queue of
// large ones; and it passes none that has waited while as much as that one needs was given to others, so that a large one gets its turn however many small ones come.
type Room struct {
	mu      sync.Mutex
	free    int64
	given   int64    // bytes that were taken, ever
	waiting []*claim // by due, and of equals in the order they came
}

type claim struct {
	bytes int64
	due   int64 // how many bytes may have been given, before it, to those that come after it
	ready chan struct{}
}

// Of makes a room of so many bytes, all of them free.
func Of(bytes int64) *Room { return &Room{free: bytes} }

// Take waits until there are so many bytes of room and takes them; ErrBusy when that takes longer than longestWait or the request ends. It calls crowded, which
// may be nil, before it begins to wait. What is more than the whole room never comes.
func (m *Room) Take(ctx context.Context, bytes int64, crowded func()) error {
	m.mu.Lock()
	if len(m.waiting) == 0 && m.free >= bytes {
		m.take(bytes)
		m.mu.Unlock()
		return nil
	}
	c := &claim{bytes, m.given + bytes, make(chan struct{})}
	at, _ := slices.BinarySearchFunc(m.waiting, c.due+1, func(w *claim, due int64) int { return cmp.Compare(w.due, due) })
	m.waiting = slices.Insert(m.waiting, at, c)
	m.admit()
	m.mu.Unlock()
	select {
	case <-c.ready:
		return nil
	default:
	}
	if crowded != nil {
		crowded()
	}
	ctx, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	select {
	case <-c.ready:
		return nil
	case <-ctx.Done():
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if i := slices.Index(m.waiting, c); i >= 0 {
		m.waiting = slices.Delete(m.waiting, i, i+1)
		m.admit() // those behind may fit
		return ErrBusy
	}
	return nil // it was given at the last moment
}

// Give gives bytes back and lets in those that fit now. Bytes below nothing are charged: they are in use already, and what is free may become less than
// nothing.
func (m *Room) Give(bytes int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.free += bytes
	m.admit()
}

// admit lets in those that fit. The lock is held.
func (m *Room) admit() {
	n := 0
	for n < len(m.waiting) && m.free >= m.waiting[n].bytes {
		m.take(m.waiting[n].bytes)
		close(m.waiting[n].ready)
		n++
	}
	m.waiting = slices.Delete(m.waiting, 0, n)
}

func (m *Room) take(bytes int64) {
	m.free -= bytes
	m.given += bytes
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
