package storage

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/ddb-cli/ddb/internal/engine/storage/storagetest"
)

// slowTables is a disk on which no table can be made while its gate is locked, so that logs gather. It counts the logs that are begun, and those of them that
// take the file of an older one.
type slowTables struct {
	vfs.FS
	gate          sync.RWMutex
	begun, reused atomic.Int64
}

func (fs *slowTables) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	switch {
	case isLog(name):
		fs.begun.Add(1)
	case isTable(name):
		fs.gate.RLock()
		defer fs.gate.RUnlock()
	}
	return fs.FS.Create(name, c)
}

func (fs *slowTables) ReuseForWrite(oldname, newname string, c vfs.DiskWriteCategory) (vfs.File, error) {
	fs.begun.Add(1)
	fs.reused.Add(1)
	return fs.FS.ReuseForWrite(oldname, newname, c)
}

// severalLogs is the disk that a killed process leaves whose latest writes are in the last four of its logs, and how many writes there
// were. With sync it is what a power cut leaves. The logs are files of their own, or, where they are recycled, have taken those of older ones.
func severalLogs(t *testing.T, sync, recycled bool) (*storagetest.Disk, int) {
	t.Helper()
	disk := storagetest.New()
	slow := &slowTables{FS: disk}
	s, err := Open(Options{Dir: "store", FS: slow, Sync: sync})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	write := func() {
		b := s.NewBatch()
		defer b.Close()
		b.Set(MetaKey(fmt.Sprintf("k%05d", n)), make([]byte, 10_000))
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		n++
	}
	for recycled && slow.reused.Load() < 3 {
		write()
	}
	if recycled { // memory that is still to be written may be full before there are so many logs
		if err := s.db.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	slow.gate.Lock()
	begun, reused := slow.begun.Load(), slow.reused.Load()
	for slow.begun.Load() < begun+3 {
		write()
	}
	write()
	if reused = slow.reused.Load() - reused; recycled && reused == 0 || !recycled && reused > 0 {
		t.Fatalf("%d logs have taken the files of older ones", reused)
	}
	kept := 100
	if sync {
		kept = 0
	}
	left := disk.PowerLoss(kept, 1)
	slow.gate.Unlock()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return left, n
}

// holds opens a store that must have n writes, and closes it.
func holds(t *testing.T, disk *storagetest.Disk, n int, sync bool) {
	t.Helper()
	s, err := Open(Options{Dir: "store", FS: disk, Sync: sync})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if _, ok, err := s.Get(MetaKey(fmt.Sprintf("k%05d", i)), nil); !ok || err != nil {
			t.Fatalf("sync %t: write %d of %d is gone: %v", sync, i, n, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func logsOf(t *testing.T, disk *storagetest.Disk) (logs []string) {
	t.Helper()
	names, err := disk.List("store")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if isLog(name) {
			logs = append(logs, "store/"+name)
		}
	}
	slices.Sort(logs)
	return logs
}

// Any one of several logs may be lost after a process was killed or the power failed: the store does not open without it.
func TestLosingSomeOfSeveralLogs(t *testing.T) {
	for _, sync := range []bool{false, true} {
		for lost := range 4 {
			disk, _ := severalLogs(t, sync, false)
			logs := logsOf(t, disk)
			if len(logs) != 4 {
				t.Fatalf("logs %v", logs)
			}
			if err := disk.Remove(logs[lost]); err != nil {
				t.Fatal(err)
			}
			_, err := Open(Options{Dir: "store", FS: disk, Sync: sync})
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), disk.PathBase(logs[lost])+" is gone") {
				t.Errorf("sync %t, without %s: %v", sync, logs[lost], err)
			}
		}
	}
}

// With all its logs the store opens, has every write, and goes on doing so over many openings, which drop the old logs.
func TestSeveralLogs(t *testing.T) {
	for _, sync := range []bool{false, true} {
		disk, n := severalLogs(t, sync, false)
		for range 3 {
			holds(t, disk, n, sync)
			if logs := logsOf(t, disk); len(logs) > 2 {
				t.Errorf("logs after closing: %v", logs)
			}
		}
	}
}

// A list that is no list is damage, and a store without one, as earlier versions left it, opens and gets one.
func TestListOfLogs(t *testing.T) {
	disk, n := severalLogs(t, false, false)
	path := "store/" + logListFile
	if err := disk.Remove(path); err != nil {
		t.Fatal(err)
	}
	s, err := Open(Options{Dir: "store", FS: disk})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := s.Get(MetaKey(fmt.Sprintf("k%05d", n-1)), nil); !ok || err != nil {
		t.Error("the last write is gone", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := disk.Stat(path); err != nil {
		t.Error(err)
	}
	list := string(content(t, disk, path))
	for name, text := range map[string]string{
		"emptied":        "",
		"cut short":      "00000",
		"without a line": list[:strings.LastIndexByte(list[:len(list)-1], '\n')+1],
		"changed":        strings.Replace(list, ".log", "0.log", 1),
		"of words":       "000004.log x y\n",
	} {
		replaceContent(t, disk, path, []byte(text))
		if _, err := Open(Options{Dir: "store", FS: disk}); !errors.Is(err, ErrDamaged) {
			t.Errorf("a list %s: %v", name, err)
		}
	}
}

// The list of an earlier version has names alone, and there are no marks. With it the store opens, and misses a log that is gone.
func TestListOfNamesAlone(t *testing.T) {
	disk, n := severalLogs(t, false, false)
	var names strings.Builder
	logs := logsOf(t, disk)
	for _, log := range logs {
		names.WriteString(disk.PathBase(log) + "\n")
	}
	replaceContent(t, disk, "store/"+logListFile, []byte(names.String()))
	if err := disk.Remove("store/" + marksFile); err != nil {
		t.Fatal(err)
	}
	without := disk.PowerLoss(100, 1)
	if err := without.Remove(logs[1]); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Dir: "store", FS: without}); !errors.Is(err, ErrDamaged) {
		t.Errorf("without %s: %v", logs[1], err)
	}
	holds(t, disk, n, false)
}
