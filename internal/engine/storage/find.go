package storage

import (
	"bytes"
	"math"

	"github.com/cockroachdb/pebble/v2"
)

// finder reads several keys of the store as it is when it is made: files and blocks that one look-up has opened serve the next, where
// each Get opens them anew.
type finder struct {
	it    *pebble.Iterator
	store *Store
	gets  int64
}

// worthFinding is how many keys beside one of the same partition pay for a finder. In a table of a million items 25 keys of one partition
// cost a third less so than by Get, in one of 5,000 a sixth; 25 of different partitions cost more in the small one and as much in the large.
const worthFinding = 3

// Find prepares the reading of rows, of which row names the key of each: by what serves one after the other where at least half of them
// stand beside one another, else by Get. Call done after the last.
//
// Errors: what took the store out of use, and those of its files.
func (s *Store) Find(rows int, row func(int) []byte) (g Getter, done func() error, err error) {
	beside := 0
	for i := 1; i < rows; i++ {
		if a, b := row(i-1), row(i); len(a) >= spaceLen+8 && bytes.HasPrefix(b, a[:spaceLen+8]) {
			beside++
		}
	}
	if beside < worthFinding || beside < rows/2 {
		return s, func() error { return nil }, nil
	}
	if err := s.usable(); err != nil {
		return nil, nil, err
	}
	it, err := s.db.NewIter(nil)
	if err != nil {
		return nil, nil, readError(err)
	}
	f := &finder{it: it, store: s}
	return f, f.close, nil
}

// Get appends the value of key to dst.
func (f *finder) Get(key, dst []byte) ([]byte, bool, error) {
	value, _, ok, err := f.GetUpTo(math.MaxInt, key, dst)
	return value, ok, err
}

// GetUpTo is Get for a value of at most so many bytes.
func (f *finder) GetUpTo(most int, key, dst []byte) (value []byte, long int, ok bool, err error) {
	f.gets++
	// The whole key is its prefix, so this finds the key itself or nothing, and asks the filter of a file before its blocks.
	if !f.it.SeekPrefixGE(key) {
		if err := f.it.Error(); err != nil {
			return dst, 0, false, readError(err)
		}
		return dst, 0, false, nil
	}
	v, err := f.it.ValueAndErr()
	if err != nil {
		return dst, 0, false, readError(err)
	}
	if len(v) > most {
		return dst, len(v), true, nil
	}
	return append(dst, v...), 0, true, nil
}

func (f *finder) close() error {
	f.store.work.gets.Add(f.gets)
	if err := f.it.Close(); err != nil {
		return readError(err)
	}
	return nil
}
