package otlp

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestParseTraceparent(t *testing.T) {
	good, ok := ParseTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	if !ok || !good.Sampled || good.SpanID != "b7ad6b7169203331" {
		t.Errorf("%+v, %v", good, ok)
	}
	for _, bad := range []string{
		"", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		"00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
		"00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-zzf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
	} {
		if got, ok := ParseTraceparent(bad); ok {
			t.Errorf("%q is read as %+v", bad, got)
		}
	}
}

// TestSampling keeps about as many traces as asked for, and none of a caller that keeps none.
func TestSampling(t *testing.T) {
	posts := make(chan struct{}, 10)
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { posts <- struct{}{} }))
	defer s.Close()
	e := New(Config{TracesURL: s.URL, Ratio: 0.25, TraceDelay: time.Hour, Client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}})
	for range 4000 {
		e.Start(Trace{}, "a", KindServer).End()
	}
	if n := len(e.spans) + e.dropped; n < 800 || n > 1200 {
		t.Errorf("%d of 4,000 traces are kept; want about 1,000", n)
	}
	before := len(e.spans)
	e.Start(Trace{TraceID: newID(16), SpanID: newID(8)}, "b", KindServer).End()
	if len(e.spans) != before {
		t.Error("a span of a caller that keeps none is kept")
	}
	e.Close(t.Context())
	if len(posts) != 1 {
		t.Errorf("%d posts; want 1", len(posts))
	}
}

// TestBoundedWithoutACollector fills the queue and the series of an exporter whose collector does not answer.
func TestBoundedWithoutACollector(t *testing.T) {
	e := New(Config{TracesURL: "http://127.0.0.1:1/", MetricsURL: "http://127.0.0.1:1/", Ratio: 1, TraceDelay: time.Hour})
	for i := range 3 * maxQueue {
		e.Start(Trace{}, "a", KindServer).End()
		e.Seconds("d", time.Second, "n", newID(4))
		e.Add("c", "1", float64(i), "n", newID(4))
	}
	if len(e.spans) > maxQueue || len(e.series) > maxSeries+1 || len(e.sums) > maxSeries+1 {
		t.Errorf("%d spans, %d and %d series are kept", len(e.spans), len(e.series), len(e.sums))
	}
	e.Close(t.Context())
}

// TestACollectorThatFails is told of once when it begins and once when it is over, however many posts are lost between.
func TestACollectorThatFails(t *testing.T) {
	var broken atomic.Bool
	broken.Store(true)
	var posts atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		posts.Add(1)
		if broken.Load() {
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	defer s.Close()
	var log strings.Builder
	e := New(Config{TracesURL: s.URL, Ratio: 1, TraceDelay: time.Hour, Logger: slog.New(slog.NewTextHandler(&log, nil)), Client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}})
	send := func() {
		e.Start(Trace{}, "a", KindServer).End()
		e.sendSpans(t.Context())
	}
	for range 20 {
		send()
	}
	broken.Store(false)
	send()
	e.Close(t.Context())
	if posts.Load() != 21 || strings.Count(log.String(), "\n") != 2 || !strings.Contains(log.String(), "502") || !strings.Contains(log.String(), "lost_posts=20") {
		t.Errorf("%d posts, and the log says:\n%s", posts.Load(), log.String())
	}
}

// TestCloseWaitsForNoCollector ends an exporter whose collector takes a post and says nothing.
func TestCloseWaitsForNoCollector(t *testing.T) {
	asked, release := make(chan struct{}, 9), make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked <- struct{}{}; <-release }))
	defer s.Close()
	defer close(release)
	e := New(Config{TracesURL: s.URL, Ratio: 1, TraceDelay: time.Millisecond, Timeout: time.Hour, Client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}})
	e.Start(Trace{}, "a", KindServer).End()
	<-asked
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	ended := make(chan struct{})
	go func() { e.Close(ctx); close(ended) }()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Fatal("a collector that says nothing holds up the end")
	}
}
