package server

import (
	"sync"
	"time"
)

// A client that sends or takes slowly may do so, while nobody waits for the room it has. When somebody does, it gets hurryAfter from when it began, and a
// second more for each hurryRate bytes; then its connection ends.
const (
	hurryAfter = 10 * time.Second
	hurryRate  = 1 << 20
)

// slow is a request that has room and depends on its client.
type slow struct {
	room     *crowd
	until    time.Time
	mu       sync.Mutex
	deadline func(time.Time) error // of the connection; nil when the client has done its part
	hurried  bool
}

// watch notes that a request depends on its client while it has room for bytes.
func (m *crowd) watch(bytes int64, deadline func(time.Time) error) *slow {
	s := &slow{room: m, until: time.Now().Add(hurryAfter + time.Duration(bytes/hurryRate)*time.Second), deadline: deadline}
	m.mu.Lock()
	m.slow[s] = struct{}{}
	m.mu.Unlock()
	if m.Crowded() {
		s.hurry()
	}
	return s
}

func (s *slow) hurry() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.deadline != nil && !s.hurried {
		s.hurried = true
		_ = s.deadline(s.until) // a connection without deadlines is in process
	}
}

// end says that the client has done its part, or that the request is over. A nil slow has none.
func (s *slow) end() {
	if s == nil {
		return
	}
	s.room.mu.Lock()
	delete(s.room.slow, s)
	s.room.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hurried && s.deadline != nil {
		_ = s.deadline(time.Time{})
	}
	s.deadline = nil
}

// hurryAll hurries those that have room. The caller does not hold the lock.
func (m *crowd) hurryAll() {
	m.mu.Lock()
	all := make([]*slow, 0, len(m.slow))
	for s := range m.slow {
		all = append(all, s)
	}
	m.mu.Unlock()
	for _, s := range all {
		s.hurry()
	}
}
