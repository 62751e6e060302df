package engine

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// entry is what an index stores of an item.
type entry struct {
	key  []byte // row key in the index's space; nil when the index has no entry for the item
	wire []byte // projected attributes; in a vector index behind the vector
	size int
	head int // bytes of the vector
}

// indexEntry makes the entry of an item. An item that lacks an attribute of the index's key, or has it with another type,
// has none.
func indexEntry(t *catalog.Table, x *catalog.Index, im *Image) entry {
	if im == nil || im.Wire == nil {
		return entry{}
	}
	if x.Vector != nil {
		return vectorEntry(t, x, im)
	}
	key, ok := indexKey(t, x, im)
	if !ok {
		return entry{}
	}
	names, all := x.Stored()
	if all {
		return entry{key: key, wire: im.Wire, size: im.Size}
	}
	wire, size := project(im.Wire, names)
	return entry{key: key, wire: wire, size: size}
}

// indexKey builds the row key: index partition key, index sort key, then the table's key, which makes it unique and has its hash before it, by which the
// service orders what has one key in an index (mhart/dynalite). What no item could be written with has no row, though it was there before the index.
func indexKey(t *catalog.Table, x *catalog.Index, it attributes) ([]byte, bool) {
	var few [4]attr.Value
	values, ok := keyValues(few[:0], x.Key.Hash, it)
	if !ok {
		return nil, false
	}
	key := indexSpace(x).appendPartition(make([]byte, 0, 192), values...)
	if values, ok = keyValues(few[:0], x.Key.Range, it); !ok {
		return nil, false
	}
	for _, v := range values {
		key = attr.AppendKey(key, v)
	}
	values = few[:0]
	for _, k := range t.Key.Hash {
		v, _ := it.attribute(k.Name)
		values = append(values, v)
	}
	for _, k := range t.Key.Range {
		v, _ := it.attribute(k.Name)
		values = append(values, v)
	}
	if x.Order == catalog.ServiceOrder && x.Vector == nil {
		key = binary.BigEndian.AppendUint64(key, keyHash(values...))
	}
	for _, v := range values {
		key = attr.AppendKey(key, v)
	}
	return key, true
}

// keyValues collects what an item has of a part of an index's key; ok is false when it lacks any or has one that cannot be in a key.
func keyValues(dst []attr.Value, part []catalog.KeyAttribute, it attributes) (values []attr.Value, ok bool) {
	for _, k := range part {
		v, ok := it.attribute(k.Name)
		if !ok || !keyable(v, k) {
			return nil, false
		}
		dst = append(dst, v)
	}
	return dst, true
}

// keyable tells whether a value may stand in the key of an index.
func keyable(v attr.Value, k catalog.KeyAttribute) bool {
	return v.Kind == k.Type && (v.Kind == attr.N || v.Str != "")
}

// project keeps the named top-level attributes of an item in wire form, in the item's order, and their size.
func project(wire []byte, names []string) ([]byte, int) {
	out := make([]byte, 0, 256)
	out = append(out, '{')
	size := 0
	for it := attr.Iterate(wire); it.Next(); {
		for _, n := range names {
			if !it.Is(n) {
				continue
			}
			if len(out) > 1 {
				out = append(out, ',')
			}
			out = jsonscan.AppendQuoted(out, n)
			out = append(out, ':')
			out = append(out, it.Value...)
			if v, err := attr.ParseValue(it.Value); err == nil {
				size += len(n) + attr.ValueSize(v)
			}
			break
		}
	}
	return append(out, '}'), size
}

// put is the change of a put that is guarded by g. What the item is refused for does not depend on the one that is there, so it comes before the condition.
func (w *write) put(im *Image, g guard) (*Image, error) {
	if len(w.table.Indexes) > 0 {
		if err := checkNewIndexKeys(w.table, im); err != nil {
			return nil, err
		}
		w.checked = true
	}
	return im, g.check(w.old)
}

// checkNewIndexKeys is checkIndexKeys for an item that comes as a whole.
func checkNewIndexKeys(t *catalog.Table, im *Image) error { return checkIndexKeys(t, im, nil, false) }

// checkIndexKeys refuses an item whose attributes cannot be keys of an index: wrong type, empty, too long. Of an update, was is the item before: what it
// leaves as it was is not looked at again, so that an item that was there before an index can still be changed. Where an item is wrong for several indexes,
// the one whose name comes first is told of (ExtendDB/extenddb 184, as observed).
func checkIndexKeys(t *catalog.Table, im, was *Image, update bool) error {
	var first error
	var name string
	for _, x := range t.Indexes {
		if first != nil && x.Name > name {
			continue
		}
		if err := checkIndexEntry(t, x, im, was, update); err != nil {
			first, name = err, x.Name
		}
	}
	return first
}

func checkIndexEntry(t *catalog.Table, x *catalog.Index, im, was *Image, update bool) error {
	if x.Vector != nil {
		if err := checkVector(x, im, was); err != nil {
			return err
		}
	}
	sort := 0
	for i, k := range x.Key.Attributes() {
		v, ok := im.attribute(k.Name)
		if !ok || t.Key.Has(k.Name) {
			continue
		}
		err := checkIndexKey(x, k, v, update)
		if i >= len(x.Key.Hash) {
			sort += len(v.Str)
		} else if err == nil && len(v.Str) > maxPartitionKey && v.Kind != attr.N {
			err = invalidParameter("Size of hashkey has exceeded the maximum size limit of2048 bytes")
		}
		if err != nil && !im.keeps(k.Name, was) {
			return err
		}
	}
	if sort > maxSortKey && slices.ContainsFunc(x.Key.Range, func(k catalog.KeyAttribute) bool { return !im.keeps(k.Name, was) }) {
		return invalidParameter("Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
	}
	return nil
}

func checkIndexKey(x *catalog.Index, k catalog.KeyAttribute, v attr.Value, update bool) error {
	if v.Kind != k.Type {
		if update {
			return validation("The update expression attempted to update the secondary index key to unsupported type")
		}
		return invalidParameter("Type mismatch for Index Key " + k.Name + " Expected: " + k.Type.String() + " Actual: " +
			v.Kind.String() + " IndexName: " + x.Name)
	}
	if v.Kind == attr.N || v.Str != "" {
		return nil
	}
	kind := "string"
	if v.Kind == attr.B {
		kind = "binary"
	}
	empty := " The AttributeValue for a key attribute cannot contain an empty " + kind + " value."
	if update {
		return validation(emptyKey + "The update expression attempted to update a secondary index key to a value that is not supported." + empty)
	}
	return validation(emptyKey + "A value specified for a secondary index key is not supported." + empty + " IndexName: " + x.Name + ", IndexKey: " + k.Name)
}

// updateIndex writes the difference between two entries of one item and returns the capacity it takes (bytes for a vector
// index, else units): nothing when the
// entry stays as it is, one write when it changes in place, comes or goes, two when it moves (Developer Guide, "Write
// capacity units for global secondary indexes").
func (e *Engine) updateIndex(b *storage.Batch, x *catalog.Index, before, after entry) (float64, error) {
	if before.key != nil && x.Backfilling {
		// The backfill may not have come this far: what is not there is neither removed nor counted.
		_, ok, err := e.store.Get(before.key, nil)
		if err != nil {
			return 0, err
		}
		if !ok {
			before = entry{}
		}
	}
	moved := !bytes.Equal(before.key, after.key)
	cost := writeUnits
	if x.Vector != nil {
		cost = vectorWriteBytes
	}
	var units float64
	var delta storage.Counts
	if before.key != nil {
		delta.Items--
		delta.Bytes -= int64(before.size)
		if moved {
			b.Delete(before.key)
			units += cost(before.size)
		}
	}
	if after.key != nil {
		delta.Items++
		delta.Bytes += int64(after.size)
		switch {
		case moved:
			units += cost(after.size)
		case !sameEntry(before, after):
			units += cost(max(before.size, after.size))
		default:
			return 0, nil
		}
		setRow(b, after.key, after.wire, after.size)
	}
	b.Count(x.ID, delta)
	return units, nil
}

// sameEntry reports whether two entries store the same. A request may name the attributes of an item in another order,
// which changes bytes and nothing else.
func sameEntry(a, b entry) bool {
	if bytes.Equal(a.wire, b.wire) {
		return true
	}
	if a.size != b.size || len(a.wire) != len(b.wire) || !bytes.Equal(a.wire[:a.head], b.wire[:b.head]) {
		return false
	}
	x, errX := attr.ParseItem(a.wire[a.head:])
	y, errY := attr.ParseItem(b.wire[b.head:])
	return errX == nil && errY == nil && x.Equal(y)
}

func setRow(b *storage.Batch, key, wire []byte, size int) {
	var head [10]byte
	n := len(appendRow(head[:0], nil, size))
	value, finish := b.Grow(key, n+len(wire))
	copy(value, head[:n])
	copy(value[n:], wire)
	_ = finish()
}
