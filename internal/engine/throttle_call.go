package engine

import (
	"errors"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// throttleRead takes what a read of the table took. row is the key of one of its rows, nil when many partitions were read.
func (c *call) throttleRead(t *catalog.Table, row []byte, units float64) error {
	if c.e.throttle == nil {
		return nil
	}
	return c.e.throttle.take(c.now, demand{table: t, units: units, key: row})
}

// throttlePage takes what a page took: of a global index, or of the table and its local index together.
func (c *call) throttlePage(p *page, taken *cost) error {
	if c.e.throttle == nil {
		return nil
	}
	d := demand{table: p.table, units: taken.total()}
	if p.index != nil && !p.index.Local {
		d.index = p.index
	}
	if len(p.span.Start) > len(storage.RowSpan(p.space()).Start) {
		d.key = p.span.Start // a query; a scan has no key
	}
	return c.e.throttle.take(c.now, d)
}

// throttleWrite takes what a write took, of its table and of each global index it changed: an index without throughput
// left holds up the writes to its table (Developer Guide, "Global secondary indexes: write throughput"). A write whose
// condition failed is charged like one that was done.
func (e *Engine) throttleWrite(c *call, w *write, err error) error {
	if err != nil {
		if api, ok := errors.AsType[*apiError](err); !ok || api.Type != "ConditionalCheckFailedException" {
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
