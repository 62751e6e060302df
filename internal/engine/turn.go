package engine

import (
	"runtime"
	"slices"

	"github.com/ddb-cli/ddb/internal/engine/room"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Reads that look at much take turns at the processors: as many are at work as there are processors, however many clients ask, so what needs no turn finds a
// processor soon. A turn lasts a slice while others wait for one. A read of up to a slice, a whole page without a filter for one, needs none.
//
// Of those that take many slices as many as there are processors are under way, and the others wait until one has ended: were all of them under way, each would
// end when the last one does, and clients that wait so long for all. One that has room for its answer does not wait for them, since others wait for the room; of
// such there are as many as there is room for.
//
// Work is counted in bytes of rows, each once for the reading and once for each operator that looks at it; a nanosecond or two each.
const (
	slice = 2 << 20
	long  = 8 // slices of a read that waits for other long ones
)

// turns are what reads share.
type turns struct {
	processors *room.Room // a place for each, taken for a slice
	long       *room.Room // as many, taken until the end
}

func newTurns() turns {
	n := int64(runtime.GOMAXPROCS(0))
	return turns{room.Of(n), room.Of(n)}
}

// pausing is what reads by an iterator. While that is open the store keeps all that is overwritten, so it is closed by pause, which is called before the
// read waits; it must be able to go on afterwards.
type pausing interface{ pause() }

// pauseOf is p's pause as room.Take takes it; p may be nil.
func pauseOf(p pausing) func() {
	if p == nil {
		return nil
	}
	return p.pause
}

// reading is a read by an iterator that can pause, and goes on by another one.
type reading struct {
	it     *storage.Iter // nil while it waits
	after  []byte        // row key to go on behind; nil: from the beginning
	failed error         // of closing the iterator
}

func (r *reading) pause() {
	if r.it != nil {
		r.after = slices.Clone(r.it.Key())
		r.failed = r.close()
	}
}

func (r *reading) close() error {
	if r.it == nil {
		return nil
	}
	it := r.it
	r.it = nil
	return it.Close()
}

// turn is that of one read. The zero turn has none and is ready.
type turn struct {
	worked int // since the slice began
	slices int
	taken  bool
	long   bool // has a place among the long ones
}

// work counts what was done, and waits for a turn when that was a slice, after p has paused. It must not be called by one who has room that others may wait
// for while they have a turn: who has a turn may wait for room, for items that are large.
//
// Errors: the context's when the caller has gone, the service is unavailable when there was no turn in time.
func (t *turn) work(c *call, bytes, operators int, p pausing) error {
	if t.worked += bytes * (1 + operators); t.worked < slice {
		return nil
	}
	t.worked = 0
	t.slices++
	if err := c.ctx.Err(); err != nil {
		return err
	}
	of := &c.e.turns
	if t.slices >= long && !t.long && c.room == 0 {
		t.end(c)
		if err := of.long.Take(c.ctx, 1, pauseOf(p)); err != nil {
			return errUnavailable(err)
		}
		t.long = true
	}
	if t.taken {
		if !of.processors.Crowded() {
			return nil
		}
		t.taken = false
		of.processors.Give(1)
	}
	if err := of.processors.Take(c.ctx, 1, pauseOf(p)); err != nil {
		return errUnavailable(err)
	}
	t.taken = true
	return nil
}

// end gives the turn up, and the place among the long ones. What is done afterwards takes them again.
func (t *turn) end(c *call) {
	of := &c.e.turns
	if t.taken {
		of.processors.Give(1)
	}
	if t.long {
		of.long.Give(1)
	}
	t.taken, t.long = false, false
}
