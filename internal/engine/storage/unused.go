package storage

import (
	"io"
	"slices"
	"strings"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// readOnlyFS is a file system that Pebble locks nothing in: the store has the lock.
type readOnlyFS struct{ vfs.FS }

func (readOnlyFS) Lock(string) (io.Closer, error) { return io.NopCloser(nil), nil }

// dropUnused removes the tables that no state of the store names, and tells how many there were: what a merge had written when it met a full disk. Pebble
// removes them when it has opened, which on a disk that they have filled it cannot. Whatever goes wrong leaves all as it is.
func dropUnused(o Options) (removed int) {
	po := options(o)
	defer po.Cache.Unref()
	fs := po.FS
	po.FS, po.ReadOnly = readOnlyFS{fs}, true
	lock, err := fs.Lock(fs.PathJoin(o.Dir, "LOCK"))
	if err != nil {
		return 0
	}
	defer lock.Close()
	db, err := pebble.Open(o.Dir, po)
	if err != nil {
		return 0
	}
	defer func() { _ = db.Close() }()
	levels, err := db.SSTables()
	if err != nil {
		return 0
	}
	var live []string
	for _, level := range levels {
		for _, t := range level {
			live = append(live, t.BackingSSTNum.String()+".sst")
		}
	}
	names, err := fs.List(o.Dir)
	if err != nil {
		return 0
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".sst") && !slices.Contains(live, name) && fs.Remove(fs.PathJoin(o.Dir, name)) == nil {
			removed++
		}
	}
	return removed
}
