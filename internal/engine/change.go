package engine

import (
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/engine/streams"
)

// changeClock gives change records their numbers and times. Both only grow, whatever the system's clock does, so a
// reader that walks a log backwards knows when it is past a time. A number is the time in nanoseconds, or one more than
// the number before, so the shards of a stream, which are spans of time, are spans of numbers too.
type changeClock struct {
	mu   sync.Mutex
	seq  uint64
	last time.Time
}

// next takes a number, and a time that is not before the one of any record before.
func (k *changeClock) next(now time.Time) (uint64, time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now.After(k.last) {
		k.last = now
	}
	k.seq = max(k.seq+1, uint64(max(k.last.UnixNano(), 0)))
	return k.seq, k.last
}

// following is now, or the time of the last change if that is later.
func (k *changeClock) following(now time.Time) time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now.After(k.last) {
		return now
	}
	return k.last
}

// latest is the last number given out.
func (k *changeClock) latest() uint64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.seq
}

// seen makes later numbers and times follow a record of an earlier process.
func (k *changeClock) seen(r streams.Record) {
	k.seq = max(k.seq, r.Seq)
	if r.Time.After(k.last) {
		k.last = r.Time
	}
}

// record adds the change to the table's log, in the batch that makes it. Number and time are taken while the item's
// latch is held, so the records of an item are in the order of its changes; those of one mutate share their time, so no
// recovery to a point in time sees half of a transaction.
func (e *Engine) record(c *call, b *storage.Batch, w *write) error {
	if w.old == nil && w.new == nil || w.old != nil && w.new != nil && sameEntry(entryOf(w.old), entryOf(w.new)) {
		return nil // nothing changed, so there is nothing to tell (API reference, GetRecords)
	}
	now := c.changed
	if now.IsZero() {
		now = e.opts.Clock()
	}
	seq, at := e.tend.clock.next(now)
	if c.changed.IsZero() {
		c.changed = at
	}
	start := len(c.scratch)
	old := appendImage(c, w.old)
	after := appendImage(c, w.new)
	value := streams.AppendRecord(c.scratch[len(c.scratch):], streams.Record{
		Time: c.changed, Service: w.service, Copied: w.copied, Key: storage.RowRest(w.key.row), Old: old, New: after,
	})
	b.Set(storage.ChangeKey(w.table.ID, seq), value)
	c.scratch = c.scratch[:start]
	if w.table.SendsChanges() && !w.copied {
		e.noteVersion(b, w, seq)
	}
	return nil
}

func entryOf(im *Image) entry { return entry{wire: im.Wire, size: im.Size} }

// appendImage puts an image as it is stored into the call's scratch memory; nil for none.
func appendImage(c *call, im *Image) []byte {
	if im == nil {
		return nil
	}
	start := len(c.scratch)
	c.scratch = appendRow(c.scratch, im.Wire, im.Size)
	return c.scratch[start:len(c.scratch):len(c.scratch)]
}
