// Package topkeys counts who contributes most to a rule of Contributor Insights: which keys of a table or index are
// accessed or throttled most, minute by minute, in bounded memory.
//
// Few keys are counted exactly. Where more of them come in a minute than there is room for, the busiest are kept with the
// space-saving algorithm (Metwally, Agrawal and El Abbadi, 2005), which never counts a key too low among those kept, and
// their number is estimated. A series keeps the last hours and forgets what is older.
package topkeys

import (
	"slices"
	"sync"
	"time"
)

// Limits of a series.
const (
	// Window is how long counts are kept.
	Window = 3 * time.Hour
	// maxLive is how many keys are counted at once in the minute under way, maxKept how many of them stay afterwards.
	maxLive = 400
	maxKept = 100
	// maxBytes is what the keys of a series may take; the oldest minutes go first.
	maxBytes = 4 << 20
	// keyOverhead is what a counted key takes beside its bytes, about.
	keyOverhead = 96
)

// Series is what one rule has counted. The zero value is empty. It may be used by any number of goroutines.
type Series struct {
	mu      sync.Mutex
	minutes []*minute // by time; the last one is under way
	bytes   int       // of keys in minutes that are over
}

// minute is what came in one minute.
type minute struct {
	at          int64 // minutes since 1970
	top         top
	unique      *sketch // nil while top holds every key of the minute
	count       int64
	sum         float64
	least, most float64
	bytes       int // of the keys kept, once the minute is over
}

// Add counts a contribution of key at a time. The key's bytes are copied where they are kept.
func (s *Series) Add(now time.Time, key []byte, value float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.minute(now.Unix() / 60)
	if m == nil {
		return
	}
	if m.count == 0 {
		m.least, m.most = value, value
	}
	m.count++
	m.sum += value
	m.least, m.most = min(m.least, value), max(m.most, value)
	m.top.add(key, value)
	switch {
	case m.unique != nil:
		m.unique.add(key)
	case len(m.top.slots) > maxKept:
		m.unique = new(sketch)
		for _, x := range m.top.slots {
			m.unique.add([]byte(x.key))
		}
	}
}

// minute finds the minute of a time, and begins it where it is later than all others; nil for one that is over and had
// nothing, which only a clock that goes back asks for.
func (s *Series) minute(at int64) *minute {
	n := len(s.minutes)
	if n > 0 && s.minutes[n-1].at >= at {
		i, ok := slices.BinarySearchFunc(s.minutes, at, func(m *minute, at int64) int { return int(m.at - at) })
		if !ok {
			return nil
		}
		return s.minutes[i]
	}
	if n > 0 {
		s.bytes += s.minutes[n-1].end()
	}
	m := &minute{at: at}
	s.minutes = append(s.minutes, m)
	s.trim(at)
	return m
}

// end keeps the busiest keys of a minute that is over, and gives the memory they take.
func (m *minute) end() int {
	m.bytes = m.top.shrink(maxKept)
	return m.bytes
}

// trim forgets what is older than the window, and more where keys are long.
func (s *Series) trim(now int64) {
	oldest := now - int64(Window/time.Minute)
	i := 0
	for i < len(s.minutes)-1 && (s.minutes[i].at <= oldest || s.bytes > maxBytes) {
		s.bytes -= s.minutes[i].bytes
		i++
	}
	s.minutes = slices.Delete(s.minutes, 0, i)
}

// Len is how many minutes are kept.
func (s *Series) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.minutes)
}
