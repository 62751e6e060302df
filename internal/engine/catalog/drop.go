package catalog

import (
	"encoding/binary"
	"slices"

	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Drop takes a table out of the catalogue. Its rows stay until Purge, so that writes under way do not write into nothing;
// a crash in between is made good at the next Open.
func (c *Catalog) Drop(r Ref) (*Table, error) { return c.DropKeeping(r, nil, nil) }

// DropSpaces marks spaces in b as to be purged, for an index that leaves its table.
func DropSpaces(b *storage.Batch, ids ...storage.SpaceID) {
	for _, id := range ids {
		b.Set(droppedKey(id), nil)
	}
}

// Purge removes all rows, statistics and change records of spaces that nothing writes to any more. The records of a table
// that DropKeeping dropped stay.
func (c *Catalog) Purge(ids ...storage.SpaceID) error {
	return c.purge(ids)
}

// PurgeKeepingRows is Purge for a dropped table whose rows have another owner.
func (c *Catalog) PurgeKeepingRows(t *Table) error { return c.purge(t.spaces(), t.ID) }

func (c *Catalog) purge(ids []storage.SpaceID, kept ...storage.SpaceID) error {
	b := c.store.NewBatch()
	defer b.Close()
	for _, id := range ids {
		if !slices.Contains(kept, id) {
			b.DeleteSpan(storage.RowSpan(id))
		}
		if !c.keepsLog(id) {
			b.DeleteSpan(storage.ChangeSpan(id))
			b.Delete(storage.TrimKey(id))
		}
		b.DeleteSpan(storage.ExpirySpan(id))
		b.DeleteSpan(storage.VersionSpan(id))
		b.Delete(storage.CountKey(id))
		b.Delete(droppedKey(id))
	}
	return b.CommitReserved()
}

// Spaces lists the ids of the table and its indexes.
func (t *Table) Spaces() []storage.SpaceID { return t.spaces() }

func (t *Table) spaces() []storage.SpaceID {
	ids := []storage.SpaceID{t.ID}
	for _, x := range t.Indexes {
		ids = append(ids, x.ID)
	}
	return ids
}

func (c *Catalog) finishDrops() error {
	var ids, kept []storage.SpaceID
	err := scanDocs(c.store, droppedDoc, func(key, value []byte) error {
		id := storage.SpaceID(binary.BigEndian.Uint32(key[len(key)-4:]))
		if ids = append(ids, id); string(value) == keepRows {
			kept = append(kept, id)
		}
		return nil
	})
	if err != nil || len(ids) == 0 {
		return err
	}
	return c.purge(ids, kept...)
}

func droppedKey(id storage.SpaceID) []byte {
	return binary.BigEndian.AppendUint32(storage.MetaKey(droppedDoc), uint32(id))
}
