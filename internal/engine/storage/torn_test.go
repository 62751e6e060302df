package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// killedStore is the directory of a store with n acknowledged writes, as a killed process leaves it.
func killedStore(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	s, err := Open(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		b := s.NewBatch()
		b.Set(MetaKey(fmt.Sprintf("k%05d", i)), fmt.Appendf(nil, "%0200d", i))
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		b.Close()
	}
	left := t.TempDir()
	if err := os.CopyFS(left, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return left
}

// logOf is the latest log of a store.
func logOf(t *testing.T, dir string) (string, []byte) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.log"))
	if err != nil || len(names) == 0 {
		t.Fatalf("logs %v, %v", names, err)
	}
	last := slices.Max(names)
	data, err := os.ReadFile(last)
	if err != nil {
		t.Fatal(err)
	}
	return last, data
}

// A log whose end is torn, as the write under way leaves it, loses that write alone. A log that is damaged amid what was
// acknowledged is damage, though nobody sealed it.
func TestTornAndDamagedLogs(t *testing.T) {
	const n = 2000
	for name, tc := range map[string]struct {
		spoil   func(log []byte) []byte
		damaged bool
	}{
		"torn":    {func(log []byte) []byte { return log[:len(log)-100] }, false},
		"damaged": {func(log []byte) []byte { log[len(log)/2] ^= 0x5a; return log }, true},
	} {
		dir := killedStore(t, n)
		path, log := logOf(t, dir)
		if err := os.WriteFile(path, tc.spoil(log), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(Options{Dir: dir})
		if tc.damaged {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("%s: opening gives %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i := range n - 1 {
			if _, ok, err := s.Get(MetaKey(fmt.Sprintf("k%05d", i)), nil); !ok || err != nil {
				t.Fatalf("%s: write %d of %d is gone: %v", name, i, n, err)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
