// Package storagetest has a disk for tests of what keeps data: in memory, failing on request, and cut off from its power
// at any instant.
package storagetest

import (
	"math/rand/v2"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Disk is a file system in memory. It counts what would change a real one and fails where it is told to.
type Disk struct {
	vfs.FS
	mem     *vfs.MemFS
	changes atomic.Int64
	failAt  atomic.Int64 // the change that fails; 0: none
	lasting atomic.Bool  // those after it fail too
	left    atomic.Int64 // bytes that are said to be free; 0: many
	failure error
}

// New makes an empty disk.
func New() *Disk { return on(vfs.NewCrashableMem()) }

func on(mem *vfs.MemFS) *Disk { return &Disk{FS: mem, mem: mem} }

// Changes is how many times something was changed: files made, written, synced, renamed or removed.
func (d *Disk) Changes() int64 { return d.changes.Load() }

// FailAt makes the n-th change from now fail with err, and all after it when the failure lasts. Nothing is in progress.
func (d *Disk) FailAt(n int64, err error, lasting bool) {
	d.failure = err
	d.lasting.Store(lasting)
	d.changes.Store(0)
	d.failAt.Store(n)
}

// Heal ends the failures.
func (d *Disk) Heal() { d.failAt.Store(0) }

// PowerLoss is what a reboot finds if the power fails now: all that was synced, and of the rest each part with a
// probability of kept percent. The disk itself goes on. With 100 it is what a killed process leaves.
func (d *Disk) PowerLoss(kept int, seed uint64) *Disk {
	return on(d.mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: kept, RNG: rand.New(rand.NewPCG(seed, seed))})) //nolint:gosec // a test's dice
}

// change counts a change and refuses it when it is the one to fail.
func (d *Disk) change() error {
	n := d.changes.Add(1)
	at := d.failAt.Load()
	if at == 0 || n < at || n > at && !d.lasting.Load() {
		return nil
	}
	return d.failure
}

// Create makes a file.
func (d *Disk) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return d.writable(func() (vfs.File, error) { return d.FS.Create(name, c) })
}

// OpenReadWrite opens a file for writing.
func (d *Disk) OpenReadWrite(name string, c vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	return d.writable(func() (vfs.File, error) { return d.FS.OpenReadWrite(name, c, opts...) })
}

// ReuseForWrite renames a file and opens it for writing.
func (d *Disk) ReuseForWrite(oldname, newname string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return d.writable(func() (vfs.File, error) { return d.FS.ReuseForWrite(oldname, newname, c) })
}

// OpenDir opens a directory, to be synced.
func (d *Disk) OpenDir(name string) (vfs.File, error) {
	f, err := d.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return file{f, d}, nil
}

func (d *Disk) writable(open func() (vfs.File, error)) (vfs.File, error) {
	if err := d.change(); err != nil {
		return nil, err
	}
	f, err := open()
	if err != nil {
		return nil, err
	}
	return file{f, d}, nil
}

// Link makes a second name.
func (d *Disk) Link(oldname, newname string) error {
	if err := d.change(); err != nil {
		return err
	}
	return d.FS.Link(oldname, newname)
}

// Rename changes a name.
func (d *Disk) Rename(oldname, newname string) error {
	if err := d.change(); err != nil {
		return err
	}
	return d.FS.Rename(oldname, newname)
}

// Remove removes a file.
func (d *Disk) Remove(name string) error {
	if err := d.change(); err != nil {
		return err
	}
	return d.FS.Remove(name)
}

// Leave makes the disk say that so many bytes are free; 0 is room for everything.
func (d *Disk) Leave(bytes int64) { d.left.Store(bytes) }

// GetDiskUsage reports a disk with room, or what Leave has set: FailAt with ENOSPC is one that fills up behind the back of who asks.
func (d *Disk) GetDiskUsage(string) (vfs.DiskUsage, error) {
	if left := d.left.Load(); left > 0 {
		return vfs.DiskUsage{AvailBytes: uint64(left), TotalBytes: 1 << 41}, nil
	}
	return vfs.DiskUsage{AvailBytes: 1 << 40, TotalBytes: 1 << 41}, nil
}

// Unwrap is the file system below.
func (d *Disk) Unwrap() vfs.FS { return d.FS }

type file struct {
	vfs.File
	d *Disk
}

// Write writes half of what it is given where it fails, as a disk may.
func (f file) Write(p []byte) (int, error) {
	if err := f.d.change(); err != nil {
		n, _ := f.File.Write(p[:len(p)/2])
		return n, err
	}
	return f.File.Write(p)
}

func (f file) WriteAt(p []byte, at int64) (int, error) {
	if err := f.d.change(); err != nil {
		return 0, err
	}
	return f.File.WriteAt(p, at)
}

func (f file) Sync() error {
	if err := f.d.change(); err != nil {
		return err
	}
	return f.File.Sync()
}

func (f file) SyncData() error {
	if err := f.d.change(); err != nil {
		return err
	}
	return f.File.SyncData()
}

func (f file) SyncTo(length int64) (bool, error) {
	if err := f.d.change(); err != nil {
		return false, err
	}
	return f.File.SyncTo(length)
}

// Close closes the file and may say that this failed.
func (f file) Close() error {
	err := f.d.change()
	if cerr := f.File.Close(); err == nil {
		err = cerr
	}
	return err
}
