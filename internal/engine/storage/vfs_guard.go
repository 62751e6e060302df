package storage

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// guard is a file system that changes nothing any more after the first change that failed.
//
// Pebble takes many failed writes for the end of the process: it panics where its log cannot be continued, in whatever
// goroutine that is and with other commits waiting behind it for ever. So it is not told. The first failure freezes the
// disk in the state it has, which is that of a process killed at this instant, and the store refuses everything from
// then on (see Store.usable). What Pebble still does in memory, in the belief that the disk follows, is of no consequence.
type guard struct {
	vfs.FS
	logs   *logList
	marks  *marks
	marked map[string]end // the marks that the process before left
	cold   atomic.Bool
	frozen chan struct{} // closed when cold
	once   sync.Once
	failed func(error) // called with the first failure, before anybody is told that the change is done
}

var errFrozen = errors.New("an earlier write has failed")

func newGuard(fs vfs.FS, dir string, sync bool, failed func(error)) *guard {
	return &guard{FS: fs, logs: &logList{fs: fs, dir: dir}, marks: newMarks(fs, dir, sync), frozen: make(chan struct{}), failed: failed}
}

// freeze makes the disk stay as it is.
func (g *guard) freeze(err error) {
	g.once.Do(func() {
		g.failed(err)
		g.cold.Store(true)
		close(g.frozen)
	})
}

// change carries out a change of the disk, unless it is frozen. A nil answer means that the caller may go on.
//
// What the log and the directory cannot do is taken as done: commits wait for it. Everything else happens in Pebble's own
// goroutines, without its locks, and they stay here: told of an error they would try again at once and for ever, or panic.
func (g *guard) change(name string, do func() error) error {
	if !g.cold.Load() {
		err := do()
		if err == nil {
			return nil
		}
		g.freeze(err)
	}
	switch {
	case calledBy("storage.open"), calledBy("storage.(*Store).openPebble"), calledBy("storage.(*Store).Close"):
		return errFrozen
	case strings.HasSuffix(name, ".log"), name == "":
		return nil
	case calledBy("storage.(*Batch).commit"):
		return errFrozen
	}
	select {}
}

// calledBy reports whether a function of this package, by the end of its name, is on the stack. It is asked after a
// failure only.
func calledBy(name string) bool {
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(2, pc)])
	for {
		f, more := frames.Next()
		if strings.HasSuffix(f.Function, "engine/"+name) || strings.Contains(f.Function, "engine/"+name+".func") {
			return true
		}
		if !more {
			return false
		}
	}
}

// file wraps a file that is open for writing; f is nil when it could not be made and is taken as made.
func (g *guard) file(name string, open func() (vfs.File, error)) (vfs.File, error) {
	var f vfs.File
	err := g.change(name, func() (err error) {
		if f, err = open(); err == nil && isLog(name) {
			err = g.logs.add(name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if f == nil { // a log that could not be made: nothing is kept in it, and nobody is told that something is
		if f, err = vfs.NewMem().Create("log", vfs.WriteCategoryUnspecified); err != nil {
			return nil, err
		}
	}
	return guarded{f, g, name}, nil
}

// Open is how Pebble comes to read a file. One of which it is known what was written to it is compared with that before Pebble replays it.
func (g *guard) Open(name string, opts ...vfs.OpenOption) (vfs.File, error) {
	if e, ok := g.end(g.PathBase(name)); ok {
		if err := e.check(g.FS, name); err != nil {
			return nil, err
		}
	}
	return g.FS.Open(name, opts...)
}

// inspect reads what is known of the files that an earlier process left.
func (g *guard) inspect() (err error) {
	if g.marked, err = g.marks.read(); err != nil {
		return err
	}
	return g.logs.check(g.marked)
}

// end is what is known of a file that an earlier process left.
func (g *guard) end(base string) (e end, ok bool) {
	if isLog(base) {
		return g.logs.end(base)
	}
	e, ok = g.marked[base]
	return e, ok
}

func (g *guard) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	f, err := g.file(name, func() (vfs.File, error) { return g.FS.Create(name, c) })
	if err == nil && c == mergeCategory {
		f = &merging{File: f, g: g, unseen: checkEvery}
	}
	return growing(f, err)
}

func (g *guard) OpenReadWrite(name string, c vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	return g.file(name, func() (vfs.File, error) { return g.FS.OpenReadWrite(name, c, opts...) })
}

func (g *guard) ReuseForWrite(oldname, newname string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return growing(g.file(newname, func() (vfs.File, error) {
		if err := g.logs.drop(oldname); err != nil {
			return nil, err
		}
		return g.FS.ReuseForWrite(oldname, newname, c)
	}))
}

func (g *guard) OpenDir(name string) (vfs.File, error) {
	f, err := g.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return guarded{f, g, ""}, nil
}

func (g *guard) Link(oldname, newname string) error {
	return g.change(newname, func() error { return g.FS.Link(oldname, newname) })
}

func (g *guard) Rename(oldname, newname string) error {
	return g.change(newname, func() error { return g.FS.Rename(oldname, newname) })
}

// Remove passes a failure on: a file that nobody needs any more and that stays, because another program has it open, does
// no harm, and Pebble takes it so.
func (g *guard) Remove(name string) error {
	if !g.cold.Load() {
		if err := g.logs.drop(name); err != nil {
			return err
		}
		return g.FS.Remove(name)
	}
	return g.change(name, nil)
}

// RemoveAll is as Remove.
func (g *guard) RemoveAll(name string) error {
	if !g.cold.Load() {
		return g.FS.RemoveAll(name)
	}
	return g.change(name, nil)
}

// Lock lets Pebble believe that it has locked the directory: the store has (see takeLock).
func (g *guard) Lock(string) (io.Closer, error) { return io.NopCloser(nil), nil }

// Unwrap lets vfs.Root find the file system below.
func (g *guard) Unwrap() vfs.FS { return g.FS }

// guarded is a file open for writing; the directory has no name.
type guarded struct {
	vfs.File
	g    *guard
	name string
}

func (f guarded) Write(p []byte) (int, error) {
	return len(p), f.g.change(f.name, func() error { _, err := f.File.Write(p); return err })
}

func (f guarded) WriteAt(p []byte, at int64) (int, error) {
	return len(p), f.g.change(f.name, func() error { _, err := f.File.WriteAt(p, at); return err })
}

func (f guarded) Sync() error     { return f.g.change(f.name, f.File.Sync) }
func (f guarded) SyncData() error { return f.g.change(f.name, f.File.SyncData) }

func (f guarded) SyncTo(length int64) (full bool, err error) {
	err = f.g.change(f.name, func() (err error) {
		full, err = f.File.SyncTo(length)
		return err
	})
	return full, err
}

func (f guarded) Close() error {
	err := f.File.Close() // also when the disk is frozen
	return f.g.change(f.name, func() error { return err })
}
