package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine"
)

func drive(t *testing.T, h http.Handler, items int, check bool) []result {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	w := workload{client: newClient(server.URL, 2), items: items, clients: 2, check: check, cpu: func() float64 { return 0 }}
	results, err := w.drive(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// The driver and the limit agree on the protocol: every operation is answered, and a Scan follows all pages to their end.
func TestDriveFloor(t *testing.T) {
	const items = 2500
	f := newFloor(items)
	if len(f.pages) != 3 {
		t.Fatalf("%d pages for %d items, want 3", len(f.pages), items)
	}
	results := drive(t, f, items, false)
	if len(results) != len(goals) {
		t.Errorf("%d results, want one for each of the %d goals", len(results), len(goals))
	}
	for _, r := range results {
		if _, ok := goals[r.name]; !ok {
			t.Errorf("%s has no goal", r.name)
		}
		if r.median <= 0 || r.p99 < r.median {
			t.Errorf("%s: median %v, p99 %v", r.name, r.median, r.p99)
		}
	}
}

// What is measured on the engine is checked to be true, so a quick wrong answer is no good figure.
func TestDriveEngine(t *testing.T) {
	e, err := engine.Open(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	drive(t, e.Handler(), 300, true)
}

func TestOnlyLoopback(t *testing.T) {
	for text, ok := range map[string]bool{
		"http://127.0.0.1:8000":                    true,
		"http://localhost:8000":                    true,
		"http://[::1]:8000":                        true,
		"https://dynamodb.us-east-1.amazonaws.com": false,
		"http://10.0.0.1:8000":                     false,
		"http://localhost.example.com:8000":        false,
	} {
		if err := loopback(text); (err == nil) != ok {
			t.Errorf("loopback(%q) = %v, want accepted: %v", text, err, ok)
		}
	}
	var e endpoints
	if err := e.Set("java=http://127.0.0.1:8001@4711"); err != nil {
		t.Fatal(err)
	}
	if e[0] != (endpoint{"java", "http://127.0.0.1:8001", 4711}) {
		t.Errorf("got %+v", e[0])
	}
	for _, bad := range []string{"", "http://127.0.0.1:8001", "java=http://127.0.0.1:1@x", "aws=https://dynamodb.us-east-1.amazonaws.com"} {
		if err := e.Set(bad); err == nil {
			t.Errorf("Set(%q) is accepted", bad)
		}
	}
}
