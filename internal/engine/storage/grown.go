package storage

import "sync/atomic"

// grownBytes is how many bytes of items make a store a large one: several times what its memtables and its cache of blocks hold, so that what is
// read has to be loaded.
const grownBytes = 128 << 20

// growth tells once that a store has become large. A nil growth does not.
type growth struct {
	bytes atomic.Int64 // of items, as DynamoDB counts them, indexes included
	told  atomic.Bool
	tell  func()
}

// watchGrowth begins with what the store holds.
func (s *Store) watchGrowth(tell func()) error {
	if tell == nil {
		return nil
	}
	it, err := s.iter(s.db, Span{[]byte{countSpace}, []byte{countSpace + 1}})
	if err != nil {
		return err
	}
	held := int64(0)
	for ok := it.First(); ok; ok = it.Next() {
		value, err := it.Value()
		if err != nil {
			_ = it.Close()
			return err
		}
		counts, err := decodeCounts(value)
		if err != nil {
			_ = it.Close()
			return err
		}
		held += counts.Bytes
	}
	s.growth = &growth{tell: tell}
	s.growth.add(held)
	return it.Close()
}

// add counts what a batch has changed. Spaces that are dropped count on: a store that was large once is taken for large.
func (g *growth) add(bytes int64) {
	if g != nil && bytes != 0 && g.bytes.Add(bytes) > grownBytes && !g.told.Swap(true) {
		g.tell()
	}
}
