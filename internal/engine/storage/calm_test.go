package storage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// countingHandler counts the errors that are logged.
type countingHandler struct {
	slog.Handler
	errors *atomic.Int64
}

func (h countingHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelError }

func (h countingHandler) Handle(context.Context, slog.Record) error {
	h.errors.Add(1)
	return nil
}

// A damaged file that its compaction meets again and again is met calmly: the store goes on with what it can read, and
// neither its log nor the processor is flooded.
func TestDamageDoesNotSpin(t *testing.T) {
	dir := t.TempDir()
	fill := func(s *Store, round int) {
		t.Helper()
		b := s.NewBatch()
		defer b.Close()
		for i := range 500 {
			b.Set(MetaKey(fmt.Sprintf("k%05d", i)), fmt.Appendf(nil, "%0100d", i*round))
		}
		if err := errors.Join(b.Commit(), s.db.Flush()); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	fill(s, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	spoil(t, filepath.Join(dir, "*.sst"))
	logged := new(atomic.Int64)
	if s, err = Open(Options{Dir: dir, Logger: slog.New(countingHandler{errors: logged})}); err != nil {
		t.Fatal(err)
	}
	for round := range 6 {
		fill(s, round)
	}
	time.Sleep(300 * time.Millisecond)
	if n := logged.Load(); n == 0 || n > 20 {
		t.Errorf("%d errors were logged", n)
	}
	b := s.NewBatch()
	b.Set(MetaKey("another"), []byte("x"))
	if err := b.Commit(); err != nil {
		t.Errorf("a write beside the damage: %v", err)
	}
	b.Close()
	if err := s.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
}
