package storage

import (
	"fmt"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2/vfs"
)

const (
	// minFree is how much room the disk must have for a write: the memtables and logs that may still have to be written.
	minFree = 24 << 20
	// minReserve is the same for a batch that makes room or says that there is none.
	minReserve = 8 << 20
	// checkEvery is how many bytes may be written between two looks at the disk.
	checkEvery = 1 << 20
)

// space refuses writes while the disk is nearly full. Pebble cannot go on after a log that could not be written, so a full
// disk must be met before it, with room left to finish what has begun. A nil space refuses nothing.
type space struct {
	fs      vfs.FS
	dir     string
	written atomic.Int64 // since the last look
	low     atomic.Bool
}

func newSpace(fs vfs.FS, dir string) *space {
	s := &space{fs: fs, dir: dir}
	s.written.Store(checkEvery)
	return s
}

// full reports whether the disk was nearly full when it was last looked at.
func (s *space) full() bool { return s != nil && s.low.Load() }

// admit lets n bytes be written while so much room is there at least, or answers ErrFull.
func (s *space) admit(n int, least uint64) error {
	if s == nil || s.written.Add(int64(n)) < checkEvery && !s.low.Load() {
		return nil
	}
	s.written.Store(0)
	usage, err := s.fs.GetDiskUsage(s.dir)
	if err != nil {
		return nil //nolint:nilerr // a file system that cannot tell is taken to have room
	}
	s.low.Store(usage.AvailBytes < minFree)
	if usage.AvailBytes < least {
		return fmt.Errorf("%w: %d MB are left in %s and a write needs %d; make room and try again", ErrFull, usage.AvailBytes>>20, s.dir, least>>20)
	}
	return nil
}
