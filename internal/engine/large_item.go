package engine

import "context"

// Expressions are evaluated on values in memory, and a value of a list takes twenty times and more what it is counted as: an item of 400 KB may be 3 MB in wire
// form and 20 MB while a condition is tested on it. So items whose wire form is long take turns by what they may become. It is as many
// as processors can be busy with, and clients with smaller items do not wait for those of larger ones.
const (
	largeItem  = 64 << 10  // bytes in wire form from which an item takes room
	largeItems = 128 << 20 // room for all
	perRowByte = 8         // what a byte in wire form becomes, the old image and the new one together
)

// Roomy is a request body that knows of room for the answer. NeedRoom waits until there is some for so many bytes, in place of what was taken for the answer
// before. It calls pause, which may be nil, before it begins to wait.
type Roomy interface {
	NeedRoom(bytes int64, pause func()) error
}

// loadForAnswer is load for an item that is answered with. A large one waits until there is room for the answer.
func (c *call) loadForAnswer(key itemKey) (*Image, error) {
	im, large, err := c.e.loadUpTo(largeItem, c.e.store, c, key)
	if large == 0 {
		return im, err
	}
	if err := c.needRoom(2*int64(large), nil); err != nil { // the item, and the answer
		return nil, err
	}
	return c.e.load(c, key)
}

// FreeAnswer is how long an answer may be without room for it, in bytes.
const FreeAnswer = 64 << 10

// The room that answers with many items take when they grow beyond what is free: what a page of 1 MB with the names of its types, and what operations on
// many come to. An item of 400 KB may be 3 MB with the names of its types, but hardly ever is.
const (
	pageAnswer = 2 << 20
	manyAnswer = 16 << 20
)

// grow notes that the answer, of an operation on many items, gets so many bytes longer, and waits for room, after p has paused, when that is more than is free.
func (c *call) grow(bytes int, p pausing) error {
	if c.grown += bytes; c.grown <= FreeAnswer {
		return nil
	}
	return c.needRoom(max(manyAnswer, int64(c.grown)), p)
}

// needRoom waits, after p has paused, until there is room for an answer of so many bytes, unless it has as much. Who calls it must not have a turn or room for items, for which those
// may wait who have room for their answers.
//
// Errors: the service is unavailable when there is no room in time or the caller has gone.
func (c *call) needRoom(bytes int64, p pausing) error {
	r, ok := c.body.(Roomy)
	if !ok || bytes <= c.room {
		return nil
	}
	if err := r.NeedRoom(bytes, pauseOf(p)); err != nil {
		return errUnavailable(err)
	}
	c.room = bytes
	return nil
}

// roomy reports whether the caller knows of room for answers. One in process does not.
func (c *call) roomy() bool {
	_, ok := c.body.(Roomy)
	return ok
}

// takeRoom waits, after p has paused, until there is room to work on so many bytes of items in wire form. What needs more than there is has all of it, alone. Who has room must
// not wait for latches that somebody may hold who waits for room. give gives it back.
//
// Errors: the service is unavailable when there is no room in time or the caller has gone.
func (e *Engine) takeRoom(ctx context.Context, bytes int, p pausing) (give func(), err error) {
	n := min(int64(bytes)*perRowByte, largeItems)
	if err := e.largeItems.Take(ctx, n, pauseOf(p)); err != nil {
		return nil, errUnavailable(err)
	}
	return func() { e.largeItems.Give(n) }, nil
}
