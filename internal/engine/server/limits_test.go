package server

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine"
)

func TestRoom(t *testing.T) {
	m := &room{free: 10}
	ctx := t.Context()
	if err := m.take(ctx, 7); err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := m.take(gone, 7); !errors.Is(err, engine.ErrBusy) {
		t.Errorf("a request that ended while it waited: %v", err)
	}
	// What does not fit waits, and what comes later does not pass it.
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := m.take(ctx, 6); err != nil {
				t.Error(err)
				return
			}
			m.give(6)
		})
	}
	m.give(7)
	wg.Wait()
	if m.free != 10 || len(m.waiting) != 0 {
		t.Errorf("%d free and %d waiting at the end", m.free, len(m.waiting))
	}
}

func TestBoundTakesRoomOnce(t *testing.T) {
	m := &room{free: 2 * engine.MaxBody}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", io.NopCloser(strings.NewReader(strings.Repeat("x", freeBody+1000))))
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = -1 // as of a body in chunks
	r, done := m.bound(r)
	if n, err := io.CopyN(io.Discard, r.Body, freeBody); n != freeBody || err != nil || m.free != 2*engine.MaxBody {
		t.Errorf("%d bytes, %v, %d free: the first bytes are for nothing", n, err, m.free)
	}
	if n, err := io.Copy(io.Discard, r.Body); n != 1000 || err != nil || m.free != engine.MaxBody {
		t.Errorf("%d bytes, %v, %d free: more takes the room of the largest body", n, err, m.free)
	}
	done()
	if m.free != 2*engine.MaxBody {
		t.Errorf("%d free at the end", m.free)
	}
}

func TestSlots(t *testing.T) {
	inner, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := limit(inner, make(chan struct{}, 1))
	var clients []net.Conn
	for range 2 {
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		clients = append(clients, c)
	}
	first, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	second := make(chan net.Conn)
	go func() {
		c, err := l.Accept()
		if err != nil {
			t.Error(err)
		}
		second <- c
	}()
	select {
	case <-second:
		t.Error("two connections in one slot")
	default:
	}
	// Closing twice gives one place back, not two.
	_, _ = first.Close(), first.Close()
	c := <-second
	if c.RemoteAddr().String() != clients[1].LocalAddr().String() {
		t.Errorf("the second is %s", c.RemoteAddr())
	}
	ended := make(chan error)
	go func() {
		_, err := l.Accept()
		ended <- err
	}()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("an Accept that waits ends with %v", err)
	}
}
