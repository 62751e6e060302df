package engine

import (
	"math"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// load reads an item; nil when there is none. The image lives in the call's scratch memory.
func (e *Engine) load(c *call, key itemKey) (*Image, error) {
	return e.loadFrom(e.store, c, key)
}

// loadFrom is load from a snapshot, or by what finds several items.
func (e *Engine) loadFrom(r storage.Getter, c *call, key itemKey) (*Image, error) {
	im, _, err := e.loadUpTo(math.MaxInt, r, c, key)
	return im, err
}

// loadUpTo is loadFrom for a row of at most so many bytes. The size of a longer one is in large, and the image is nil.
func (e *Engine) loadUpTo(most int, r storage.Getter, c *call, key itemKey) (im *Image, large int, err error) {
	start := len(c.scratch)
	row, large, ok, err := r.GetUpTo(most, key.row, c.scratch)
	if err != nil || !ok || large > 0 {
		return nil, large, err
	}
	c.scratch = row
	wire, size, err := splitRow(row[start:len(row):len(row)])
	if err != nil {
		return nil, 0, err
	}
	return &Image{Wire: wire, Size: size}, 0, nil
}

// checkImage checks what holds for every item that is written, by whatever operation.
func checkImage(t *catalog.Table, w *write) error {
	if len(t.Indexes) > 0 && !w.checked {
		var was *Image
		if w.update {
			was = w.old
		}
		if err := checkIndexKeys(t, w.new, was, w.update && !w.legacy); err != nil {
			return err
		}
	}
	if w.new.Size > attr.MaxItemSize || localSize(t, w.new) > attr.MaxItemSize {
		if w.update {
			return errUpdatedSize()
		}
		return errItemSize()
	}
	return nil
}

// localSize is the size of an item together with its entries in the local indexes, which have one limit (developer guide, "Quotas": item size for tables with
// local secondary indexes; DynamoDB Local refuses it in the same words). Where that is far from the limit it is the item's own size.
func localSize(t *catalog.Table, im *Image) int {
	local := 0
	for _, x := range t.Indexes {
		if x.Local {
			local++
		}
	}
	sum := im.Size
	if local == 0 || im.Size*(1+local) <= attr.MaxItemSize {
		return sum
	}
	for _, x := range t.Indexes {
		if x.Local {
			sum += indexEntry(t, x, im).size
		}
	}
	return sum
}
