package room_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine/room"
)

func TestRequestsTakeTurns(t *testing.T) {
	m := room.Of(10)
	ctx := t.Context()
	if err := m.Take(ctx, 7, nil); err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	crowded := 0
	if err := m.Take(gone, 7, func() { crowded++ }); !errors.Is(err, room.ErrBusy) || crowded != 1 {
		t.Errorf("a request that ended while it waited: %v, told %d times", err, crowded)
	}
	// What does not fit waits, and what comes later does not pass it.
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := m.Take(ctx, 6, nil); err != nil {
				t.Error(err)
				return
			}
			m.Give(6)
		})
	}
	m.Give(7)
	wg.Wait()
	if m.Free() != 10 || m.Crowded() {
		t.Errorf("%d free at the end, crowded: %t", m.Free(), m.Crowded())
	}
}

// TestSmallClaimsPassLargeOnes holds that one who needs little does not wait behind those who need much, and that nobody is passed for ever: by no more than
// what he needs himself.
func TestSmallClaimsPassLargeOnes(t *testing.T) {
	m := room.Of(10)
	if err := m.Take(t.Context(), 10, nil); err != nil {
		t.Fatal(err)
	}
	order := make(chan string, 100)
	// claim waits behind whoever waits already, and is in order once it waits.
	claim := func(name string, bytes int64) {
		waits := make(chan struct{})
		go func() {
			if err := m.Take(t.Context(), bytes, func() { close(waits) }); err != nil {
				t.Error(err)
			}
			order <- name
		}()
		<-waits
	}
	claim("large 1", 5)
	claim("large 2", 5)
	claim("small 1", 1)
	for _, want := range []string{"small 1", "large 1"} {
		m.Give(map[string]int64{"small 1": 1, "large 1": 5}[want])
		if got := <-order; got != want {
			t.Errorf("%s is next, want %s", got, want)
		}
	}
	// 6 bytes were given since "large 2" came, so it is passed no more.
	claim("small 2", 1)
	m.Give(4)
	select {
	case got := <-order:
		t.Errorf("%s is next, want none before there is room for large 2", got)
	default:
	}
	m.Give(1)
	if got := <-order; got != "large 2" {
		t.Errorf("%s is next, want large 2", got)
	}
	m.Give(1)
	if got := <-order; got != "small 2" || m.Crowded() {
		t.Errorf("%s is the last, crowded: %t", got, m.Crowded())
	}
}
