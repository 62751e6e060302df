package storage

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/cockroachdb/pebble/v2"
)

// ErrFull says that the disk has no room; the batch was not applied.
var ErrFull = errors.New("the disk is full")

// Batch is a set of changes that happen together or not at all. It belongs to one goroutine.
type Batch struct {
	s     *Store
	b     *pebble.Batch
	grows int64 // bytes of items
}

// NewBatch starts an empty batch. Close it when done, committed or not.
func (s *Store) NewBatch() *Batch { return &Batch{s: s, b: s.db.NewBatch()} }

// Set writes a value. The slices are copied.
func (b *Batch) Set(key, value []byte) { _ = b.b.Set(key, value, nil) }

// Grow begins a write of a value of n bytes and returns where to put them; it saves copying the value once.
func (b *Batch) Grow(key []byte, n int) (value []byte, finish func() error) {
	op := b.b.SetDeferred(len(key), n)
	copy(op.Key, key)
	return op.Value, op.Finish
}

// Delete removes a key; one that is not there is no error.
func (b *Batch) Delete(key []byte) { _ = b.b.Delete(key, nil) }

// DeleteSpan removes all keys of a span at the cost of one.
func (b *Batch) DeleteSpan(sp Span) { _ = b.b.DeleteRange(sp.Start, sp.End, nil) }

// Count adds to a space's statistics. Adding nothing costs nothing.
func (b *Batch) Count(id SpaceID, delta Counts) {
	if delta != (Counts{}) {
		b.grows += delta.Bytes
		_ = b.b.Merge(CountKey(id), delta.encode(), nil)
	}
}

// Empty reports whether the batch changes nothing: Commit then does nothing.
func (b *Batch) Empty() bool { return b.b.Empty() }

// Len is how many bytes the batch takes in the log.
func (b *Batch) Len() int { return b.b.Len() }

// Commit applies the batch. When it returns nil the changes are visible and, on disk, survive the end of the process.
//
// Errors: ErrFull when there is no room, ErrClosed after Close, else the file system's own. After an error nothing of the
// batch is visible.
func (b *Batch) Commit() error { return b.commit(minFree) }

// CommitReserved is Commit for what is small and brings something to an end or makes room: states, definitions, removals. While a full disk refuses
// others it may use a part of the room that they leave.
func (b *Batch) CommitReserved() error { return b.commit(minReserve) }

func (b *Batch) commit(least uint64) (err error) {
	if b.b.Empty() {
		return nil
	}
	if err := b.s.usable(); err != nil {
		return err
	}
	if err := b.s.space.admit(b.b.Len(), least); err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = b.s.fail(b.s.panicError(p))
		}
	}()
	if err := b.b.Commit(b.s.write); err != nil {
		return writeError(err)
	}
	b.s.growth.add(b.grows)
	if least == minReserve && b.s.space.full() {
		// What was removed leaves the disk when it has left memory, and nothing else is written that would push it out.
		_, _ = b.s.db.AsyncFlush()
	}
	return b.s.usable() // a log that could not be written has failed the store before Pebble went on
}

// Close gives the batch's memory back. What was not committed is given up.
func (b *Batch) Close() { _ = b.b.Close() }

// ErrClosed says that the store has been closed. Nothing more can be read or written; open it again.
var ErrClosed = errors.New("the store is closed")

// panicError turns what Pebble panics with into an error: what the guard has refused, its own closing, and the failures of
// logger.Fatalf.
func (s *Store) panicError(p any) error {
	if failed := s.failed.Load(); failed != nil {
		return *failed
	}
	err, ok := p.(error)
	if !ok {
		panic(p)
	}
	if errors.Is(err, pebble.ErrClosed) {
		return ErrClosed
	}
	f, ok := errors.AsType[fatal](err)
	switch {
	case !ok:
		panic(p)
	case strings.Contains(f.text, syscall.ENOSPC.Error()):
		return fmt.Errorf("%w: %w", ErrFull, f)
	}
	return fmt.Errorf("the store cannot be written: %w", f)
}

func writeError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return fmt.Errorf("the store cannot be written: %w", err)
}
