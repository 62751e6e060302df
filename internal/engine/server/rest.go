package server

import (
	"runtime/debug"
	"sync"
	"time"
)

// What large requests took is garbage when they have been answered, and the collector, which has no reason to run while nothing happens, would keep it for
// minutes. So it is given back to the system when no large request has ended for restAfter: once for each burst of them, and by no clock that runs
// while there are none.
const (
	restAfter = time.Second
	restFrom  = 32 << 20 // less than so many bytes are not worth a collection
)

// rest gives memory back after large requests. The zero rest is ready.
type rest struct {
	mu    sync.Mutex
	owed  int64
	timer *time.Timer
}

// after notes that a request has ended for which so many bytes were taken.
func (s *rest) after(bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.owed += bytes; s.owed < restFrom {
		return
	}
	if s.timer == nil {
		s.timer = time.AfterFunc(restAfter, s.give)
		return
	}
	s.timer.Reset(restAfter)
}

func (s *rest) give() {
	s.mu.Lock()
	s.owed = 0
	s.mu.Unlock()
	debug.FreeOSMemory()
}

// stop ends what is planned.
func (s *rest) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil {
		s.timer.Stop()
	}
}
