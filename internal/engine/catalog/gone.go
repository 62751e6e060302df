package catalog

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// goneDoc names the last definitions of dropped tables whose change logs are still read; then a space id.
const goneDoc = "gone/"

// DropKeeping is Drop for a table whose change log is to stay readable: last is kept as its definition until Forget, and
// Purge leaves the log alone. A nil last keeps nothing. keep, which may be nil, adds to the batch what keeps the table's
// rows for another owner: PurgeKeepingRows takes the place of Purge then.
func (c *Catalog) DropKeeping(r Ref, last *Table, keep func(*Table, *storage.Batch) error) (*Table, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.Table(r)
	if t == nil {
		return nil, ErrNotFound
	}
	b := c.store.NewBatch()
	defer b.Close()
	b.Delete(tableKey(r))
	for _, id := range t.spaces() {
		b.Set(droppedKey(id), nil)
	}
	if keep != nil {
		if err := keep(t, b); err != nil {
			return nil, err
		}
		b.Set(droppedKey(t.ID), []byte(keepRows))
	}
	if last != nil {
		if err := putGone(b, last); err != nil {
			return nil, err
		}
	}
	if err := b.CommitReserved(); err != nil {
		return nil, err
	}
	tables := maps.Clone(c.state.Load().tables)
	delete(tables, r)
	c.publish(tables)
	if last != nil {
		c.setGone(append(c.Gone(), last))
	}
	return t, nil
}

// Gone lists the dropped tables whose change logs are kept, the longest gone first.
func (c *Catalog) Gone() []*Table {
	if p := c.gone.Load(); p != nil {
		return slices.Clip(*p)
	}
	return nil
}

// UpdateGone replaces the kept definition of a dropped table, matched by its ID; one that was forgotten stays so.
func (c *Catalog) UpdateGone(t *Table) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := slices.Clone(c.Gone())
	i := slices.IndexFunc(list, func(g *Table) bool { return g.ID == t.ID })
	if i < 0 {
		return nil
	}
	b := c.store.NewBatch()
	defer b.Close()
	if err := putGone(b, t); err != nil {
		return err
	}
	if err := b.CommitReserved(); err != nil {
		return err
	}
	list[i] = t
	c.setGone(list)
	return nil
}

// Forget removes the kept definition of a dropped table and its change log.
func (c *Catalog) Forget(id storage.SpaceID) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := c.store.NewBatch()
	defer b.Close()
	b.Delete(goneKey(id))
	b.DeleteSpan(storage.ChangeSpan(id))
	b.Delete(storage.TrimKey(id))
	if err := b.CommitReserved(); err != nil {
		return err
	}
	c.setGone(slices.DeleteFunc(slices.Clone(c.Gone()), func(t *Table) bool { return t.ID == id }))
	return nil
}

func (c *Catalog) keepsLog(id storage.SpaceID) bool {
	return slices.ContainsFunc(c.Gone(), func(t *Table) bool { return t.ID == id })
}

func (c *Catalog) setGone(list []*Table) { c.gone.Store(&list) }

// readGone reads the kept definitions; ids, and so their keys, grow with time.
func (c *Catalog) readGone() error {
	var list []*Table
	err := scanDocs(c.store, goneDoc, func(_, value []byte) error {
		t, err := decodeTable(value)
		if err != nil {
			return fmt.Errorf("%w: the definition of a deleted table: %w", storage.ErrDamaged, err)
		}
		list = append(list, t)
		return nil
	})
	c.setGone(list)
	return err
}

func putGone(b *storage.Batch, t *Table) error {
	doc, err := json.Marshal(t)
	if err != nil {
		return err
	}
	b.Set(goneKey(t.ID), doc)
	return nil
}

func goneKey(id storage.SpaceID) []byte {
	return binary.BigEndian.AppendUint32(storage.MetaKey(goneDoc), uint32(id))
}
