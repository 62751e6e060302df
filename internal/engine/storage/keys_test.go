package storage

import (
	"bytes"
	"fmt"
	"math"
	"testing"
)

func TestPrefixEnd(t *testing.T) {
	for _, tc := range []struct{ prefix, want []byte }{
		{[]byte("a"), []byte("b")},
		{[]byte{'a', 0xff}, []byte("b")},
		{[]byte{0xff, 0xff}, nil},
	} {
		if got := PrefixEnd(tc.prefix); !bytes.Equal(got, tc.want) {
			t.Errorf("PrefixEnd(%x) = %x, want %x", tc.prefix, got, tc.want)
		}
	}
}

// TestHashSpreads counts short keys by the high bits of their hash, which is how parallel scans divide them.
func TestHashSpreads(t *testing.T) {
	const keys, parts = 16_000, 16
	var n [parts]int
	for i := range keys {
		n[Hash([]byte(fmt.Sprint("k", i)))>>60]++
	}
	for p, got := range n {
		if got < keys/parts*8/10 || got > keys/parts*12/10 {
			t.Errorf("part %d has %d of %d keys", p, got, keys)
		}
	}
}

func TestHashSpanHoldsItsRows(t *testing.T) {
	row := AppendPartition(nil, 7, Hash([]byte("pk")), []byte("pk"))
	h := RowHash(row)
	for _, tc := range []struct {
		from, to uint64
		want     bool
	}{{0, math.MaxUint64, true}, {h, h, true}, {h + 1, math.MaxUint64, false}, {0, h - 1, false}} {
		sp := HashSpan(7, tc.from, tc.to)
		if got := bytes.Compare(sp.Start, row) <= 0 && bytes.Compare(row, sp.End) < 0; got != tc.want {
			t.Errorf("hash %x in [%x, %x]: %v, want %v", h, tc.from, tc.to, got, tc.want)
		}
	}
}

func TestCountsAddUp(t *testing.T) {
	s, err := Open(Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for i := range 100 {
		b := s.NewBatch()
		b.Count(3, Counts{Items: 2, Bytes: int64(i)})
		b.Count(3, Counts{Items: -1, Bytes: -1})
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		b.Close()
	}
	if got, err := s.Counts(3); err != nil || got != (Counts{100, 4850}) {
		t.Errorf("got %+v, %v; want 100 items of 4850 bytes", got, err)
	}
}
