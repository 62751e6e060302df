package server

import (
	"bufio"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"
)

// TestIdleConnectionsMakeRoom fills all slots with connections that are between two requests: one more client is answered, and the one that was idle for
// the longest time has lost its connection.
func TestIdleConnectionsMakeRoom(t *testing.T) {
	inner, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := New(Options{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })})
	s.slots = make(chan struct{}, 3)
	done := make(chan error)
	go func() { done <- s.Serve(inner) }()
	ask := func(c net.Conn) string {
		if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			return err.Error()
		}
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			return "closed"
		}
		_, _ = io.Copy(io.Discard, res.Body)
		return res.Status
	}
	// rests waits until the server knows that a connection is between two requests, which it notes behind the answer.
	rests := func(c net.Conn) {
		for range 6000 {
			s.idle.mu.Lock()
			known := slices.ContainsFunc(slices.Collect(maps.Keys(s.idle.at)), func(k net.Conn) bool { return k.RemoteAddr().String() == c.LocalAddr().String() })
			s.idle.mu.Unlock()
			if known {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatal("an answered connection does not rest")
	}
	var clients []net.Conn
	for range 8 {
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		clients = append(clients, c)
		if got := ask(c); got != "200 OK" {
			t.Fatalf("client %d: %s", len(clients), got)
		}
		rests(c)
	}
	if got := ask(clients[7]); got != "200 OK" {
		t.Errorf("the last client: %s", got)
	}
	if n, err := clients[0].Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("the first client reads %d, %v; its connection was to be closed", n, err)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
