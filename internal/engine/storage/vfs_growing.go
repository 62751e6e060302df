package storage

import "github.com/cockroachdb/pebble/v2/vfs"

// growingFile is a log or the manifest, to which is written from its beginning to its end. It knows how far it has come, also where the file is longer, as that
// of a log is which has taken the file of an older one. Pebble never uses WriteAt on it.
type growingFile struct {
	guarded
	base    string
	written end
	safe    end // written, and synced as the store means it
}

// growing makes a log or a manifest that has just been created one that knows how far it has come.
func growing(f vfs.File, err error) (vfs.File, error) {
	g, ok := f.(guarded)
	if err != nil || !ok {
		return f, err
	}
	base := g.g.PathBase(g.name)
	if _, ok := markOf(base); !ok {
		return f, nil
	}
	return &growingFile{guarded: g, base: base}, nil
}

func (f *growingFile) Write(p []byte) (int, error) {
	written := f.written
	written.add(p) // before it is written: a file system may change p
	return len(p), f.g.change(f.name, func() error {
		_, err := f.File.Write(p)
		if err == nil {
			f.written = written
		}
		return err
	})
}

func (f *growingFile) Sync() error     { return f.sync(f.File.Sync) }
func (f *growingFile) SyncData() error { return f.sync(f.File.SyncData) }

func (f *growingFile) sync(do func() error) error {
	return f.g.change(f.name, func() error {
		if err := do(); err != nil {
			return err
		}
		f.safe = f.written
		return f.g.marks.set(f.base, f.safe)
	})
}

// Close is the end of a log: Pebble closes it, complete and synced, before it makes the next.
func (f *growingFile) Close() error {
	if err := f.guarded.Close(); err != nil {
		return err
	}
	f.g.logs.finish(f.base, f.safe)
	return nil
}
