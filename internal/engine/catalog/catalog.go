package catalog

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Names of the catalogue's documents in the store.
const (
	tableDoc   = "table/"   // then namespace, region and name, separated by NUL
	droppedDoc = "dropped/" // then a space id: rows that a crash may have left behind
	nextIDDoc  = "next-space"
	keepRows   = "rows" // in a dropped document: the rows have another owner
)

// ErrExists and ErrNotFound are answers of Create, Update and Drop.
var (
	ErrExists   = errors.New("table exists")
	ErrNotFound = errors.New("no such table")
)

// Catalog is the set of tables of one store, kept in memory and in the store alike. Readers take no lock: each change makes a new set.
type Catalog struct {
	store *storage.Store
	state atomic.Pointer[state]
	due   atomic.Int64 // earliest Due of any table or index, in nanoseconds since 1970; 0 = none
	gone  atomic.Pointer[[]*Table]

	mu   sync.Mutex // held by writers only
	next storage.SpaceID
}

type state struct{ tables map[Ref]*Table }

// Open reads the catalogue of a store and finishes drops that were cut short.
func Open(s *storage.Store) (*Catalog, error) {
	c := &Catalog{store: s, next: 1}
	tables := map[Ref]*Table{}
	err := scanDocs(s, tableDoc, func(_, value []byte) error {
		t, err := decodeTable(value)
		if err != nil {
			return fmt.Errorf("%w: a table's definition: %w", storage.ErrDamaged, err)
		}
		tables[t.Ref] = t
		return nil
	})
	if err != nil {
		return nil, err
	}
	if v, ok, err := s.Get(storage.MetaKey(nextIDDoc), nil); err != nil {
		return nil, err
	} else if ok && len(v) == 4 {
		c.next = storage.SpaceID(binary.BigEndian.Uint32(v))
	}
	if err := c.readGone(); err != nil {
		return nil, err
	}
	if err := c.finishDrops(); err != nil {
		return nil, err
	}
	c.publish(tables)
	return c, nil
}

func scanDocs(s *storage.Store, prefix string, f func(key, value []byte) error) error {
	it, err := s.Iter(storage.MetaSpan(prefix))
	if err != nil {
		return err
	}
	for ok := it.First(); ok; ok = it.Next() {
		v, err := it.Value()
		if err == nil {
			err = f(it.Key(), v)
		}
		if err != nil {
			return errors.Join(err, it.Close())
		}
	}
	return it.Close()
}

// Table finds a table in any state; nil when there is none.
func (c *Catalog) Table(r Ref) *Table { return c.state.Load().tables[r] }

// Tables lists the tables of a region in the order of their names.
func (c *Catalog) Tables(namespace, region string) []*Table {
	var out []*Table
	for r, t := range c.state.Load().tables {
		if r.Namespace == namespace && r.Region == region {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b *Table) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// All lists every table of every namespace and region, in no particular order.
func (c *Catalog) All() []*Table { return slices.Collect(maps.Values(c.state.Load().tables)) }

// NextDue is when the next change of state is due, zero when none is.
func (c *Catalog) NextDue() time.Time {
	if ns := c.due.Load(); ns != 0 {
		return time.Unix(0, ns)
	}
	return time.Time{}
}

// DueBy reports whether a change of state is due at now. It costs one atomic read.
func (c *Catalog) DueBy(now time.Time) bool {
	ns := c.due.Load()
	return ns != 0 && ns <= now.UnixNano()
}

// NewSpace takes a space id that was never used, within the caller's batch or on its own when b is nil.
func (c *Catalog) NewSpace() (storage.SpaceID, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := c.next
	b := c.store.NewBatch()
	defer b.Close()
	b.Set(storage.MetaKey(nextIDDoc), binary.BigEndian.AppendUint32(nil, uint32(id+1)))
	if err := b.CommitReserved(); err != nil {
		return 0, err
	}
	c.next++
	return id, nil
}

// Create adds a table. with may add more changes to the same batch; nil adds none.
func (c *Catalog) Create(t *Table, with func(*storage.Batch) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.Table(t.Ref) != nil {
		return ErrExists
	}
	return c.put(t, with)
}

// Update replaces a table by what change makes of a copy of it. An error of change leaves everything as it was and comes
// back unchanged. The table returned is the new one.
func (c *Catalog) Update(r Ref, change func(*Table) error) (*Table, error) {
	return c.UpdateWith(r, func(t *Table, _ *storage.Batch) error { return change(t) })
}

// UpdateWith is Update for a change that also writes to the store, in the same batch.
func (c *Catalog) UpdateWith(r Ref, change func(*Table, *storage.Batch) error) (*Table, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.Table(r)
	if old == nil {
		return nil, ErrNotFound
	}
	t := old.Clone()
	return t, c.put(t, func(b *storage.Batch) error { return change(t, b) })
}

// UpdateAll replaces several tables by what change makes of copies of them, in one batch: all of them or none. Names of tables that are not there are
// passed over. change gets them in the order of refs.
func (c *Catalog) UpdateAll(refs []Ref, change func([]*Table, *storage.Batch) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []*Table
	for _, r := range refs {
		if old := c.Table(r); old != nil {
			all = append(all, old.Clone())
		}
	}
	return c.putAll(all, func(b *storage.Batch) error { return change(all, b) })
}

// put writes and publishes a table; the caller holds mu.
func (c *Catalog) put(t *Table, with func(*storage.Batch) error) error {
	return c.putAll([]*Table{t}, with)
}

func (c *Catalog) putAll(all []*Table, with func(*storage.Batch) error) error {
	b := c.store.NewBatch()
	defer b.Close()
	if with != nil {
		if err := with(b); err != nil {
			return err
		}
	}
	tables := maps.Clone(c.state.Load().tables)
	for _, t := range all {
		doc, err := json.Marshal(t)
		if err != nil {
			return err
		}
		b.Set(tableKey(t.Ref), doc)
		tables[t.Ref] = t
	}
	if err := b.CommitReserved(); err != nil {
		return err
	}
	for _, t := range all {
		t.prepare()
	}
	c.publish(tables)
	return nil
}

func (c *Catalog) publish(tables map[Ref]*Table) {
	var due time.Time
	sooner := func(t time.Time) {
		if !t.IsZero() && (due.IsZero() || t.Before(due)) {
			due = t
		}
	}
	for _, t := range tables {
		sooner(t.Due)
		for _, x := range t.Indexes {
			sooner(x.Due)
		}
	}
	c.state.Store(&state{tables})
	if due.IsZero() {
		c.due.Store(0)
	} else {
		c.due.Store(due.UnixNano())
	}
}

func tableKey(r Ref) []byte {
	return storage.MetaKey(tableDoc + r.Namespace + "\x00" + r.Region + "\x00" + r.Name)
}
