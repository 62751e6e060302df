package storage

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/cockroachdb/pebble/v2"
)

// Counts is what a space holds: its items and their bytes as DynamoDB counts them.
type Counts struct{ Items, Bytes int64 }

// countsLen is the length of Counts in a value.
const countsLen = 16

func (c Counts) encode() []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, countsLen), uint64(c.Items))
	return binary.BigEndian.AppendUint64(b, uint64(c.Bytes))
}

func decodeCounts(b []byte) (Counts, error) {
	if len(b) != countsLen {
		return Counts{}, fmt.Errorf("%w: statistics of %d bytes, not %d", ErrDamaged, len(b), countsLen)
	}
	return Counts{int64(binary.BigEndian.Uint64(b)), int64(binary.BigEndian.Uint64(b[8:]))}, nil
}

// countMerger adds the deltas that writes leave, so that no write has to read or lock a counter.
var countMerger = &pebble.Merger{
	Name: "ddb.counts.1",
	Merge: func(_, value []byte) (pebble.ValueMerger, error) {
		c, err := decodeCounts(value)
		return &countSum{c}, err
	},
}

type countSum struct{ sum Counts }

func (s *countSum) MergeNewer(v []byte) error {
	c, err := decodeCounts(v)
	s.sum.Items += c.Items
	s.sum.Bytes += c.Bytes
	return err
}

func (s *countSum) MergeOlder(v []byte) error { return s.MergeNewer(v) }

func (s *countSum) Finish(bool) ([]byte, io.Closer, error) { return s.sum.encode(), nil, nil }

// Counts returns what the space holds.
func (s *Store) Counts(id SpaceID) (Counts, error) {
	v, ok, err := s.Get(CountKey(id), nil)
	if err != nil || !ok {
		return Counts{}, err
	}
	return decodeCounts(v)
}
