package mcp

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

// TestHTTPOverTLS serves with a certificate, to a client that speaks HTTP/2, and not to one that speaks without TLS.
func TestHTTPOverTLS(t *testing.T) {
	other := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate and a client that trusts it
	defer other.Close()
	pair := other.TLS.Certificates[0]
	s, err := NewHTTP(Options{Operations: ops.All, Version: "test", Env: &op.Env{}}, HTTPOptions{
		Certificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &pair, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	trusting := other.Client().Transport.(*http.Transport).Clone()
	trusting.ForceAttemptHTTP2 = true
	defer trusting.CloseIdleConnections()
	address := l.Addr().String()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+address+endpointPath, strings.NewReader(initializeLine))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := trusting.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Proto != "HTTP/2.0" || resp.Header.Get("Mcp-Session-Id") == "" {
		t.Errorf("%s over %s", resp.Status, resp.Proto)
	}
	r, err = http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+healthPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain := &http.Transport{DisableKeepAlives: true}
	if resp, err := plain.RoundTrip(r); err == nil {
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			t.Error("it answers without TLS")
		}
	}
}
