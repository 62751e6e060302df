package direct

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestTransport(t *testing.T) {
	var sawBody, sawURI, sawHost string
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		sawBody, sawURI, sawHost = string(b), r.RequestURI, r.Host
		w.Header().Set("X-Test", "yes")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "answer")
	})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://ddb.local/path?q=1", strings.NewReader("question"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := Transport(h).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusTeapot || string(body) != "answer" || resp.Header.Get("X-Test") != "yes" || resp.ContentLength != 6 {
		t.Errorf("answer %d %q %v", resp.StatusCode, body, resp.Header)
	}
	if sawBody != "question" || sawURI != "/path?q=1" || sawHost != "ddb.local" {
		t.Errorf("the handler saw body %q, URI %q, host %q", sawBody, sawURI, sawHost)
	}
}

func TestTransportCutConnection(t *testing.T) {
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://ddb.local/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := Transport(h).RoundTrip(req)
	if resp != nil {
		resp.Body.Close()
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v, want one of a cut connection", err)
	}
}

func TestTransportCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		w.WriteHeader(http.StatusOK)
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://ddb.local/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // cancelled while the handler runs, then before
		resp, err := Transport(h).RoundTrip(req)
		if resp != nil {
			resp.Body.Close()
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want context.Canceled", err)
		}
	}
}
