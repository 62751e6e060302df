package storage

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestReadingDamage reads a file with spoilt bytes in it: an error that says so, and a store that can still be closed.
func TestReadingDamage(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	b := s.NewBatch()
	for i := range 2000 {
		b.Set(MetaKey(fmt.Sprintf("k%05d", i)), fmt.Appendf(nil, "%0100d", i*i))
	}
	if err := errors.Join(b.Commit(), s.Close()); err != nil {
		t.Fatal(err)
	}
	b.Close()
	spoil(t, filepath.Join(dir, "*.sst"))
	if s, err = Open(Options{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	it, err := s.Iter(Span{Start: MetaKey("k"), End: MetaKey("l")})
	if err != nil {
		t.Fatal(err)
	}
	for ok := it.First(); ok; ok = it.Next() {
		if _, err := it.Value(); err != nil {
			break
		}
	}
	if err := it.Close(); !errors.Is(err, ErrDamaged) {
		t.Errorf("reading a damaged file: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing a damaged store: %v", err)
	}
}

// spoil changes bytes in the middle third of the files, where their rows are.
func spoil(t *testing.T, pattern string) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no file %s: %v", pattern, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		third := len(data) / 3
		copy(data[third:2*third], bytes.Repeat([]byte{0x5a}, third))
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
