package storage

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/storage/storagetest"
)

// within waits until something is done.
func within(t *testing.T, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("somebody waits for a store that has failed")
	}
}

// holdLock takes Pebble's own lock, as work may that met a failing disk. It has no name outside of Pebble.
func holdLock(t *testing.T, s *Store) (unlock func()) {
	t.Helper()
	mu := reflect.ValueOf(s.db).Elem().FieldByName("mu").FieldByName("Mutex")
	if !mu.IsValid() {
		t.Fatal("Pebble's lock has another place now")
	}
	lock := (*sync.Mutex)(mu.Addr().UnsafePointer())
	lock.Lock()
	return lock.Unlock
}

// A failed store gives out snapshots that read nothing, and nobody waits for Pebble's locks, whichever change fails.
func TestSnapshotsOfAFailedStore(t *testing.T) {
	for at := int64(1); at < 60; at += 4 {
		disk := storagetest.New()
		s, err := Open(Options{Dir: "store", FS: disk})
		if err != nil {
			t.Fatal(err)
		}
		before := s.Snapshot()
		disk.FailAt(at, errors.New("the disk is gone"), true)
		for i := 0; err == nil; i++ {
			b := s.NewBatch()
			b.Set(MetaKey(fmt.Sprint("k", i)), make([]byte, 100_000))
			err = b.Commit()
			b.Close()
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			snap := s.Snapshot()
			for _, snap := range []*Snapshot{snap, before} {
				if _, _, err := snap.Get(MetaKey("k0"), nil); err == nil {
					t.Error("a snapshot of a failed store was read")
				}
				if _, err := snap.Iter(Span{}); err == nil {
					t.Error("a snapshot of a failed store was walked")
				}
				snap.Close()
			}
		}()
		within(t, done)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A snapshot that is asked for while the lock is taken does not wait for it once the store has failed.
func TestSnapshotDoesNotWaitForAFailedStore(t *testing.T) {
	disk := storagetest.New()
	s, err := Open(Options{Dir: "store", FS: disk})
	if err != nil {
		t.Fatal(err)
	}
	unlock := holdLock(t, s)
	defer unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Snapshot().Close()
	}()
	select {
	case <-done:
		t.Fatal("the lock was not held")
	case <-time.After(20 * time.Millisecond):
	}
	s.guard.freeze(errors.New("the disk is gone"))
	within(t, done)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
