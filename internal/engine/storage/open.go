package storage

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/sstable"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// Open opens or creates the store at o.Dir.
//
// Errors: ErrLocked when another process has it, ErrDamaged when its files are corrupt, ErrFull when the disk has no room for what opening writes, else the
// file system's own.
func Open(o Options) (*Store, error) {
	s, err := open(o)
	if errors.Is(err, ErrFull) && dropUnused(o) > 0 {
		o.Opening = nil // it has been done
		s, err = open(o)
	}
	return s, err
}

func open(o Options) (*Store, error) {
	s := &Store{write: pebble.Sync, memory: o.Dir == "", dir: o.Dir, closed: o.Closed}
	po := options(o)
	if !s.memory {
		s.guard = newGuard(po.FS, o.Dir, o.Sync, func(err error) { _ = s.fail(writeError(err)) })
		po.FS = tableFS{FS: s.guard}
	}
	name := o.Dir
	if s.memory {
		name, s.write = "memory", pebble.NoSync
	}
	// Pebble's own Close gives the lock up before it has deleted its obsolete files, and the next process would stumble
	// over files that vanish; after a failure it never does. So the lock is taken here and given back last.
	err := s.takeLock(po)
	if err != nil {
		return nil, openError(o.Dir, err)
	}
	if !s.memory {
		if err := s.inspect(o.Opening); err != nil {
			s.giveLock()
			return nil, err
		}
	}
	s.db, err = s.openPebble(name, po)
	if po.Cache != nil {
		po.Cache.Unref()
	}
	if failed := s.failed.Load(); failed != nil {
		err = *failed // whatever Pebble made of it
	}
	if err != nil {
		s.giveLock()
		return nil, openError(o.Dir, err)
	}
	if !s.memory {
		s.space = newSpace(po.FS, s.dir)
	}
	if err = s.checkFormat(); err == nil {
		err = s.watchGrowth(o.Grown)
	}
	if err != nil {
		_ = s.closePebble()
		s.giveLock()
		return nil, err
	}
	return s, nil
}

// inspect looks at the files of a store on disk before Pebble does.
func (s *Store) inspect(opening func() error) error {
	if opening != nil {
		if err := opening(); err != nil {
			return err
		}
	}
	return s.guard.inspect()
}

// openGrace is how long opening may go on after a write has failed. Mostly it ends at once; when background work met the failure it never would.
const openGrace = time.Second

// openPebble is pebble.Open, whose panics at files that cannot be written it turns into errors.
func (s *Store) openPebble(name string, po *pebble.Options) (*pebble.DB, error) {
	var db *pebble.DB
	done := make(chan error, 1)
	begin := func() {
		defer func() {
			if p := recover(); p != nil {
				done <- s.panicError(p)
			}
		}()
		opened, err := pebble.Open(name, po)
		db = opened
		done <- err
	}
	if s.memory {
		begin()
		return db, <-done
	}
	go begin()
	select {
	case err := <-done:
		return db, err
	case <-s.guard.frozen:
	}
	select {
	case err := <-done:
		return db, err
	case <-time.After(openGrace):
		return nil, s.usable()
	}
}

func (s *Store) takeLock(po *pebble.Options) (err error) {
	if s.memory {
		return nil
	}
	if err = po.FS.MkdirAll(s.dir, 0o755); err != nil {
		return err
	}
	s.lock, err = s.guard.FS.Lock(po.FS.PathJoin(s.dir, "LOCK"))
	return err
}

func (s *Store) giveLock() {
	if s.guard != nil {
		s.guard.marks.close()
	}
	if s.lock != nil {
		_ = s.lock.Close()
	}
}

func options(o Options) *pebble.Options {
	fs := o.FS
	po := &pebble.Options{
		FormatMajorVersion:          pebble.FormatNewest,
		Merger:                      countMerger,
		MaxOpenFiles:                maxOpenFiles,
		MemTableStopWritesThreshold: 4,
		L0CompactionThreshold:       l0Files,
		L0StopWritesThreshold:       1000,
		LBaseMaxBytes:               nextSize,
		MemTableSize:                memTable,
		Cache:                       pebble.NewCache(blockCache),
		Logger:                      logger{o.Logger},
		EventListener: &pebble.EventListener{
			// By default Pebble panics from within the read and leaves its iterator open. The read fails with the corruption
			// all the same, and readError names it.
			DataCorruption: func(info pebble.DataCorruptionInfo) {
				logger{o.Logger}.Errorf("%s is damaged: %v", info.Path, info.Details)
			},
			// A flush or a compaction that meets damage fails, and Pebble begins it again at once. It waits here, so that it
			// neither takes a processor nor fills a log; reads do not wait for it.
			BackgroundError: func(err error) {
				logger{o.Logger}.Errorf("background work failed and is tried again: %v", err)
				time.Sleep(backgroundPause)
			},
		},
	}
	if o.Dir == "" {
		if fs == nil {
			fs = vfs.NewMem()
		}
		po.DisableWAL = true
	} else {
		if fs == nil {
			fs = vfs.Default
		}
		if !o.Sync {
			fs = FlushFS(fs)
		}
	}
	for i := range po.Levels {
		po.Levels[i].BlockSize, po.Levels[i].IndexBlockSize = sunkBlockSize, indexSize
		po.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
		// In a store that outgrows the cache blocks are compressed and expanded all the time, and this costs half of Snappy.
		// Where there is no assembly for it (arm64), it is Snappy.
		po.Levels[i].Compression = func() *sstable.CompressionProfile { return sstable.FastestCompression }
	}
	po.Levels[0].BlockSize = blockSize
	po.Experimental.LevelMultiplier = levelStep
	// No merges because of reads: a file has as many reads as it has bytes. Pebble takes a file's own size for what they cost, where it may lie over one thirty
	// times as large, and compressed sizes for those that are read, so pages of a Scan of a million items cost up to five times as much (docs/performance.md).
	po.Experimental.ReadCompactionRate = 1
	po.FS = fs
	return po
}

func openError(dir string, err error) error {
	if d, ok := errors.AsType[*fileDamage](err); ok {
		return d
	}
	switch {
	case pebble.IsCorruptionError(err), errors.Is(err, os.ErrNotExist), // the directory is there: a file is gone that the store names
		errors.Is(err, pebble.ErrDBNotPristine),        // the file is gone that tells the format of the others
		strings.Contains(err.Error(), "size mismatch"): // a table is shorter or longer than the manifest says; the error has no kind of its own
		return fmt.Errorf("%s: %w", dir, &damage{err})
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("cannot open the store in %s: %w; check who owns the directory", dir, err)
	case isLockError(err):
		return fmt.Errorf("%w: %s", ErrLocked, dir)
	}
	return fmt.Errorf("cannot open the store in %s: %w", dir, err)
}

// checkFormat refuses a store written by a newer version and marks a new or older one.
func (s *Store) checkFormat() error {
	key := MetaKey("format")
	v, ok, err := s.Get(key, nil)
	if err != nil {
		return err
	}
	if ok && len(v) != 1 {
		return fmt.Errorf("%w: %s: its format is written in %d bytes, not 1", ErrDamaged, s.dir, len(v))
	}
	switch {
	case !ok || v[0] < FormatVersion:
		b := s.NewBatch()
		defer b.Close()
		b.Set(key, []byte{FormatVersion})
		return b.Commit()
	case v[0] > FormatVersion:
		return fmt.Errorf("the store in %s has format %d and this version of ddb writes format %d: "+
			"open it with the ddb that wrote it, or start with an empty directory", s.dir, v[0], FormatVersion)
	}
	return nil
}

// isLockError recognises Pebble's refusal of a directory locked by another process: flock answers EAGAIN, and a lock of
// the same process is refused by name.
func isLockError(err error) bool {
	return lockErrno(err) || containsLock(err.Error())
}
