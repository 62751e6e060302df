package mcp

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// eventually waits for what happens beside the test.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within a minute", what)
		}
	}
}

// listen opens the stream of a session, with further headers by name and value, and gives what closes when the server ends it.
func (f *httpFixture) listen(t *testing.T, session string, headers ...string) <-chan struct{} {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.base+endpointPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Mcp-Session-Id", session)
	r.Header.Set("Accept", "text/event-stream")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	own := &http.Transport{DisableKeepAlives: true}
	resp, err := own.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("listen: %s", resp.Status)
	}
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		close(ended)
	}()
	return ended
}

func closes(t *testing.T, what string, ended <-chan struct{}) {
	t.Helper()
	select {
	case <-ended:
	case <-time.After(60 * time.Second):
		t.Fatalf("%s: not within a minute", what)
	}
}

func TestHTTPSessionsEnd(t *testing.T) {
	f := serveOverHTTP(t, "", func(_ *Options, h *HTTPOptions) { h.SessionIdle = 80 * time.Millisecond })
	sessions := f.server.in.Load().bearers[0].sessions
	deleted, idle, kept := f.begin(t, nil), f.begin(t, nil), f.begin(t, nil)
	streamOfDeleted, streamOfKept := f.listen(t, deleted), f.listen(t, kept)
	if resp, text := f.send(t, http.MethodDelete, endpointPath, "", map[string]string{"Mcp-Session-Id": deleted}); resp.StatusCode != http.StatusOK {
		t.Errorf("DELETE: %s %s", resp.Status, text)
	}
	closes(t, "the stream of a session that was ended", streamOfDeleted)
	eventually(t, "the end of the unused session", func() bool { _, err := sessions.Validate(idle); return err != nil })
	if _, err := sessions.Validate(kept); err != nil {
		t.Errorf("a session that is listened to was ended: %v", err)
	}
	if err := f.stop(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	closes(t, "the stream of a server that stops", streamOfKept)
}

// TestHTTPStopFinishesCalls stops the server amid a call: the call is answered, and what comes after is not.
func TestHTTPStopFinishesCalls(t *testing.T) {
	f := serveOverHTTP(t, `{"faults":[{"operation":"ListTables","delay":"300ms"}]}`, nil)
	session := f.begin(t, nil)
	answered := make(chan string, 1)
	go func() {
		_, text := f.send(t, http.MethodPost, endpointPath, fmt.Sprintf(listLine, ""), map[string]string{"Mcp-Session-Id": session})
		answered <- text
	}()
	f.under(t, 1, reading)
	if err := f.stop(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	if text := <-answered; !strings.Contains(text, "TableNames") {
		t.Errorf("the call under way got %s", text)
	}
}

// TestHTTPCancelStopsTheCall cancels calls that the service answers in a minute, by the notification, by ending the
// session and by closing the connection: each lets go of its place at once.
func TestHTTPCancelStopsTheCall(t *testing.T) {
	f := serveOverHTTP(t, `{"faults":[{"operation":"ListTables","count":100,"delay":"60s"}]}`, nil)
	for _, k := range []struct {
		name   string
		cancel func(session string, disconnect func())
	}{
		// A notification that overtakes its request is to be ignored, so it is sent until the call ends.
		{"by the notification", func(session string, _ func()) {
			eventually(t, "the end of the call", func() bool {
				f.send(t, http.MethodPost, endpointPath, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`, map[string]string{"Mcp-Session-Id": session})
				return len(f.server.slots) == 0
			})
		}},
		{"by ending the session", func(session string, _ func()) {
			f.send(t, http.MethodDelete, endpointPath, "", map[string]string{"Mcp-Session-Id": session})
		}},
		{"by going away", func(_ string, disconnect func()) { disconnect() }},
	} {
		t.Run(k.name, func(t *testing.T) {
			session := f.begin(t, nil)
			ctx, disconnect := context.WithCancel(t.Context())
			defer disconnect()
			done := make(chan struct{})
			go func() {
				defer close(done)
				c := &httpCaller{f: f, transport: &http.Transport{DisableKeepAlives: true}, session: session}
				_, _ = c.call(ctx, 1, "list_tables", "{}")
			}()
			eventually(t, "the call", func() bool { return len(f.server.slots) == 1 })
			k.cancel(session, disconnect)
			eventually(t, "the end of the call", func() bool { return len(f.server.slots) == 0 })
			closes(t, "the client's request", done)
		})
	}
}

func TestHTTPRate(t *testing.T) {
	f := serveOverHTTP(t, "", func(_ *Options, h *HTTPOptions) { h.Rate = 0.001 }) // a burst of one
	f.begin(t, nil)
	resp, text := f.send(t, http.MethodPost, endpointPath, initializeLine, nil)
	if resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") != "1000" {
		t.Errorf("%s %s after %q; want 429, and to wait for 1,000 seconds", resp.Status, text, resp.Header.Get("Retry-After"))
	}
	if resp, _ := f.send(t, http.MethodGet, healthPath, "", nil); resp.StatusCode != http.StatusOK {
		t.Errorf("health: %s", resp.Status)
	}
}

// TestHTTPStateless makes calls without a session, as one of several servers behind a balancer sees them, and with both
// kinds of client.
func TestHTTPStateless(t *testing.T) {
	f := serveOverHTTP(t, "", func(_ *Options, h *HTTPOptions) { h.Stateless = true })
	resp, text := f.send(t, http.MethodPost, endpointPath, fmt.Sprintf(listLine, ""), nil)
	if resp.StatusCode != http.StatusOK || !strings.Contains(text, "TableNames") || resp.Header.Get("Mcp-Session-Id") != "" {
		t.Errorf("%s %s with session %q", resp.Status, text, resp.Header.Get("Mcp-Session-Id"))
	}
	if resp, _ := f.send(t, http.MethodGet, endpointPath, "", nil); resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("listening: %s", resp.Status)
	}
	library(t, f.connect(t, ""), 2)
}

// TestHTTPBrokenClients sends what is no request, or half of one: the server keeps nothing of it and serves on.
func TestHTTPBrokenClients(t *testing.T) {
	f := serveOverHTTP(t, "", nil)
	session := f.begin(t, nil)
	address := strings.TrimPrefix(f.base, "http://")
	head := "POST /mcp HTTP/1.1\r\nHost: " + address + "\r\nContent-Type: application/json\r\nMcp-Session-Id: " + session + "\r\n"
	for _, sent := range []string{
		"", "\x00\x01\x02", "POST /mcp", head, head + "Content-Length: 1000\r\n\r\n{\"jsonrpc\"",
		head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", head + "Content-Length: -1\r\n\r\n", head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
	} {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, sent)
		_ = conn.Close()
	}
	// One more goes away amid its answer.
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	body := `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	_, _ = fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(body), body)
	_, _ = bufio.NewReader(conn).ReadString('\n')
	_ = conn.Close()
	eventually(t, "the end of all requests", func() bool { return len(f.server.slots) == 0 })
	if resp, text := f.send(t, http.MethodPost, endpointPath, pingLine, map[string]string{"Mcp-Session-Id": session}); resp.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %s %s", resp.Status, text)
	}
}

func TestHTTPRefusesToBeReachedWithoutAToken(t *testing.T) {
	s := serveOverHTTP(t, "", nil).server
	if err := s.Admit(&net.TCPAddr{IP: net.IPv4zero, Port: 1}); err == nil {
		t.Error("0.0.0.0 is served without a token")
	}
	if err := s.Admit(&net.TCPAddr{IP: net.IPv6loopback, Port: 1}); err != nil {
		t.Error(err)
	}
}
