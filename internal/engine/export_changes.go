package engine

import (
	"bytes"
	"context"
	"encoding/binary"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/engine/streams"
)

// An incremental export tells of every item that changed during its period once: the image before the period and the one
// at its end. The log has every change in the order of time, so the records of the period are put in the order of keys
// first, in a temporary space, and those of one item then lie side by side: however many changes there are, the memory
// needed is that of one item.

// seqLen is the length of the number that makes the keys of an item's records different.
const seqLen = 8

// changes writes the changes of the period.
func (x *exporter) changes(ctx context.Context, r storage.Reader) error {
	return x.e.temporary(func(id storage.SpaceID) error {
		if err := x.sortChanges(ctx, r, id); err != nil {
			return err
		}
		var first, last streams.Record
		err := eachRow(ctx, x.e.store, x.plan.span(id), func(rest, value []byte) error {
			if len(rest) < seqLen {
				return storage.ErrDamaged
			}
			rec, err := streams.DecodeRecord(0, bytes.Clone(value))
			if err != nil {
				return err
			}
			if first.Key != nil && !bytes.Equal(first.Key, rec.Key) {
				if err := x.change(&first, &last); err != nil {
					return err
				}
				first = streams.Record{}
			}
			if first.Key == nil {
				first = rec
			}
			last = rec
			return nil
		})
		if err != nil || first.Key == nil {
			return err
		}
		return x.change(&first, &last)
	})
}

// sortChanges copies the records of the period, each under the key of its item and its number.
func (x *exporter) sortChanges(ctx context.Context, r storage.Reader, id storage.SpaceID) error {
	w := bulkWriter{s: x.e.store}
	defer w.close()
	var key []byte
	err := changesBack(ctx, r, x.j.TableID, x.j.From, func(rec streams.Record, stored []byte) error {
		if rec.Time.Before(x.j.From) || !rec.Time.Before(x.j.At) {
			return nil
		}
		key = binary.BigEndian.AppendUint64(storage.RowKey(key[:0], id, rec.Key), rec.Seq)
		w.batch().Set(key, stored)
		return w.flush()
	})
	if err != nil {
		return err
	}
	return w.finish()
}

// change writes what became of one item. One that neither was there before the period nor is after it leaves nothing.
func (x *exporter) change(first, last *streams.Record) error {
	old, oldSize, err := changeImage(first.Old)
	if err != nil {
		return err
	}
	after, newSize, err := changeImage(last.New)
	if err != nil {
		return err
	}
	if old == nil && after == nil {
		return nil
	}
	x.j.Bytes += int64(oldSize + newSize)
	latest := after
	if latest == nil {
		latest = old
	}
	if ok, err := x.plan.match(latest); err != nil || !ok {
		return err
	}
	ch := exportChange{at: last.Time, keys: attr.AppendItem(nil, keyItem(x.t.Key, &Image{Wire: latest}))}
	if after != nil {
		if ch.new, err = x.plan.project(&x.one, after); err != nil {
			return err
		}
	}
	if old != nil && x.j.Request.IncrementalExportSpecification.ExportViewType == "NEW_AND_OLD_IMAGES" {
		if ch.old, err = x.plan.project(&x.two, old); err != nil {
			return err
		}
	}
	if x.line, err = x.form.change(x.line[:0], &ch); err != nil {
		return err
	}
	return x.out.Add(x.line)
}

// changeImage reads an image of a record; nil for none.
func changeImage(row []byte) (wire []byte, size int, err error) {
	if row == nil {
		return nil, 0, nil
	}
	return splitRow(row)
}
