package storage

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/wal"

	"github.com/ddb-cli/ddb/internal/engine/storage/storagetest"
)

// lastRecord is where the last record of a log begins.
func lastRecord(t *testing.T, disk *storagetest.Disk, path string) int64 {
	t.Helper()
	logs, err := wal.Scan(wal.Dir{FS: disk, Dirname: "store"})
	if err != nil {
		t.Fatal(err)
	}
	number, _, _ := wal.ParseLogFilename(disk.PathBase(path))
	log, ok := logs.Get(number)
	if !ok {
		t.Fatalf("no log %s among %v", path, logs)
	}
	last := int64(0)
	r := log.OpenForRead()
	for {
		_, at, err := r.NextRecord()
		if err != nil {
			break
		}
		last = at.Physical
	}
	if err := r.Close(); err != nil || last == 0 {
		t.Fatalf("%s has no second record: %v", path, err)
	}
	return last
}

// endOf is what the list or the marks say of a log.
func endOf(t *testing.T, disk *storagetest.Disk, path string) end {
	t.Helper()
	g := newGuard(disk, "store", false, nil)
	if err := g.inspect(); err != nil {
		t.Fatal(err)
	}
	e, ok := g.end(disk.PathBase(path))
	if !ok {
		t.Fatalf("nothing is known of %s", path)
	}
	return e
}

func changed(data []byte, at int64) []byte {
	data = slices.Clone(data)
	data[at] ^= 0x5a
	return data
}

// Any one of several logs may have lost something that was written to it, or have something else in it: the store does not open, and says what is wrong
// with which. That holds for logs that have files of their own and for those that took the files of older ones.
func TestDamageToSomeOfSeveralLogs(t *testing.T) {
	for _, sync := range []bool{false, true} {
		for _, recycled := range []bool{false, true} {
			if sync && !recycled {
				continue // as without sync
			}
			disk, n := severalLogs(t, sync, recycled)
			logs := logsOf(t, disk)
			logs = logs[len(logs)-4:]
			for at, log := range logs {
				if at == 3 && (sync || currentBoot() == (boot{})) {
					continue // the mark went with the power, or there is none here
				}
				e := endOf(t, disk, log)
				whole := content(t, disk, log)
				if len(whole) < int(e.size) {
					t.Fatalf("%s has %d bytes and is known to have %d", log, len(whole), e.size)
				}
				for name, data := range map[string][]byte{
					"emptied":                nil,
					"without its last byte":  whole[:e.size-1],
					"without its end":        whole[:e.size-11],
					"without its last write": whole[:lastRecord(t, disk, log)],
					"as the next":            content(t, disk, logs[(at+1)%4]),
					"as the one before":      content(t, disk, logs[(at+3)%4]),
					"with a byte changed":    changed(whole, e.size/2),
					"of zeros":               make([]byte, len(whole)),
				} {
					replaceContent(t, disk, log, data)
					_, err := Open(Options{Dir: "store", FS: disk, Sync: sync})
					if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), log) {
						t.Errorf("sync %t, recycled %t, %s %s: %v", sync, recycled, log, name, err)
					}
				}
				replaceContent(t, disk, log, whole) // not to open it has changed nothing
			}
			holds(t, disk, n, sync)
		}
	}
}

// beginnings is a disk that notes at which of its changes logs are begun.
type beginnings struct {
	*storagetest.Disk
	at []int64
}

func (b *beginnings) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	if isLog(name) {
		b.at = append(b.at, b.Changes())
	}
	return b.Disk.Create(name, c)
}

// A process may be killed, and the power may fail, at any instant of a change of logs: the store opens, has what was acknowledged, and can be killed again.
func TestEndingAmidAChangeOfLogs(t *testing.T) {
	value := make([]byte, 300_000)
	write := func(s *Store, n int) error {
		b := s.NewBatch()
		defer b.Close()
		b.Set(MetaKey(fmt.Sprintf("k%05d", n)), value)
		return b.Commit()
	}
	// run writes to a store whose disk does not change any more from a change on, and tells how many writes were acknowledged, and when logs were begun.
	run := func(sync bool, from int64) (disk *storagetest.Disk, acknowledged int, begun []int64) {
		disk = storagetest.New()
		noted := &beginnings{Disk: disk}
		disk.FailAt(from, syscall.EIO, true)
		s, err := Open(Options{Dir: "store", FS: noted, Sync: sync})
		if err != nil {
			t.Fatal(err)
		}
		for acknowledged < 8 && write(s, acknowledged) == nil {
			acknowledged++
		}
		kept := 100
		if sync {
			kept = 0
		}
		left := disk.PowerLoss(kept, 1)
		if err := s.Close(); err != nil && acknowledged == 8 && from > 1_000_000 {
			t.Fatal(err)
		}
		return left, acknowledged, noted.at
	}
	for _, sync := range []bool{false, true} {
		_, _, begun := run(sync, 1<<40)
		if len(begun) < 4 {
			t.Fatalf("logs were begun at the changes %v", begun)
		}
		amid := 0
		for i := range int64(24) { // around the change of logs twice
			from := begun[2+i/12] - 3 + i%12
			left, n, begun := run(sync, from)
			if len(begun) > 2 && n < 8 {
				amid++
			}
			for range 2 {
				again := left.PowerLoss(100, 1) // the store is killed before it is closed
				holds(t, left, n, sync)
				left = again
			}
		}
		if amid < 5 {
			t.Errorf("sync %t: the process ended %d times amid the change of logs", sync, amid)
		}
	}
}
