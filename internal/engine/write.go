package engine

import (
	"errors"
	"math"
	"slices"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// write is one change of one item: what is asked, and what came of it. Every path that changes items goes through
// Engine.mutate with writes, so that conditions, size limits, indexes, statistics and change records cannot disagree.
type write struct {
	table *catalog.Table
	key   itemKey
	// change decides on the new image, seeing the present one in w.old (nil when there is no item) while nobody else can
	// change it. It returns w.old itself to leave the item alone (a condition check), nil to delete it, or a new image
	// with the same key. An error refuses the write and with it everything in the same mutate.
	change func(w *write) (*Image, error)
	// update says that the new image comes of an update expression, which words some refusals differently.
	update bool
	// legacy says that the update came as AttributeUpdates, whose refusals do not speak of an expression.
	legacy bool
	// checked says that change has checked the keys of indexes.
	checked bool
	// carried is the size of the item that the request brings, where a refusal is charged for it.
	carried int
	// transacted marks an action of a transaction, which takes two units of the table where others take one.
	transacted bool
	// copied marks a change that was made in another Region first.
	copied bool
	// everywhere says that the latches of the item in every Region are held (replica_strong.go).
	everywhere bool
	// paced marks a write of bulk work, which sets its own pace and waits its turn: no throughput refuses it.
	paced bool
	// unmet marks a write whose condition failed and that does nothing for it; where another action cancels the transaction it is told of.
	unmet bool
	// check marks a condition check, which changes nothing.
	check bool
	// shows and showsNew mark a write whose answer may hold the item as it was, and as it becomes.
	shows, showsNew bool
	// room says that there is room for the images, however large they are.
	room bool
	// service marks a deletion by the service itself (time to live).
	service bool

	old, new *Image // before and after; valid once mutate has returned
	cost     cost   // capacity taken; the table arm is not doubled for transactions
	err      error  // why this write was refused; nil when another one was the reason
}

// mutate carries out writes to different items, all of them or none: it waits for the items' latches, reads the old
// images, asks each write for its new one, checks it, and commits items, index entries, statistics and change records in
// one batch. When a write is refused all are still asked, so that each has its err, nothing changes, and the first refusal
// is returned. Two writes of one call must not name the same item. Writes to an item that a transaction is at work on are
// refused with errConflict before anything is done.
func (e *Engine) mutate(c *call, ws ...*write) error {
	if e.transactions.busy.Load() > 0 {
		if err := e.transactions.meet(ws); err != nil {
			return err
		}
	}
	return e.mutateWith(c, nil, ws...)
}

// mutateWith is mutate for transactions: it waits for whoever has an item, and also commits what with puts into the batch.
func (e *Engine) mutateWith(c *call, with func(*storage.Batch) error, ws ...*write) error {
	var few [8]uint16
	set := latchSet(few[:0])
	for _, w := range ws {
		set = append(set, stripe(w.key.row))
		if r := w.table.Replication; r != nil && r.Strong {
			set = e.latchReplicas(set, w)
		}
	}
	return e.mutateLatched(c, latchesOf(set), with, ws)
}

// mutateLatched is mutateWith for a known set of latches. Where an item is large, it begins again with the room for it, which must not be waited for
// under latches: who has room waits for them.
func (e *Engine) mutateLatched(c *call, set latchSet, with func(*storage.Batch) error, ws []*write) error {
	mark := len(c.scratch)
	need, err := e.mutateOnce(c, set, false, with, ws)
	if need == (images{}) {
		return err
	}
	c.scratch = c.scratch[:mark]
	if need.shown > 0 {
		if err := c.needRoom(int64(c.grown+2*need.shown), nil); err != nil { // the images, and the answer
			return err
		}
	}
	give, err := e.takeRoom(c.ctx, need.bytes, nil)
	if err != nil {
		return err
	}
	defer give()
	c.scratch = slices.Grow(c.scratch, need.bytes)
	_, err = e.mutateOnce(c, set, true, with, ws)
	return err
}

// images are the bytes of large items in wire form: of all, and of those that the answer may hold.
type images struct{ bytes, shown int }

func (s *images) add(w *write, bytes int) {
	s.bytes += bytes
	if w.shows || w.showsNew {
		s.shown += bytes
	}
}

// mutateOnce is mutate while the latches of set are held. When it finds items that are too large to be worked on without room, and there is none, it does
// nothing and gives the sizes of the items.
func (e *Engine) mutateOnce(c *call, set latchSet, room bool, with func(*storage.Batch) error, ws []*write) (need images, err error) {
	e.latches.lock(set)
	defer e.latches.unlock(set)
	most := math.MaxInt
	if !room {
		most = largeItem
	}
	r, found, err := e.store.Find(len(ws), func(i int) []byte { return ws[i].key.row })
	if err != nil {
		return images{}, err
	}
	for i, w := range ws {
		w.room = room
		var large int
		if w.old, large, err = e.loadUpTo(most, r, c, w.key); err == nil && large > 0 {
			need, err = e.sizes(r, c, ws, i)
		}
		if err != nil || large > 0 {
			return need, errors.Join(err, found())
		}
	}
	if err := found(); err != nil {
		return images{}, err
	}
	err = e.commit(c, with, ws)
	if errors.Is(err, errLargeImage) {
		for _, w := range ws {
			need.bytes += w.old.wireBytes() + w.new.wireBytes()
			need.shown += w.old.wireBytes() + w.new.wireBytes()
		}
	}
	return need, err
}

// errLargeImage ends a write whose new image is large and would be answered with, before anything of it is done: it begins again with the room.
var errLargeImage = errors.New("the image needs room")

// sizes are those of the items of ws, of which the first so many are loaded.
func (e *Engine) sizes(r storage.Getter, c *call, ws []*write, loaded int) (sum images, err error) {
	for i, w := range ws {
		size := 0
		if i < loaded && w.old != nil {
			size = len(w.old.Wire)
		} else if i >= loaded {
			if _, size, err = e.loadUpTo(0, r, c, w.key); err != nil {
				return images{}, err
			}
		}
		sum.add(w, size)
	}
	return sum, nil
}

// commit asks each write for its new image and commits what comes of it. The latches are held and the old images read.
func (e *Engine) commit(c *call, with func(*storage.Batch) error, ws []*write) (err error) {
	b := e.store.NewBatch()
	defer b.Close()
	c.changed = time.Time{}
	var first error
	for _, w := range ws {
		if w.err = e.stage(c, b, w); errors.Is(w.err, errLargeImage) {
			return w.err
		}
		if e.throttle != nil && !w.service && !w.copied && !w.paced {
			w.err = e.throttleWrite(c, w, w.err)
		}
		if w.err != nil && first == nil {
			first = w.err
		}
	}
	if first != nil {
		if on := e.insights.on.Load(); on != nil {
			c.countRefused(*on, ws)
		}
		return first
	}
	if with != nil {
		if err := with(b); err != nil {
			return err
		}
	}
	err = b.Commit()
	if on := e.insights.on.Load(); on != nil && err == nil {
		c.countWrites(*on, ws)
	}
	return err
}

// stage asks for the new image and puts what follows from it into the batch.
func (e *Engine) stage(c *call, b *storage.Batch, w *write) error {
	// A table may have got an index or gone away since the request looked it up. While a latch is held it stays as it is.
	t := e.catalog.Table(w.table.Ref)
	if t == nil || t.ID != w.table.ID || t.Status == catalog.Deleting {
		return errNoTable()
	}
	w.table = t
	var err error
	if w.new, err = w.change(w); err != nil {
		w.cost.table = writeUnits(max(billed(t, w.old), w.carried))
		return err
	}
	if w.showsNew && !w.room && w.new.wireBytes() > largeItem {
		return errLargeImage
	}
	if w.new == w.old {
		w.cost.table = writeUnits(billed(t, w.old))
		return nil
	}
	if w.new != nil && !w.copied { // a copy was checked where it was written, perhaps before an index was there
		if err := checkImage(t, w); err != nil {
			return err
		}
	}
	if r := t.Replication; r != nil && r.Strong {
		return e.putReplicas(c, b, w)
	}
	return e.put(c, b, w)
}

// put stages item, index entries, statistics and change record.
func (e *Engine) put(c *call, b *storage.Batch, w *write) error {
	w.cost.table = writeUnits(max(billed(w.table, w.old), billed(w.table, w.new)))
	var delta storage.Counts
	if w.old != nil {
		delta = storage.Counts{Items: -1, Bytes: -int64(w.old.Size)}
	}
	if w.new != nil {
		delta.Items++
		delta.Bytes += int64(w.new.Size)
		setRow(b, w.key.row, w.new.Wire, w.new.Size)
	} else if w.old != nil {
		b.Delete(w.key.row)
	}
	b.Count(w.table.ID, delta)
	local := false
	for _, x := range w.table.Indexes {
		before, after := indexEntry(w.table, x, w.old), indexEntry(w.table, x, w.new)
		units, err := e.updateIndex(b, x, before, after)
		if err != nil {
			return err
		}
		if units > 0 {
			w.cost.addIndex(x, units)
		}
		if x.Local {
			local = true
			delta.Bytes += int64(after.size - before.size)
		}
	}
	if local {
		if err := e.growCollection(w, delta.Bytes); err != nil {
			return err
		}
	}
	noteExpiry(b, w.table, w.key.row, w.old, w.new)
	if w.table.Logged || w.table.Stream.Enabled {
		return e.record(c, b, w)
	}
	return nil
}
