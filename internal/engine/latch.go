package engine

import (
	"slices"
	"sync"

	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// stripes is how many latches there are. Two writes wait for each other by chance once in this many pairs.
const stripes = 1024

// latches serialise the writes to one key and let writes to different keys run side by side. A key's latch is one of a
// fixed number; taking several in ascending order cannot deadlock.
type latches [stripes]sync.Mutex

// latchSet is the latches of some keys, ascending, each once.
type latchSet []uint16

func stripe(key []byte) uint16 { return uint16(storage.Hash(key) % stripes) }

// latchesOf collects the latches of keys.
func latchesOf(dst latchSet, keys ...[]byte) latchSet {
	for _, k := range keys {
		dst = append(dst, stripe(k))
	}
	if len(dst) > 1 {
		slices.Sort(dst)
		dst = slices.Compact(dst)
	}
	return dst
}

// lock waits for all latches of the set.
func (l *latches) lock(set latchSet) {
	for _, i := range set {
		l[i].Lock()
	}
}

// unlock releases all latches of the set.
func (l *latches) unlock(set latchSet) {
	for _, i := range slices.Backward(set) {
		l[i].Unlock()
	}
}

// barrier returns when every write that began before the call has ended. Writers look their table up while they hold a
// latch, so after a change of the catalogue and a barrier no write acts on the old definition.
func (l *latches) barrier() {
	for i := range l {
		l[i].Lock()
		l[i].Unlock() //nolint:staticcheck // passing through is the point
	}
}
