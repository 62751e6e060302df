package storage

import (
	"sync/atomic"
	"testing"
)

// A store tells once that it has grown, by what batches that were committed say, and again when it is opened as a large one.
func TestGrown(t *testing.T) {
	var told atomic.Int32
	o := Options{Dir: t.TempDir(), Grown: func() { told.Add(1) }}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	count := func(id SpaceID, bytes int64, commit bool, want int32) {
		t.Helper()
		b := s.NewBatch()
		defer b.Close()
		b.Count(id, Counts{Items: 1, Bytes: bytes})
		if commit {
			if err := b.Commit(); err != nil {
				t.Fatal(err)
			}
		}
		if got := told.Load(); got != want {
			t.Errorf("after %d bytes it was told %d times, want %d", bytes, got, want)
		}
	}
	count(1, grownBytes/2, true, 0)
	count(2, grownBytes, false, 0)
	count(2, grownBytes/2, true, 0)
	count(1, -grownBytes/4, true, 0)
	count(2, grownBytes/2, true, 1)
	count(2, grownBytes, true, 1)
	reopen := func(want int32) {
		t.Helper()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s, err = Open(o); err != nil {
			t.Fatal(err)
		}
		if got := told.Load(); got != want {
			t.Errorf("opened, it was told %d times, want %d", got, want)
		}
	}
	reopen(2)
	count(1, -grownBytes/4, true, 2)
	count(2, -2*grownBytes, true, 2)
	reopen(2)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
