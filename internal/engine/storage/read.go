package storage

import (
	"errors"
	"fmt"
	"math"

	"github.com/cockroachdb/pebble/v2"
)

// Getter reads single keys: of a Store as it is now, or of a Snapshot.
type Getter interface {
	// Get appends the value of key to dst. ok is false when there is none.
	Get(key, dst []byte) (value []byte, ok bool, err error)
	// GetUpTo is Get for a value of at most so many bytes. The size of a longer one is in long, and nothing is appended.
	GetUpTo(most int, key, dst []byte) (value []byte, long int, ok bool, err error)
}

// Reader is the store as it is now or as it was at a snapshot.
type Reader interface {
	Getter
	// Iter walks a span. Close the iterator.
	Iter(span Span) (*Iter, error)
}

// Get appends the value of key to dst.
func (s *Store) Get(key, dst []byte) ([]byte, bool, error) {
	value, _, ok, err := s.GetUpTo(math.MaxInt, key, dst)
	return value, ok, err
}

// GetUpTo is Get for a value of at most so many bytes.
func (s *Store) GetUpTo(most int, key, dst []byte) (value []byte, long int, ok bool, err error) {
	if err := s.usable(); err != nil {
		return dst, 0, false, err
	}
	return s.get(s.db, most, key, dst)
}

// Iter walks a span as it is at this instant; later writes do not show.
func (s *Store) Iter(span Span) (*Iter, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	return s.iter(s.db, span)
}

// Snapshot keeps the present state of the store for reading. Close it. Of a store that has failed it reads nothing, and says so.
func (s *Store) Snapshot() *Snapshot {
	snap := &Snapshot{store: s}
	if s.memory {
		snap.s = s.db.NewSnapshot()
		return snap
	}
	if s.usable() != nil {
		return snap
	}
	made := make(chan *pebble.Snapshot, 1)
	go func() { made <- s.db.NewSnapshot() }()
	select {
	case snap.s = <-made:
	case <-s.guard.frozen:
	}
	return snap
}

// Snapshot is the state of the store at one instant.
//
// Making one and closing it take Pebble's lock, which work that met a failing disk may hold for ever (see guard). Neither
// waits for a store that has failed.
type Snapshot struct {
	s     *pebble.Snapshot // nil when the store had failed
	store *Store
}

// Get appends the value of key to dst.
func (s *Snapshot) Get(key, dst []byte) ([]byte, bool, error) {
	value, _, ok, err := s.GetUpTo(math.MaxInt, key, dst)
	return value, ok, err
}

// GetUpTo is Get for a value of at most so many bytes.
func (s *Snapshot) GetUpTo(most int, key, dst []byte) (value []byte, long int, ok bool, err error) {
	if err := s.store.usable(); err != nil {
		return dst, 0, false, err
	}
	return s.store.get(s.s, most, key, dst)
}

// Iter walks a span.
func (s *Snapshot) Iter(span Span) (*Iter, error) {
	if err := s.store.usable(); err != nil {
		return nil, err
	}
	return s.store.iter(s.s, span)
}

// Close lets the store forget the state.
func (s *Snapshot) Close() {
	if s.store.memory {
		_ = s.s.Close()
		return
	}
	if s.s == nil {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.s.Close()
	}()
	select {
	case <-done:
	case <-s.store.guard.frozen:
	}
}

func (s *Store) get(r pebble.Reader, most int, key, dst []byte) (value []byte, long int, ok bool, err error) {
	s.work.gets.Add(1)
	v, closer, err := r.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return dst, 0, false, nil
	}
	if err != nil {
		return dst, 0, false, readError(err)
	}
	if len(v) > most {
		return dst, len(v), true, closer.Close()
	}
	dst = append(dst, v...)
	return dst, 0, true, closer.Close()
}

func (s *Store) iter(r pebble.Reader, span Span) (*Iter, error) {
	it, err := r.NewIter(&pebble.IterOptions{LowerBound: span.Start, UpperBound: span.End})
	if err != nil {
		return nil, readError(err)
	}
	return &Iter{it: it, store: s}, nil
}

// readError names damage as such, so that nothing wrong is ever served.
func readError(err error) error {
	if pebble.IsCorruptionError(err) {
		return &damage{err}
	}
	return fmt.Errorf("the store cannot be read: %w", err)
}

// Iter is a position in a span. It starts nowhere: First, Last, Seek or SeekBefore put it somewhere.
type Iter struct {
	it           *pebble.Iterator
	store        *Store
	seeks, steps int64
}

// First goes to the first key of the span; false where it has none. Here and below, false may be an error too, which Close tells.
func (i *Iter) First() bool { i.seeks++; return i.it.First() }

// Last goes to the last key.
func (i *Iter) Last() bool { i.seeks++; return i.it.Last() }

// Next goes on to the next key.
func (i *Iter) Next() bool { i.steps++; return i.it.Next() }

// Prev goes back to the key before.
func (i *Iter) Prev() bool { i.steps++; return i.it.Prev() }

// Seek goes to the first key at or after key.
func (i *Iter) Seek(key []byte) bool { i.seeks++; return i.it.SeekGE(key) }

// SeekBefore goes to the last key before key.
func (i *Iter) SeekBefore(key []byte) bool { i.seeks++; return i.it.SeekLT(key) }

// Valid reports whether the iterator is at a key.
func (i *Iter) Valid() bool { return i.it.Valid() }

// Key is the present key, valid until the iterator moves.
func (i *Iter) Key() []byte { return i.it.Key() }

// Value is the present value, valid until the iterator moves.
func (i *Iter) Value() ([]byte, error) {
	v, err := i.it.ValueAndErr()
	if err != nil {
		return nil, readError(err)
	}
	return v, nil
}

// Close ends the walk and returns what went wrong on it.
func (i *Iter) Close() error {
	i.store.work.seeks.Add(i.seeks)
	i.store.work.steps.Add(i.steps)
	if err := i.it.Close(); err != nil {
		return readError(err)
	}
	return nil
}
