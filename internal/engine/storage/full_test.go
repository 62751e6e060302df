package storage

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// tightFS is a file system with room for so many bytes; tells says whether it admits how little that is.
type tightFS struct {
	vfs.FS
	room  *atomic.Int64
	tells bool
}

type tightFile struct {
	vfs.File
	room *atomic.Int64
}

func (f tightFile) Write(p []byte) (int, error) {
	if f.room.Add(-int64(len(p))) < 0 {
		f.room.Add(int64(len(p)))
		return 0, syscall.ENOSPC
	}
	return f.File.Write(p)
}

func (fs tightFS) tight(f vfs.File, err error) (vfs.File, error) {
	if err != nil {
		return nil, err
	}
	return tightFile{f, fs.room}, nil
}

func (fs tightFS) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return fs.tight(fs.FS.Create(name, c))
}

func (fs tightFS) ReuseForWrite(o, n string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return fs.tight(fs.FS.ReuseForWrite(o, n, c))
}

func (fs tightFS) GetDiskUsage(string) (vfs.DiskUsage, error) {
	if !fs.tells {
		return vfs.DiskUsage{AvailBytes: 1 << 40}, nil
	}
	return vfs.DiskUsage{AvailBytes: uint64(fs.room.Load())}, nil
}

// fill writes until the store refuses and returns how many writes it took, and the refusal.
func fill(s *Store, from int) (int, error) {
	for i := from; i < 100_000; i++ {
		if err := fillSome(s, i, 1); err != nil {
			return i, err
		}
	}
	return 100_000, nil
}

// fillSome writes n values of 1,000 bytes.
func fillSome(s *Store, from, n int) error {
	for i := from; i < from+n; i++ {
		b := s.NewBatch()
		b.Set(MetaKey(fmt.Sprint("k", i)), make([]byte, 1000))
		err := b.Commit()
		b.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// TestFullDisk fills a disk. The refusal comes while there is room to go on, nothing of the refused write is there, and
// with room again the store takes writes again.
func TestFullDisk(t *testing.T) {
	room := new(atomic.Int64)
	room.Store(minFree + 6<<20)
	s, err := Open(Options{Dir: t.TempDir(), FS: tightFS{vfs.Default, room, true}})
	if err != nil {
		t.Fatal(err)
	}
	n, err := fill(s, 0)
	if !errors.Is(err, ErrFull) || n < 1000 {
		t.Fatalf("after %d writes: %v, want ErrFull", n, err)
	}
	if _, there, err := s.Get(MetaKey(fmt.Sprint("k", n)), nil); there || err != nil {
		t.Errorf("the refused write is there: %v, %v", there, err)
	}
	if _, there, err := s.Get(MetaKey(fmt.Sprint("k", n-1)), nil); !there || err != nil {
		t.Errorf("the write before it is gone: %v", err)
	}
	room.Add(3 << 20)
	if m, err := fill(s, n); m == n || !errors.Is(err, ErrFull) {
		t.Errorf("with room again %d writes, then %v", m-n, err)
	}
	end := func() error { // what makes room, or says that there is none
		b := s.NewBatch()
		defer b.Close()
		b.Delete(MetaKey("k1"))
		return b.CommitReserved()
	}
	if err := end(); err != nil {
		t.Errorf("with %d bytes left: %v", room.Load(), err)
	}
	room.Store(minReserve - 1)
	if err := end(); !errors.Is(err, ErrFull) {
		t.Errorf("with %d bytes left: %v", room.Load(), err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestFailedLog has the disk fill up behind the store's back, so that the log itself fails. The store says so, serves
// nothing more, and has all acknowledged writes when it is opened again.
func TestFailedLog(t *testing.T) {
	dir := t.TempDir()
	room := new(atomic.Int64)
	room.Store(1 << 20)
	s, err := Open(Options{Dir: dir, FS: tightFS{vfs.Default, room, false}})
	if err != nil {
		t.Fatal(err)
	}
	n, err := fill(s, 0)
	if !errors.Is(err, ErrFull) {
		t.Fatalf("after %d writes: %v, want ErrFull", n, err)
	}
	if _, err := fill(s, n); err == nil {
		t.Error("a store with a failed log took a write")
	}
	if _, _, err := s.Get(MetaKey("k0"), nil); err == nil {
		t.Error("a store with a failed log served a read")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	// As another process would find it, once this one has ended.
	left := t.TempDir()
	if err := os.CopyFS(left, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	s, err = Open(Options{Dir: left})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if _, there, err := s.Get(MetaKey(fmt.Sprint("k", i)), nil); !there || err != nil {
			t.Fatalf("write %d of %d was acknowledged and is lost: %v", i, n, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
