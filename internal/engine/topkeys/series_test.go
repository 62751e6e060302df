package topkeys

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func ask(s *Series, period time.Duration) Report {
	return s.Report(Question{Start: noon.Add(-24 * time.Hour), End: noon.Add(24 * time.Hour), Period: period, Most: 10})
}

// TestFewKeysAreExact counts three keys over four minutes and asks by two minutes.
func TestFewKeysAreExact(t *testing.T) {
	var s Series
	for i := range 4 {
		at := noon.Add(time.Duration(i) * time.Minute)
		s.Add(at, []byte("a"), 3)
		s.Add(at, []byte("a"), 1)
		s.Add(at, []byte("b"), 2)
	}
	s.Add(noon.Add(3*time.Minute), []byte("c"), 100)
	r := ask(&s, 2*time.Minute)
	if r.Sum != 124 || r.Unique != 3 || len(r.Points) != 2 {
		t.Fatalf("%+v", r)
	}
	if got := fmt.Sprint(r.Points[1]); got != "{2026-03-01 12:02:00 +0000 UTC 3 100 7 112 1 100}" {
		t.Errorf("the second point: %s", got)
	}
	want := "[{c 100 [{2026-03-01 12:02:00 +0000 UTC 100}]} " +
		"{a 16 [{2026-03-01 12:00:00 +0000 UTC 8} {2026-03-01 12:02:00 +0000 UTC 8}]} " +
		"{b 8 [{2026-03-01 12:00:00 +0000 UTC 4} {2026-03-01 12:02:00 +0000 UTC 4}]}]"
	if got := fmt.Sprint(r.Contributors); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if r := s.Report(Question{Start: noon.Add(time.Minute), End: noon.Add(2 * time.Minute), Period: time.Minute, Most: 1}); r.Sum != 6 || len(r.Contributors) != 1 {
		t.Errorf("one minute: %+v", r)
	}
}

// TestHotKeysAmongMany finds hot keys among a hundred thousand others, with memory for few, and how many there were.
func TestHotKeysAmongMany(t *testing.T) {
	var s Series
	rnd := rand.New(rand.NewPCG(1, 2))
	hot := map[string]float64{}
	const cold = 100_000
	for i := range cold {
		s.Add(noon, fmt.Appendf(nil, "cold-%d", i), 1)
		if rnd.IntN(4) == 0 {
			key := fmt.Sprintf("hot-%d", rnd.IntN(5))
			hot[key]++
			s.Add(noon, []byte(key), 1)
		}
	}
	r := ask(&s, time.Minute)
	for _, c := range r.Contributors[:5] {
		exact := hot[c.Key]
		// A count may be too high by at most the sum over the number of slots, and never too low.
		if exact == 0 || c.Sum < exact || c.Sum > exact+r.Sum/maxLive {
			t.Errorf("%s: counted %v, came %v times", c.Key, c.Sum, exact)
		}
	}
	if r.Unique < cold*9/10 || r.Unique > cold*11/10 {
		t.Errorf("%d different keys, there were %d", r.Unique, cold+5)
	}
}

// TestMemoryIsBounded keeps neither more minutes than the window nor more bytes than a series may take.
func TestMemoryIsBounded(t *testing.T) {
	var s Series
	for i := range 24 * 60 {
		s.Add(noon.Add(time.Duration(i)*time.Minute), []byte("k"), 1)
	}
	if n := s.Len(); n != int(Window/time.Minute) {
		t.Errorf("%d minutes are kept", n)
	}
	var long Series
	for i := range 60 {
		for k := range 2 * maxLive {
			long.Add(noon.Add(time.Duration(i)*time.Minute), fmt.Appendf(nil, "%3000d", k), 1)
		}
	}
	if long.bytes > maxBytes || long.Len() < 2 {
		t.Errorf("%d bytes in %d minutes", long.bytes, long.Len())
	}
	s.Add(noon.Add(-time.Hour), []byte("k"), 1) // a clock that went back
}

// TestCountingAllocatesNothing counts a key that is known without allocating.
func TestCountingAllocatesNothing(t *testing.T) {
	var s Series
	key := []byte("key")
	s.Add(noon, key, 1)
	if n := testing.AllocsPerRun(100, func() { s.Add(noon, key, 1) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
