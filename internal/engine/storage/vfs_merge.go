package storage

import (
	"errors"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// mergeCategory is what Pebble calls the writes of compactions.
const mergeCategory = "pebble-compaction"

// mergeFree is how much room a compaction leaves. It may need as much as all that it rewrites, and what it takes away from the log takes the store out of
// use; that it gives up is no harm: Pebble removes what it has written and tries again later (see BackgroundError in options).
const mergeFree = 16 << 20

var errNoRoomToMerge = errors.New("the disk is too full to merge files")

// merging is a file that a compaction writes.
type merging struct {
	vfs.File
	g      *guard
	unseen int // bytes written since the disk was looked at
}

// Write refuses to take the last room, and by that ends the compaction.
func (f *merging) Write(p []byte) (int, error) {
	if f.unseen += len(p); f.unseen >= checkEvery {
		f.unseen = 0
		if usage, err := f.g.GetDiskUsage(f.g.logs.dir); err == nil && usage.AvailBytes < mergeFree {
			return 0, errNoRoomToMerge
		}
	}
	return f.File.Write(p)
}
