package storage

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/ddb-cli/ddb/internal/engine/storage/storagetest"
)

// slowTables is a disk on which no table can be made for the time being, so that logs gather.
type slowTables struct {
	vfs.FS
	gate chan struct{}
}

func (fs slowTables) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	if strings.HasSuffix(name, ".sst") {
		<-fs.gate
	}
	return fs.FS.Create(name, c)
}

// severalLogs is the disk that a killed process leaves whose latest writes are in several logs, and how many writes there
// were. With sync it is what a power cut leaves.
func severalLogs(t *testing.T, sync bool) (*storagetest.Disk, int) {
	t.Helper()
	disk := storagetest.New()
	slow := slowTables{disk, make(chan struct{})}
	s, err := Open(Options{Dir: "store", FS: slow, Sync: sync})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for len(logsOf(t, disk)) < 4 {
		b := s.NewBatch()
		b.Set(MetaKey(fmt.Sprintf("k%05d", n)), make([]byte, 10_000))
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		b.Close()
		n++
	}
	kept := 100
	if sync {
		kept = 0
	}
	left := disk.PowerLoss(kept, 1)
	close(slow.gate)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return left, n
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
			disk, _ := severalLogs(t, sync)
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
		disk, n := severalLogs(t, sync)
		for range 3 {
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
			if logs := logsOf(t, disk); len(logs) > 2 {
				t.Errorf("logs after closing: %v", logs)
			}
		}
	}
}

// A list that is no list is damage, and a store without one, as earlier versions left it, opens and gets one.
func TestListOfLogs(t *testing.T) {
	disk, n := severalLogs(t, false)
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
	f, err := disk.Create(path, vfs.WriteCategoryUnspecified)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("00000")); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Dir: "store", FS: disk}); !errors.Is(err, ErrDamaged) {
		t.Errorf("a list cut short: %v", err)
	}
}
