// Package storage is the engine's ordered key-value store: Pebble on disk or in memory, by one code path.
//
// It knows keys, batches, iterators and snapshots, and how rows are laid out so that DynamoDB's order is the order of
// bytes. What a row means is the business of the layers above. Pebble is imported here and nowhere else.
package storage

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// FormatVersion is the layout of keys and values this version writes. A store with a higher one was written by a newer
// ddb and is refused by name; a store with a lower one opens, and has this one from then on.
//
// 1: partitions in the order of Hash. 2: each table and index says in which order its partitions are.
const FormatVersion = 2

// Sizes chosen for the resident memory goals of the engine (35 MB idle, 80 MB after 5,000 items of 1 KB), not for the
// last percent of throughput: Pebble's own defaults cost 77 MB for the same load, and memtables of 8 MB cost 90.
const (
	memTable     = 4 << 20
	blockCache   = 20 << 20 // what the memtables take of it is not there for blocks
	blockSize    = 16 << 10
	indexSize    = 64 << 10 // of an index block; small ones make an index of two levels, a second search in each read
	maxOpenFiles = 256

	// Small memtables must not mean that every 16 MB written rewrite a whole large table, whose keys are hashes and so lie all
	// over it. Level 0 gathers four files before it is merged into the next level, that one is kept small, and each level below
	// has at most five times as much: a store of a gigabyte has three, through which a row goes in steps of three or four times
	// what comes, where two levels made it ten times each. Sizes count compressed bytes, a tenth or less of the rows of most tables.
	// A read looks into one file more.
	l0Files   = 8 // Pebble counts each file of depth twice
	nextSize  = 2 << 20
	levelStep = 5

	// Rows that have sunk below level 0 are read by the page rather than by the key, and what loading a block costs, beside
	// expanding it, is paid half as often.
	sunkBlockSize = 32 << 10
)

// backgroundPause is how long background work that has failed waits before it is tried again.
const backgroundPause = 100 * time.Millisecond

// Options says where a store lives and how durable its writes are.
type Options struct {
	// Dir is the directory of a store on disk, created if absent. Empty means memory: nothing is written anywhere and
	// everything is gone at Close.
	Dir string
	// Sync makes a commit wait for the disk, so that it survives power loss. Without it a commit waits until the log
	// is in the kernel, which survives the end of the process at any instant (see FlushFS).
	Sync bool
	// FS replaces the operating system's files, for tests that inject faults. Nil means the real ones.
	FS vfs.FS
	// Logger receives Pebble's complaints. Nil discards them.
	Logger *slog.Logger
	// Opening runs before the files of a store on disk are opened and Closed after they have been closed without an
	// error, both while this process has the store's lock: nobody else changes the files meanwhile. An error of Opening is
	// that of Open. Nil does nothing.
	Opening, Closed func() error
	// Grown runs once when the store's items have come to more than 128 MB, which may be when it is opened: the cache no longer holds what is read, and
	// blocks that are loaded keep the collector busy. Nil does nothing.
	Grown func()
}

// Store is an open key-value store. Its methods may be called by any number of goroutines.
type Store struct {
	db     *pebble.DB
	lock   io.Closer // nil in memory
	write  *pebble.WriteOptions
	memory bool
	dir    string
	closed func() error
	space  *space // nil in memory
	guard  *guard // nil in memory
	growth *growth
	failed atomic.Pointer[error]
	work   struct{ gets, seeks, steps atomic.Int64 }
}

// ErrLocked says that another process has the store open. Processes share a store through package local instead.
var ErrLocked = errors.New("the store is open in another process")

// fail takes the store out of use after an error that leaves Pebble's memory and its log in disagreement. What the log
// has is there when the store is opened again.
func (s *Store) fail(err error) error {
	if !errors.Is(err, ErrClosed) {
		s.failed.CompareAndSwap(nil, &err)
	}
	return err
}

// usable is the error that took the store out of use, nil while there is none.
func (s *Store) usable() error {
	if p := s.failed.Load(); p != nil {
		return fmt.Errorf("%w; nothing that was acknowledged is lost: end this process and start again", *p)
	}
	return nil
}

// Close writes what is in memory to its place and closes the store. Flushing first makes the next open quick: 5 ms
// instead of 44 ms after an 8 MB log.
func (s *Store) Close() error {
	if s.memory {
		return s.db.Close()
	}
	defer s.giveLock()
	if s.usable() != nil {
		// Pebble cannot close what it has failed at, and its background work may go on. It changes nothing any more, so
		// another process may have the store: the log has what was acknowledged.
		s.guard.freeze(errFrozen)
		return nil
	}
	if err := s.closePebble(); err != nil || s.closed == nil {
		return err
	}
	return s.closed()
}

// closePebble flushes and closes, or gives up when a write fails on the way: Pebble would wait for its own work for ever.
func (s *Store) closePebble() error {
	if s.memory {
		return s.db.Close()
	}
	done := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- s.fail(s.panicError(p))
			}
		}()
		done <- errors.Join(s.db.Flush(), s.db.Close())
	}()
	select {
	case err := <-done:
		return errors.Join(err, s.usable())
	case <-s.guard.frozen:
		return s.usable()
	}
}

// InMemory reports whether the store keeps nothing beyond Close.
func (s *Store) InMemory() bool { return s.memory }

// Dir is the store's directory, empty in memory.
func (s *Store) Dir() string { return s.dir }
