package storage

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// countedFS counts what reaches the files below a tableFS, and fails writes on request.
type countedFS struct {
	vfs.FS
	reads, writes, syncs int
	fail                 error
}

func (c *countedFS) Create(name string, k vfs.DiskWriteCategory) (vfs.File, error) {
	f, err := c.FS.Create(name, k)
	return countedFile{f, c}, err
}

func (c *countedFS) Open(name string, opts ...vfs.OpenOption) (vfs.File, error) {
	f, err := c.FS.Open(name, opts...)
	return countedFile{f, c}, err
}

type countedFile struct {
	vfs.File
	c *countedFS
}

func (f countedFile) Write(p []byte) (int, error) {
	if f.c.writes++; f.c.fail != nil {
		return 0, f.c.fail
	}
	return f.File.Write(p)
}

func (f countedFile) ReadAt(p []byte, off int64) (int, error) {
	f.c.reads++
	return f.File.ReadAt(p, off)
}

func (f countedFile) SyncTo(int64) (bool, error) {
	f.c.syncs++
	return false, nil
}

// writeTable writes text in pieces as Pebble does, with a hint to sync after each half megabyte.
func writeTable(t *testing.T, fs vfs.FS, name string, text []byte) {
	t.Helper()
	f, err := fs.Create(name, vfs.WriteCategoryUnspecified)
	if err != nil {
		t.Fatal(err)
	}
	for at, hinted := 0, 0; at < len(text); {
		n := min(4<<10, len(text)-at)
		if _, err := f.Write(bytes.Clone(text[at : at+n])); err != nil { // a file may change what it was given, and in memory does under -race
			t.Fatal(err)
		}
		if at += n; at-hinted >= 512<<10 {
			hinted = at
			if _, err := f.SyncTo(int64(at)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// Tables are written and read in large pieces, whole in memory, and say what was written; other files are left alone.
func TestTablesInLargePieces(t *testing.T) {
	text := make([]byte, 3<<20+4321)
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(text)
	for _, c := range []struct {
		name          string
		whole         bool
		writes, syncs int
	}{
		{"000001.sst", false, 49, 6},
		{"000001.sst", true, 1, 0},
		{"000001.log", false, 770, 6},
	} {
		below := &countedFS{FS: vfs.NewMem()}
		fs := tableFS{below, c.whole}
		writeTable(t, fs, c.name, text)
		if below.writes != c.writes || below.syncs != c.syncs {
			t.Errorf("%s, whole %t: %d writes and %d hints to sync, want %d and %d", c.name, c.whole, below.writes, below.syncs, c.writes, c.syncs)
		}
		f, err := fs.Open(c.name, vfs.SequentialReadsOption)
		if err != nil {
			t.Fatal(err)
		}
		below.reads = 0
		if got, err := io.ReadAll(io.NewSectionReader(f, 0, int64(len(text)))); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%s, whole %t: read %d bytes, which are not those that were written: %v", c.name, c.whole, len(got), err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Readers of a table get the bytes they ask for wherever those are, and most of them without a read.
func TestReadAhead(t *testing.T) {
	text := make([]byte, 300_000)
	random := rand.New(rand.NewPCG(3, 4))
	for i := range text {
		text[i] = byte(random.Uint32())
	}
	for _, c := range []struct {
		name   string
		option vfs.OpenOption
		piece  int
	}{
		{"one reader", vfs.SequentialReadsOption, 64 << 10},
		{"many readers", vfs.RandomReadsOption, 32 << 10},
	} {
		below := &countedFS{FS: vfs.NewMem()}
		fs := tableFS{FS: below}
		writeTable(t, fs, "000002.sst", text)
		f, err := fs.Open("000002.sst", c.option)
		if err != nil {
			t.Fatal(err)
		}
		check := func(off, n int) {
			t.Helper()
			p := make([]byte, n)
			got, err := f.ReadAt(p, int64(off))
			want := text[min(off, len(text)):min(off+n, len(text))]
			if !bytes.Equal(p[:got], want) || (err == nil) != (len(want) == n) {
				t.Fatalf("%s: %d bytes at %d of %d: %d bytes, %v", c.name, n, off, len(text), got, err)
			}
			if err != nil && !errors.Is(err, io.EOF) {
				t.Fatalf("%s: %d bytes at %d of %d: %v, want the end of the file", c.name, n, off, len(text), err)
			}
		}
		for range 2000 {
			if random.IntN(3) == 0 {
				if err := f.Prefetch(random.Int64N(int64(len(text)+1000)), 100_000); err != nil {
					t.Fatal(err)
				}
			}
			check(random.IntN(len(text)+1000), random.IntN(100_000))
		}
		below.reads = 0
		const blocks, block = 200, 1500 // as Pebble: two reads, then a hint for what is still to be read
		limit := 2 * block
		for off := 0; off < blocks*block; off += block {
			if off+block > limit {
				limit = off + c.piece
				if err := f.Prefetch(int64(off), int64(c.piece)); err != nil {
					t.Fatal(err)
				}
			}
			check(off, block)
		}
		if most := 2*blocks*block/c.piece + 4; below.reads > most {
			t.Errorf("%s: %d reads for %d blocks one after the other, want at most %d", c.name, below.reads, blocks, most)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What could not be written is told before the table counts as written.
func TestGatheredWriteFails(t *testing.T) {
	for _, size := range []int{1, 70_000} {
		below := &countedFS{FS: vfs.NewMem()}
		f, err := tableFS{FS: below}.Create("000003.sst", vfs.WriteCategoryUnspecified)
		if err != nil {
			t.Fatal(err)
		}
		below.fail = errors.New("no room")
		_, writing := f.Write(make([]byte, size))
		syncing := f.Sync()
		if !errors.Is(errors.Join(writing, syncing), below.fail) {
			t.Errorf("%d bytes: writing says %v, syncing %v", size, writing, syncing)
		}
		_ = f.Close()
	}
}
