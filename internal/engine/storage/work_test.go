package storage

import (
	"bytes"
	"fmt"
	"testing"
	"time"
)

// What a write costs later must not grow with the store: the bytes that compactions write for each byte flushed are
// counted, in a store much larger than its memtables, whose keys come in an order of their own, as hashes do.
func TestRewrittenBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 80 MB")
	}
	s, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const rows, rounds = 40_000, 2
	value := bytes.Repeat([]byte("lorem ipsum, "), 77)
	for i := range rows * rounds {
		b := s.NewBatch()
		n := i * 7919 % rows
		b.Set(AppendPartition(nil, 1, fmt.Appendf(nil, "key-%06d", n)), fmt.Appendf(nil, "%08d %s", i, value))
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		b.Close()
		// As many writes as a processor makes through HTTP while it compacts, so that the work is not put off.
		if i%4000 == 3999 {
			settle(t, s)
		}
	}
	m := s.db.Metrics()
	var compacted uint64
	for i := range m.Levels {
		compacted += m.Levels[i].TableBytesCompacted
	}
	flushed := m.Levels[0].TableBytesFlushed
	t.Logf("flushed %d KB, compactions wrote %d KB: %.1f for one", flushed>>10, compacted>>10, float64(compacted)/float64(flushed))
	if float64(compacted) > float64(flushed)*maxRewritten {
		t.Errorf("compactions wrote %d bytes for %d flushed, want at most %.1f times as many", compacted, flushed, maxRewritten)
	}
}

// maxRewritten is how many bytes compactions may write for each flushed one in TestRewrittenBytes: it is 1.9, and was 3.7 with
// level 0 half as deep and a next level as large as the store.
const maxRewritten = 2.5

// settle waits until no compaction is due or under way.
func settle(t *testing.T, s *Store) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		m := s.db.Metrics()
		if m.Compact.NumInProgress == 0 && m.Flush.NumInProgress == 0 && m.Levels[0].Sublevels < l0Files/2 {
			return
		}
	}
	t.Fatal("the compactions do not end")
}
