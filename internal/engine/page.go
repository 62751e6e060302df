package engine

import (
	"errors"
	"slices"
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// pageBytes is how much a Query or Scan reads before it answers with a page, before filters (API reference, Query: "a
// single Query operation will read up to … 1 MB of data").
const pageBytes = 1 << 20

// growFrom is the length of an answer from which its buffer is made large enough for a whole page.
const growFrom = 256 << 10

// page is one page of a Query or Scan: what to read, and what came of it.
type page struct {
	table   *catalog.Table
	index   *catalog.Index // nil: the table
	span    storage.Span
	reverse bool
	limit   int // rows to read; 0: no limit but the page's size

	filter     *expression.Condition
	projection *expression.Projection
	render     func(dst, wire []byte) ([]byte, error) // makes the row in place of projection
	countOnly  bool
	fetch      bool // read whole items from the table for an index that does not hold all that is asked for
	consistent bool

	items          []byte // items in wire form, separated by commas, appended to whatever was there
	count, scanned int
	size           int    // bytes read
	unbilled       int    // of them, not charged: see billed
	last           []byte // key to go on from, as JSON; nil when the end was reached
	fetched        float64
	fetchedBytes   int   // of the items fetched, in whole read units each
	seen           *seen // the rows read, where a scan's keys are counted; else nil
	turn           turn
	reading
	looked int    // bytes of the row, and of what was fetched for it
	give   func() // gives back the room for a large row; nil without
}

// read reads the page from one consistent state of the store, or from several when it has to wait in the midst.
func (p *page) read(c *call, r storage.Reader) (err error) {
	if p.it, err = r.Iter(p.span); err != nil {
		return err
	}
	if on := c.e.insights.on.Load(); on != nil {
		p.watch(c, *on)
	}
	err = p.walk(c, r)
	p.turn.end(c)
	p.giveBack()
	return errors.Join(err, p.close())
}

// reopen goes on where the page was when it paused: behind that row, or at it.
func (p *page) reopen(r storage.Reader, again bool) (ok bool, err error) {
	if p.it, err = r.Iter(p.span); err != nil {
		return false, err
	}
	switch {
	case again && p.reverse:
		return p.it.SeekBefore(append(p.after, 0)), nil
	case again:
		return p.it.Seek(p.after), nil
	}
	return p.begin(p.it), nil
}

func (p *page) walk(c *call, r storage.Reader) error {
	for ok := p.begin(p.it); ok; {
		row, err := p.it.Value()
		if err != nil {
			return err
		}
		wire, size, err := splitRow(row)
		if err != nil {
			return err
		}
		again, err := p.take(c, r, wire)
		switch {
		case err != nil:
			return err
		case again:
			if p.it == nil {
				if ok, err = p.reopen(r, true); err != nil {
					return err
				}
			}
			continue
		}
		p.giveBack()
		p.scanned++
		p.size += size
		if p.index == nil {
			p.unbilled += size - billed(p.table, &Image{Wire: wire, Size: size})
		}
		if p.seen != nil {
			p.seen.add(p.it.Key(), size)
		}
		if p.full() || p.scanned == p.limit {
			p.last = p.appendLast(nil, wire)
			return nil
		}
		if err := errors.Join(p.turn.work(c, p.looked, p.filter.Operators(), p), p.failed); err != nil {
			return err
		}
		if p.it != nil {
			ok = p.advance(p.it)
		} else if ok, err = p.reopen(r, false); err != nil {
			return err
		}
	}
	return nil
}

// full reports that the page has all that it may hold. What is fetched for a local index counts with each item rounded up to whole read units, and the index
// likewise (developer guide, "Local secondary indexes").
func (p *page) full() bool {
	if !p.fetch {
		return p.size >= pageBytes
	}
	return wholeUnits(p.size)+p.fetchedBytes >= pageBytes
}

func (p *page) begin(it *storage.Iter) bool {
	switch {
	case p.after == nil && p.reverse:
		return it.Last()
	case p.after == nil:
		return it.First()
	case p.reverse:
		return it.SeekBefore(p.after)
	}
	ok := it.Seek(p.after)
	if ok && string(it.Key()) == string(p.after) {
		return it.Next()
	}
	return ok
}

func (p *page) advance(it *storage.Iter) bool {
	if p.reverse {
		return it.Prev()
	}
	return it.Next()
}

// take filters a row and adds it to the answer, or says that it had to wait and that the row has to be read again. wire is valid during the call only.
func (p *page) take(c *call, r storage.Reader, wire []byte) (again bool, err error) {
	fetched, bytes := p.fetched, p.fetchedBytes
	p.looked = len(wire)
	if p.fetch {
		im, err := p.whole(c, r, wire)
		if err != nil {
			return false, err
		}
		if im != nil {
			wire, p.looked = im.Wire, p.looked+len(im.Wire)
		}
	}
	defer func() {
		if again {
			p.fetched, p.fetchedBytes = fetched, bytes
		}
	}()
	if len(wire) > largeItem && p.evaluates() && p.give == nil {
		if p.give, err = c.e.takeRoom(c.ctx, len(wire), p); err != nil || p.it == nil {
			return err == nil, errors.Join(err, p.failed)
		}
	}
	if p.filter != nil {
		if ok, err := p.filter.MatchWire(wire); err != nil || !ok {
			return false, err
		}
	}
	// A page of items with many small values is several times as long as it is counted, so the room grows with it.
	if need := int64(len(p.items) + len(wire)); !p.countOnly && need > FreeAnswer && need > c.room && c.roomy() {
		// Others wait for turn and room who may have what is waited for.
		p.turn.end(c)
		p.giveBack()
		err := c.needRoom(max(pageAnswer, 2*need), p)
		return err == nil, errors.Join(err, p.failed)
	}
	p.count++
	if p.countOnly {
		return false, nil
	}
	return false, p.show(wire)
}

// evaluates reports whether rows are looked into, and not only copied.
func (p *page) evaluates() bool {
	return p.filter != nil || !p.countOnly && (p.render != nil || p.projection != nil)
}

// giveBack gives back the room that a large row took.
func (p *page) giveBack() {
	if p.give != nil {
		p.give()
		p.give = nil
	}
}

// show appends a row to the answer.
func (p *page) show(wire []byte) error {
	if len(p.items) > growFrom && cap(p.items)-len(p.items) < len(wire)+1 {
		// A page this long mostly goes on to its end: growing once saves copying it again and again.
		p.items = slices.Grow(p.items, max(pageBytes+pageBytes/4-p.size, len(wire)+1))
	}
	if p.count > 1 {
		p.items = append(p.items, ',')
	}
	var err error
	switch {
	case p.render != nil:
		p.items, err = p.render(p.items, wire)
	case p.projection != nil:
		p.items, err = p.projection.AppendWire(p.items, wire)
	default:
		p.items = append(p.items, wire...)
	}
	return err
}

// whole reads the item of an index entry from the table. It costs a read of its own (Developer Guide, "Local secondary
// indexes": fetches).
func (p *page) whole(c *call, r storage.Reader, entry []byte) (*Image, error) {
	key, _, err := itemKeyOf(p.table, &Image{Wire: entry}, nil)
	if err != nil {
		return nil, err
	}
	mark := len(c.scratch)
	im, err := c.e.loadFrom(r, c, key)
	c.scratch = c.scratch[:mark] // used at once, so the next row may have the memory
	if im != nil {
		p.fetched += readUnits(im.Size, p.consistent)
		p.fetchedBytes += wholeUnits(im.Size)
	}
	return im, err
}

// appendLast appends the LastEvaluatedKey of a row: the key of the table, and of the index that is read.
func (p *page) appendLast(dst []byte, wire []byte) []byte {
	return attr.AppendItem(dst, startKeyItem(p.table, p.index, &Image{Wire: wire}))
}

// startKeyItem collects the attributes that name a place in a table or index.
func startKeyItem(t *catalog.Table, x *catalog.Index, it attributes) attr.Item {
	var out attr.Item
	if x != nil {
		out = keyItem(x.Key, it)
	}
	for _, a := range keyItem(t.Key, it) {
		if out.Index(a.Name) < 0 {
			out = append(out, a)
		}
	}
	return out
}

// cost is the capacity the page takes: what was read, by arm.
func (p *page) cost() cost {
	units := readUnits(p.size-p.unbilled, p.consistent)
	if p.index == nil {
		return cost{table: units}
	}
	out := cost{table: p.fetched}
	out.addIndex(p.index, units)
	return out
}

// answer reads the page and appends the answer of Query or Scan to out.
func (p *page) answer(c *call, out []byte, in *readInput) ([]byte, error) {
	out = append(out, '{')
	if !p.countOnly {
		out = append(out, `"Items":[`...)
	}
	p.items = out
	if err := p.read(c, c.e.store); err != nil {
		return nil, err
	}
	out = p.items
	if !p.countOnly {
		out = append(out, ']')
	}
	out = strconv.AppendInt(appendMember(out, "Count"), int64(p.count), 10)
	out = strconv.AppendInt(appendMember(out, "ScannedCount"), int64(p.scanned), 10)
	if p.last != nil {
		out = append(appendMember(out, "LastEvaluatedKey"), p.last...)
	}
	cost := p.cost()
	if err := c.chargePage(p, &cost); err != nil {
		return nil, err
	}
	return append(appendConsumed(out, cost.report(in.ReturnConsumedCapacity, in.TableName)), '}'), nil
}

// schema is the key of what is read.
func (p *page) schema() catalog.Schema {
	if p.index != nil {
		return p.index.Key
	}
	return p.table.Key
}

// space is where the rows are.
func (p *page) space() rowSpace {
	if p.index != nil {
		return indexSpace(p.index)
	}
	return tableSpace(p.table)
}
