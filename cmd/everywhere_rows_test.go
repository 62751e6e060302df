package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// Rows of many places that come in any order are printed place after place, in the order of the places.
func TestMergeKeepsOrder(t *testing.T) {
	var got []string
	const places, rows = 20, 500
	m := newMerge(t.Context(), places, rowWriter{
		write: func(r placed) error { got = append(got, string(r.line)); return nil },
		close: func() error { return nil },
	})
	var wait sync.WaitGroup
	for i := places - 1; i >= 0; i-- {
		wait.Go(func() {
			for n := range rows {
				if err := m.add(i, placed{line: fmt.Appendf(nil, "%d.%d", i, n)}); err != nil {
					t.Error(err)
				}
			}
			m.end(i)
		})
	}
	wait.Wait()
	if err := m.close(); err != nil {
		t.Fatal(err)
	}
	at := 0
	for i := range places {
		for n := range rows {
			if want := fmt.Sprintf("%d.%d", i, n); got[at] != want {
				t.Fatalf("row %d is %s, want %s", at, got[at], want)
			}
			at++
		}
	}
}

// A place that waits for its turn holds no more than its share, and an end from outside lets it go.
func TestMergeBoundsWhatWaits(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	m := newMerge(ctx, 2, rowWriter{write: func(placed) error { return nil }, close: func() error { return nil }})
	line := []byte(strings.Repeat("x", 100<<10))
	full := make(chan struct{})
	done := make(chan error)
	go func() {
		for n := 0; ; n++ {
			if n == heldBytes/len(line)+1 {
				close(full) // the next one waits
			}
			if err := m.add(1, placed{line: line}); err != nil {
				done <- err
				return
			}
		}
	}()
	<-full
	m.mu.Lock()
	held := m.bytes[1]
	m.mu.Unlock()
	if held > heldBytes+len(line) {
		t.Errorf("%d bytes are held, of %d", held, heldBytes)
	}
	why := errors.New("enough")
	cancel(why)
	if err := <-done; !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}
