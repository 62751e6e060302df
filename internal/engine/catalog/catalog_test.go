package catalog_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

func openStore(t *testing.T, dir string) *storage.Store {
	t.Helper()
	s, err := storage.Open(storage.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openCatalog(t *testing.T, s *storage.Store) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Open(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newTable(t *testing.T, c *catalog.Catalog, region, name string) *catalog.Table {
	t.Helper()
	id, err := c.NewSpace()
	if err != nil {
		t.Fatal(err)
	}
	key := []catalog.KeyAttribute{{Name: "pk", Type: attr.S}}
	table := &catalog.Table{
		Ref: catalog.Ref{Region: region, Name: name}, ID: id, Status: catalog.Active, Attributes: key, Key: catalog.Schema{Hash: key},
		Indexes: []*catalog.Index{{Name: "idx", ID: id + 1000, Key: catalog.Schema{Hash: key}, Projection: "INCLUDE", Include: []string{"a"}, Status: catalog.Active}},
	}
	if err := c.Create(table, nil); err != nil {
		t.Fatal(err)
	}
	return table
}

func TestCatalogIsKept(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	c := openCatalog(t, s)
	newTable(t, c, "eu-west-1", "b")
	a := newTable(t, c, "eu-west-1", "a")
	newTable(t, c, "us-east-1", "a")
	if err := c.Create(&catalog.Table{Ref: a.Ref}, nil); !errors.Is(err, catalog.ErrExists) {
		t.Errorf("creating a table twice: %v, want ErrExists", err)
	}
	if _, err := c.Update(a.Ref, func(t *catalog.Table) error { t.DeletionProtection = true; return t.SetSetting("x", 7) }); err != nil {
		t.Fatal(err)
	}
	if a.DeletionProtection {
		t.Error("Update changed a table that readers may hold")
	}
	refused := errors.New("refused")
	if _, err := c.Update(a.Ref, func(t *catalog.Table) error { t.Class = "X"; return refused }); !errors.Is(err, refused) || c.Table(a.Ref).Class != "" {
		t.Errorf("a refused change: %v, class %q", err, c.Table(a.Ref).Class)
	}
	want := c.Tables("", "eu-west-1")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = openStore(t, dir)
	defer func() { _ = s.Close() }()
	c = openCatalog(t, s)
	if d := cmp.Diff(want, c.Tables("", "eu-west-1"), cmpopts.IgnoreUnexported(catalog.Index{})); d != "" {
		t.Errorf("after reopening: %s", d)
	}
	if !c.Table(a.Ref).Index("idx").Holds("a") || c.Table(a.Ref).Index("idx").Holds("b") {
		t.Error("what the index holds was not computed after reopening")
	}
	id, err := c.NewSpace()
	if err != nil || id <= a.ID {
		t.Errorf("a space id was used again: %d after %d, %v", id, a.ID, err)
	}
}

// TestDropCutShort drops a table and does not purge it, as a crash in between would; opening the catalogue finishes it. Rows
// that were given to another owner stay.
func TestDropCutShort(t *testing.T) {
	for _, kept := range []bool{false, true} {
		s := openStore(t, "")
		defer func() { _ = s.Close() }()
		c := openCatalog(t, s)
		table := newTable(t, c, "eu-west-1", "a")
		b := s.NewBatch()
		defer b.Close()
		row := storage.AppendPartition(nil, table.ID, 1, []byte("key"))
		entry := storage.AppendPartition(nil, table.Indexes[0].ID, 1, []byte("key"))
		b.Set(row, []byte("value"))
		b.Set(entry, []byte("value"))
		b.Count(table.ID, storage.Counts{Items: 1, Bytes: 5})
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		var keep func(*catalog.Table, *storage.Batch) error
		if kept {
			keep = func(*catalog.Table, *storage.Batch) error { return nil }
		}
		if _, err := c.DropKeeping(table.Ref, nil, keep); err != nil {
			t.Fatal(err)
		}
		if _, ok, _ := s.Get(row, nil); !ok {
			t.Fatal("Drop removed rows that writes under way may still need")
		}
		c = openCatalog(t, s)
		if c.Table(table.Ref) != nil {
			t.Error("the table is back")
		}
		if _, ok, _ := s.Get(row, nil); ok != kept {
			t.Errorf("the row of the dropped table is there: %v, want %v", ok, kept)
		}
		if _, ok, _ := s.Get(entry, nil); ok {
			t.Error("an entry of an index is still there")
		}
		if n, err := s.Counts(table.ID); err != nil || n != (storage.Counts{}) {
			t.Errorf("statistics of the dropped table: %+v, %v", n, err)
		}
	}
}

// A table stays where what was to be kept of it cannot be written.
func TestDropRefused(t *testing.T) {
	s := openStore(t, "")
	defer func() { _ = s.Close() }()
	c := openCatalog(t, s)
	table := newTable(t, c, "eu-west-1", "a")
	full := errors.New("no room")
	if _, err := c.DropKeeping(table.Ref, nil, func(*catalog.Table, *storage.Batch) error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	if c.Table(table.Ref) == nil || openCatalog(t, s).Table(table.Ref) == nil {
		t.Error("the table is gone")
	}
}
