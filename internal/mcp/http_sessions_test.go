package mcp

import (
	"testing"
	"time"
)

// A token has so many sessions. One more ends the one unused for longest, and is refused where all are in use.
func TestHTTPSessionsAreBounded(t *testing.T) {
	s := newHTTPSessions()
	now := time.Now()
	s.now = func() time.Time { now = now.Add(time.Second); return now }
	ids := make([]string, maxSessions)
	for i := range ids {
		if id, full := s.oldest(); id != "" || full {
			t.Fatalf("%d sessions: %q ends, full %v", i, id, full)
		}
		ids[i] = s.Generate()
	}
	if id, full := s.oldest(); id != ids[0] || full {
		t.Errorf("the first does not end: %q, full %v", id, full)
	}
	_, leave, _ := s.enter(t.Context(), ids[0])
	if id, _ := s.oldest(); id != ids[1] {
		t.Error("a session in use ends")
	}
	leave()
	if id, _ := s.oldest(); id != ids[1] {
		t.Error("a session used just now ends first")
	}
	for _, id := range ids {
		if _, _, ok := s.enter(t.Context(), id); !ok {
			t.Fatal("a session is gone")
		}
	}
	if id, full := s.oldest(); id != "" || !full {
		t.Errorf("all are in use, and %q ends, full %v", id, full)
	}
	if _, _, ok := s.enter(t.Context(), "nobody's"); ok {
		t.Error("a session nobody began is entered")
	}
	for range maxStreams {
		if _, _, ok := s.listen(t.Context(), ids[0]); !ok {
			t.Fatal("a stream is refused")
		}
	}
	if _, _, ok := s.listen(t.Context(), ids[0]); ok {
		t.Errorf("more than %d streams listen to one session", maxStreams)
	}
}
