package engine

import (
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// chargeRead takes what a read of one item of the table took, and counts its key. row is the item's row key.
func (c *call) chargeRead(t *catalog.Table, row []byte, units float64) (err error) {
	if c.e.throttle != nil {
		err = c.e.throttle.take(c.now, demand{table: t, units: units, key: row})
	}
	if on := c.e.insights.on.Load(); on != nil {
		c.countRead(*on, t, row, units, err)
	}
	return err
}

// chargePage takes what a page took, of a global index or of the table and its local index together, and counts its keys.
func (c *call) chargePage(p *page, taken *cost) (err error) {
	units := taken.total()
	if c.e.throttle != nil {
		d := demand{table: p.table, units: units}
		if p.index != nil && !p.index.Local {
			d.index = p.index
		}
		if p.queried() {
			d.key = p.span.Start // a scan has no key
		}
		err = c.e.throttle.take(c.now, d)
	}
	if on := c.e.insights.on.Load(); on != nil {
		c.countPage(*on, p, units, err)
	}
	return err
}

// queried says that the page is of one partition: a Query's and not a Scan's.
func (p *page) queried() bool { return len(p.span.Start) > len(storage.RowSpan(p.space().id).Start) }

// throttleWrite takes what a write took, of its table and of each global index it changed: an index without throughput
// left holds up the writes to its table (Developer Guide, "Global secondary indexes: write throughput"). A write whose
// condition failed is charged like one that was done.
func (e *Engine) throttleWrite(c *call, w *write, err error) error {
	if err != nil {
		if !conditionFailed(err) {
			return err
		}
	}
	own := w.cost.table
	if w.transacted {
		own *= 2
	}
	demands := make([]demand, 1, 1+len(w.cost.indexes))
	for _, x := range w.cost.indexes {
		if x.index.Vector != nil {
			continue // takes bytes, of which there is no limit a second
		}
		if x.index.Local {
			own += x.units
			continue
		}
		d := demand{table: w.table, index: x.index, write: true, units: x.units}
		im := w.new
		if im == nil {
			im = w.old
		}
		if key, ok := indexKey(w.table, x.index, im); ok {
			d.key = key
		}
		demands = append(demands, d)
	}
	demands[0] = demand{table: w.table, write: true, units: own, key: w.key.row}
	if refused := e.throttle.take(c.now, demands...); refused != nil {
		return refused
	}
	return err
}
