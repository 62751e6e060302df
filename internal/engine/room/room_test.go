package room_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine/room"
)

func TestRoom(t *testing.T) {
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
