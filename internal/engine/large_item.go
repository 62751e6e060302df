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

// Roomy is a request body that knows of room for the answer. NeedRoom waits until there is some for so many bytes, in place of what was taken for the answer before.
type Roomy interface{ NeedRoom(bytes int64) error }

// loadForAnswer is load for an item that is answered with. A large one waits until there is room for the answer.
func (c *call) loadForAnswer(key itemKey) (*Image, error) {
	im, large, err := c.e.loadUpTo(largeItem, c.e.store, c, key)
	if large == 0 {
		return im, err
	}
	if r, ok := c.body.(Roomy); ok {
		if err := r.NeedRoom(2 * int64(large)); err != nil { // the item, and the answer
			return nil, errUnavailable(err)
		}
	}
	return c.e.load(c, key)
}

// takeRoom waits until there is room to work on so many bytes of items in wire form. What needs more than there is has all of it, alone. Who has room must
// not wait for latches that somebody may hold who waits for room. give gives it back.
//
// Errors: the service is unavailable when there is no room in time or the caller has gone.
func (e *Engine) takeRoom(ctx context.Context, bytes int) (give func(), err error) {
	n := min(int64(bytes)*perRowByte, largeItems)
	if err := e.largeItems.Take(ctx, n, nil); err != nil {
		return nil, errUnavailable(err)
	}
	return func() { e.largeItems.Give(n) }, nil
}
