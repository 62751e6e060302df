package storage

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// namedFS notes for what files are made, and makes no tables when it is full.
type namedFS struct {
	vfs.FS
	full  bool
	avail uint64
	mu    sync.Mutex
	seen  map[vfs.DiskWriteCategory]int
}

func (fs *namedFS) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	fs.mu.Lock()
	fs.seen[c]++
	fs.mu.Unlock()
	if fs.full && strings.HasSuffix(name, ".sst") {
		return nil, syscall.ENOSPC
	}
	return fs.FS.Create(name, c)
}

func (fs *namedFS) GetDiskUsage(string) (vfs.DiskUsage, error) {
	return vfs.DiskUsage{AvailBytes: fs.avail}, nil
}

// killed is a copy of a store that was left with so many rows and without being closed.
func killed(t *testing.T, fs *namedFS, rows int) string {
	t.Helper()
	dir, left := t.TempDir(), t.TempDir()
	s, err := Open(Options{Dir: dir, FS: fs})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range rows / 1000 {
		if err := fillSome(s, i*1000, 1000); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(left, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return left
}

// TestOpenOnAFullDisk opens a store whose log must be written to tables, on a disk that takes none: it says so, and does not wait for work that waits for it.
func TestOpenOnAFullDisk(t *testing.T) {
	fs := &namedFS{FS: vfs.Default, avail: 1 << 40, seen: map[vfs.DiskWriteCategory]int{}}
	dir := killed(t, fs, 3000)
	_, err := Open(Options{Dir: dir, FS: &namedFS{FS: vfs.Default, full: true, avail: 1 << 40, seen: map[vfs.DiskWriteCategory]int{}}})
	if !errors.Is(err, ErrFull) {
		t.Fatalf("got %v, want ErrFull", err)
	}
	unused := filepath.Join(dir, "999999.sst")
	if err := os.WriteFile(unused, make([]byte, 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if n := dropUnused(Options{Dir: dir}); n != 1 {
		t.Errorf("%d tables removed that are not used, want 1", n)
	}
	if _, err := os.Stat(unused); !errors.Is(err, os.ErrNotExist) {
		t.Error("an unused table stays:", err)
	}
	s, err := Open(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, key := range []string{"k0", "k2999"} {
		if _, there, err := s.Get(MetaKey(key), nil); !there || err != nil {
			t.Errorf("%s is gone: %v", key, err)
		}
	}
}

// TestMergesLeaveRoom holds that a compaction gives up before it has taken the room of the log, and that the store goes on.
func TestMergesLeaveRoom(t *testing.T) {
	fs := &namedFS{FS: vfs.Default, avail: 1 << 40, seen: map[vfs.DiskWriteCategory]int{}}
	dir := t.TempDir()
	s, err := Open(Options{Dir: dir, FS: fs})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 2 { // two files over one another, which cannot just be moved
		if err := errors.Join(fillSome(s, 0, 1000), s.db.Flush()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.db.Compact(t.Context(), []byte{0}, []byte{0xff}, false); err != nil {
		t.Fatal(err)
	}
	fs.mu.Lock()
	if fs.seen[mergeCategory] == 0 {
		t.Errorf("no file was made for a compaction: %v", fs.seen)
	}
	fs.mu.Unlock()
	fs.avail = mergeFree - 1
	f, err := s.guard.Create(filepath.Join(dir, "x.sst"), mergeCategory)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("x")); !errors.Is(err, errNoRoomToMerge) {
		t.Errorf("a compaction takes the last room: %v", err)
	}
	if err := errors.Join(f.Close(), s.usable()); err != nil {
		t.Errorf("and takes the store out of use: %v", err)
	}
}

// TestMissingFilesAreDamage removes files that an unclosed store needs, and cuts tables.
func TestMissingFilesAreDamage(t *testing.T) {
	fs := &namedFS{FS: vfs.Default, avail: 1 << 40, seen: map[vfs.DiskWriteCategory]int{}}
	whole := killed(t, fs, 6000) // some of it in tables
	cut := func(size int64) func(string) error {
		return func(name string) error { return os.Truncate(name, size) }
	}
	for _, tc := range []struct {
		pattern string
		spoil   func(string) error
	}{
		{"*.sst", os.Remove},
		{"*.sst", cut(0)},
		{"*.sst", cut(1000)},
		{"MANIFEST-*", os.Remove},
		{"marker.format-version.*", os.Remove},
		{"*.log", os.Remove},
	} {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
			t.Fatal(err)
		}
		names, err := filepath.Glob(filepath.Join(dir, tc.pattern))
		if err != nil || len(names) == 0 {
			t.Fatal(tc.pattern, names, err)
		}
		if err := tc.spoil(names[0]); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(Options{Dir: dir}); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s spoilt: %v, want ErrDamaged", tc.pattern, err)
		}
	}
}
