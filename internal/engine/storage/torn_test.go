package storage

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/ddb-cli/ddb/internal/engine/storage/storagetest"
)

// leftByKill is the disk that a killed process leaves with n acknowledged writes, and what its marks were before the last of them. With sync it is what a
// power cut leaves that spares the marks.
func leftByKill(t *testing.T, n int, sync bool) (left *storagetest.Disk, before []byte) {
	t.Helper()
	disk := storagetest.New()
	s, err := Open(Options{Dir: "store", FS: disk, Sync: sync})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if i == n-1 {
			before = content(t, disk, "store/"+marksFile)
		}
		b := s.NewBatch()
		b.Set(MetaKey(fmt.Sprintf("k%05d", i)), fmt.Appendf(nil, "%0200d", i))
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		b.Close()
	}
	left = disk.PowerLoss(100, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return left, before
}

func content(t *testing.T, fs vfs.FS, path string) []byte {
	t.Helper()
	f, err := fs.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func replaceContent(t *testing.T, fs vfs.FS, path string, data []byte) {
	t.Helper()
	f, err := fs.Create(path, vfs.WriteCategoryUnspecified)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(slices.Clone(data)) // which a file system may change
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// anotherBoot is the marks as they look after the system was started anew.
func anotherBoot(t *testing.T, disk *storagetest.Disk) {
	t.Helper()
	m := newMarks(disk, "store", false)
	ends, err := m.read()
	if err != nil || len(ends) != markCount {
		t.Fatalf("marks %v, %v", ends, err)
	}
	m.boot, m.silent = boot{1}, false
	for name, e := range ends {
		if err := m.set(name, e); err != nil {
			t.Fatal(err)
		}
	}
	m.close()
}

// The last log may end in the torn write that was under way, which is lost alone. Whatever else it lacks of what was acknowledged is damage, and so is what
// is in it instead.
func TestTheLastLog(t *testing.T) {
	const n = 200
	half := func(log []byte) []byte { return log[:len(log)-100] }
	for name, tc := range map[string]struct {
		spoil   func(log []byte) []byte
		marks   func(disk *storagetest.Disk, before []byte)
		damaged bool
	}{
		"cut":                     {half, nil, true},
		"without its last byte":   {func(log []byte) []byte { return log[:len(log)-1] }, nil, true},
		"emptied":                 {func([]byte) []byte { return nil }, nil, true},
		"zeros":                   {func(log []byte) []byte { return make([]byte, len(log)) }, nil, true},
		"garbage":                 {func(log []byte) []byte { return bytes.Repeat([]byte{0xa5}, len(log)) }, nil, true},
		"a byte changed":          {func(log []byte) []byte { log[len(log)/2] ^= 0x5a; return log }, nil, true},
		"its last byte changed":   {func(log []byte) []byte { log[len(log)-1] ^= 1; return log }, nil, true},
		"more than acknowledged":  {func(log []byte) []byte { return append(log, log[:150]...) }, nil, false},
		"torn in the last write":  {half, func(disk *storagetest.Disk, before []byte) { replaceContent(t, disk, "store/"+marksFile, before) }, false},
		"cut, after a new start":  {half, func(disk *storagetest.Disk, _ []byte) { anotherBoot(t, disk) }, false},
		"cut, marks not written":  {half, func(disk *storagetest.Disk, _ []byte) { replaceContent(t, disk, "store/"+marksFile, nil) }, false},
		"cut, marks half written": {half, func(disk *storagetest.Disk, before []byte) { replaceContent(t, disk, "store/"+marksFile, before[:40]) }, false},
	} {
		for _, sync := range []bool{false, true} {
			if tc.damaged && !sync && currentBoot() == (boot{}) {
				continue // nothing is marked here
			}
			disk, before := leftByKill(t, n, sync)
			logs := logsOf(t, disk)
			last := logs[len(logs)-1]
			replaceContent(t, disk, last, tc.spoil(content(t, disk, last)))
			if tc.marks != nil {
				tc.marks(disk, before)
			}
			s, err := Open(Options{Dir: "store", FS: disk, Sync: sync})
			if tc.damaged {
				if !errors.Is(err, ErrDamaged) {
					t.Errorf("%s, sync %t: opening gives %v", name, sync, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s, sync %t: %v", name, sync, err)
				continue
			}
			for i := range n - 1 {
				if _, ok, err := s.Get(MetaKey(fmt.Sprintf("k%05d", i)), nil); !ok || err != nil {
					t.Fatalf("%s, sync %t: write %d of %d is gone: %v", name, sync, i, n, err)
				}
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// With Sync a mark holds also when the system was started anew: it is about what was on the disk.
func TestMarksWithSyncHoldForEver(t *testing.T) {
	disk, _ := leftByKill(t, 10, true)
	marks := content(t, disk, "store/"+marksFile)
	if at := slices.IndexFunc(marks[markBoot:markSum], func(b byte) bool { return b != 0 }); at >= 0 {
		t.Errorf("with Sync a mark names a boot: %x", marks[markBoot:markSum])
	}
	if disk, _ = leftByKill(t, 10, false); currentBoot() != (boot{}) {
		marks = content(t, disk, "store/"+marksFile)
		if of := boot(marks[markBoot:markSum]); of != currentBoot() {
			t.Errorf("without Sync a mark is of the boot %x and this is %x", of, currentBoot())
		}
	}
}

// The manifest may lose nothing either: Pebble takes its records as far as they go, and an older state would lack tables.
func TestTheManifest(t *testing.T) {
	for _, sync := range []bool{false, true} {
		if !sync && currentBoot() == (boot{}) {
			continue // nothing is marked here
		}
		disk, _ := severalLogs(t, sync, true)
		names, err := disk.List("store")
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(names)
		names = slices.DeleteFunc(names, func(name string) bool { return !isManifest(name) })
		path := "store/" + names[len(names)-1]
		whole := content(t, disk, path)
		for name, data := range map[string][]byte{
			"cut":                   whole[:len(whole)-20],
			"without its last byte": whole[:len(whole)-1],
			"its last byte changed": changed(whole, int64(len(whole)-1)),
			"emptied":               nil,
		} {
			left := disk.PowerLoss(100, 1)
			replaceContent(t, left, path, data)
			if _, err := Open(Options{Dir: "store", FS: left, Sync: sync}); !errors.Is(err, ErrDamaged) {
				t.Errorf("%s, sync %t: opening gives %v", name, sync, err)
			}
		}
	}
}
