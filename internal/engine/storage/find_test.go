package storage

import (
	"bytes"
	"fmt"
	"testing"
)

// A finder answers as Get does, for rows in files and in memory, rewritten, deleted, dropped with their space and never there.
func TestFind(t *testing.T) {
	s, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	row := func(space SpaceID, n int) []byte {
		return fmt.Appendf(AppendPartition(nil, space, 1, []byte("one partition")), "%03d", n)
	}
	write := func(f func(b *Batch)) {
		b := s.NewBatch()
		defer b.Close()
		f(b)
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	put := func(b *Batch, from, to, step int, text string) {
		for n := from; n < to; n += step {
			b.Set(row(1, n), fmt.Appendf(nil, "%s %d", text, n))
			b.Set(row(2, n), fmt.Appendf(nil, "%s %d of the other", text, n))
		}
	}
	write(func(b *Batch) { put(b, 0, 60, 1, "first") })
	if err := s.db.Flush(); err != nil {
		t.Fatal(err)
	}
	write(func(b *Batch) { put(b, 0, 60, 3, "second") })
	if err := s.db.Flush(); err != nil {
		t.Fatal(err)
	}
	write(func(b *Batch) {
		put(b, 0, 60, 7, "third")
		b.Delete(row(1, 5))
		b.DeleteSpan(RowSpan(2))
	})
	var keys [][]byte
	for n := range 70 {
		keys = append(keys, row(1, n*37%70), row(2, n))
	}
	ask := func(keys [][]byte, wantFinder bool) {
		t.Helper()
		g, done, err := s.Find(len(keys), func(i int) []byte { return keys[i] })
		if err != nil {
			t.Fatal(err)
		}
		if _, is := g.(*finder); is != wantFinder {
			t.Errorf("%d keys are read by %T", len(keys), g)
		}
		there := 0
		for _, k := range keys {
			want, ok, err := s.Get(k, []byte("before "))
			if err != nil {
				t.Fatal(err)
			}
			got, found, err := g.Get(k, []byte("before "))
			if err != nil || found != ok || !bytes.Equal(got, want) {
				t.Errorf("%q: %q, %v, %v; Get says %q, %v", k, got, found, err, want, ok)
			}
			if ok {
				there++
			}
		}
		if err := done(); err != nil {
			t.Error(err)
		}
		if there == 0 || there == len(keys) {
			t.Errorf("%d of %d keys are there: some should be and some not", there, len(keys))
		}
	}
	slicesOf := func(space int) (out [][]byte) {
		for i := space; i < len(keys); i += 2 {
			out = append(out, keys[i])
		}
		return out
	}
	ask(append(slicesOf(0), slicesOf(1)...), true)
	ask(keys, false) // neighbours are of two spaces
	ask(slicesOf(0)[60:], true)
	ask([][]byte{row(1, 0), row(1, 5), row(1, 1)}, false)
}
