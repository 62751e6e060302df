package engine

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Image is an item as the engine keeps it: canonical wire form and size, parsed only when asked. The zero Image is no item.
type Image struct {
	Wire []byte // canonical DynamoDB JSON, numbers in normal form
	Size int    // bytes as the service counts them

	item   attr.Item
	parsed bool
}

// newImage makes the image of an item.
func newImage(it attr.Item) *Image {
	return &Image{Wire: attr.AppendItem(nil, it), Size: attr.ItemSize(it), item: it, parsed: true}
}

// Item parses the image. The result is shared: do not change it.
func (im *Image) Item() (attr.Item, error) {
	if im == nil || im.Wire == nil {
		return nil, nil
	}
	if !im.parsed {
		it, err := attr.ParseItem(im.Wire)
		if err != nil {
			return nil, fmt.Errorf("%w: an item cannot be read: %w", storage.ErrDamaged, err)
		}
		im.item, im.parsed = it, true
	}
	return im.item, nil
}

// attribute reads one top-level attribute without parsing the others.
func (im *Image) attribute(name string) (attr.Value, bool) {
	if im == nil || im.Wire == nil {
		return attr.Value{}, false
	}
	if im.parsed {
		return im.item.Get(name)
	}
	raw, _ := attr.Lookup(im.Wire, name)
	return parsedRaw(raw)
}

// raw finds two top-level attributes in one walk over the image, nil for what is not there: the wire forms of their values.
func (im *Image) raw(first, second string) (raw [2][]byte) {
	for it := attr.Iterate(im.Wire); (raw[0] == nil || raw[1] == nil) && it.Next(); {
		switch {
		case raw[0] == nil && it.Is(first):
			raw[0] = it.Value
		case raw[1] == nil && it.Is(second):
			raw[1] = it.Value
		}
	}
	return raw
}

// parsedRaw parses the wire form of a value, nil for none.
func parsedRaw(raw []byte) (attr.Value, bool) {
	if raw == nil {
		return attr.Value{}, false
	}
	v, err := attr.ParseValue(raw)
	return v, err == nil
}

// keeps tells whether an attribute is as it was in an earlier image, which may be nil.
func (im *Image) keeps(name string, was *Image) bool {
	if was == nil {
		return false
	}
	now, ok := attr.Lookup(im.Wire, name)
	before, there := attr.Lookup(was.Wire, name)
	return ok && there && bytes.Equal(now, before)
}

// wireBytes is the length of the wire form; an item that does not exist has none.
func (im *Image) wireBytes() int {
	if im == nil {
		return 0
	}
	return len(im.Wire)
}

// sizeOf is the size of the image, 0 for none.
func (im *Image) sizeOf() int {
	if im == nil {
		return 0
	}
	return im.Size
}

// A stored row is the item's size as a varint and its wire form.

func appendRow(dst []byte, wire []byte, size int) []byte {
	dst = binary.AppendUvarint(dst, uint64(size))
	return append(dst, wire...)
}

// splitRow reads a stored row; wire aliases it.
func splitRow(row []byte) (wire []byte, size int, err error) {
	n, k := binary.Uvarint(row)
	if k <= 0 || len(row) < k+2 {
		return nil, 0, fmt.Errorf("%w: a row of %d bytes holds no item", storage.ErrDamaged, len(row))
	}
	return row[k:], int(n), nil
}
