package engine

import (
	"errors"

	"github.com/ddb-cli/ddb/internal/attr"
)

// writeBatch carries out the writes of a batch. Those that cannot be done now, and could be a moment later, are left with
// their err set; when the throughput of no table allows any of them that is the error (API reference, BatchWriteItem).
func (c *call) writeBatch(all []*write) error {
	if c.e.throttle == nil {
		if err := c.e.mutate(c, all...); !isUnprocessed(err) {
			return err
		}
	}
	// One after the other: what is refused for good refuses the batch before anything of it is written.
	for _, w := range all {
		w.err = nil
		if err := w.precheck(); err != nil {
			return err
		}
	}
	done, throttled := false, error(nil)
	for _, w := range all {
		w.err = c.e.mutate(c, w)
		switch {
		case w.err == nil:
			done = true
		case !isUnprocessed(w.err):
			return w.err
		case isThrottled(w.err):
			throttled = w.err
		}
	}
	if !done && throttled != nil {
		return throttled
	}
	return nil
}

// precheck finds what refuses a put or a deletion whatever the item is now.
func (w *write) precheck() error {
	im, err := w.change(w)
	if err != nil || im == nil {
		return err
	}
	return checkIndexKeys(w.table, im, nil, w.update)
}

// isUnprocessed reports whether a write of a batch may be tried again.
func isUnprocessed(err error) bool {
	return err != nil && (errors.Is(err, errConflict) || isThrottled(err))
}

// appendUnprocessed appends the writes of a table that are to be tried again, as they were requested.
func (w *tableWrites) appendUnprocessed(dst []byte) []byte {
	open := false
	for i, x := range w.writes {
		if x.err == nil {
			continue
		}
		if open {
			dst = append(dst, ',')
		} else {
			dst, open = append(appendQuotedMember(dst, w.name), '['), true
		}
		if put := w.from[i].PutRequest; put != nil {
			dst = append(append(append(dst, `{"PutRequest":{"Item":`...), put.Item.Wire...), "}}"...)
		} else {
			dst = append(attr.AppendItem(append(dst, `{"DeleteRequest":{"Key":`...), w.from[i].DeleteRequest.Key), "}}"...)
		}
	}
	if open {
		dst = append(dst, ']')
	}
	return dst
}
