package storage

import (
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// tableFS is a file system on which tables, the files that flushes and compactions write and read from one end to the other, are written and read in
// large pieces.
//
// Pebble writes a table in pieces of 4 KB and reads it block by block, of which many hold less than 2 KB once they are compressed: a system call for each.
// In memory, where a file is one slice, those writes made it grow forty times, which copied what it held five times over and left as much
// for the collector.
type tableFS struct {
	vfs.FS
	whole bool // a table is handed on as one piece, when it is complete
}

// tablePiece is how much of a table is gathered before it is written, and read ahead.
const tablePiece = 64 << 10

var tablePieces = sync.Pool{New: func() any { return new([tablePiece]byte) }}

func isTable(name string) bool { return strings.HasSuffix(name, ".sst") }

// Create makes a table's file one that gathers.
func (fs tableFS) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	f, err := fs.FS.Create(name, c)
	if err != nil || !isTable(name) {
		return f, err
	}
	return &gathering{File: f, whole: fs.whole}, nil
}

// Open makes a table's file one that reads ahead: always where it is opened to be read from one end to the other, by one reader alone, else where Pebble
// sees that a reader goes on from block to block.
func (fs tableFS) Open(name string, opts ...vfs.OpenOption) (vfs.File, error) {
	f, err := fs.FS.Open(name, opts...)
	switch {
	case err != nil || !isTable(name):
		return f, err
	case slices.Contains(opts, vfs.SequentialReadsOption):
		return &ahead{File: f}, nil
	case fs.whole: // in memory reading ahead is copying once more
		return f, nil
	}
	return &shared{File: f}, nil
}

// Unwrap lets vfs.Root find the file system below.
func (fs tableFS) Unwrap() vfs.FS { return fs.FS }

// gathering is a table that is being written.
type gathering struct {
	vfs.File
	whole bool
	full  []*[tablePiece]byte
	last  *[tablePiece]byte
	used  int // of last
}

// Write takes p and hands on what has been gathered where that is enough. An error may be of what an earlier call wrote.
func (g *gathering) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		if g.last == nil {
			g.last, _ = tablePieces.Get().(*[tablePiece]byte)
		}
		n := copy(g.last[g.used:], rest)
		rest = rest[n:]
		if g.used += n; g.used < tablePiece {
			break
		}
		g.full, g.last, g.used = append(g.full, g.last), nil, 0
		if g.whole {
			continue
		}
		if err := g.flush(); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// flush hands on what has been gathered.
func (g *gathering) flush() error {
	pieces, used := g.full, g.used
	if g.last != nil {
		pieces = append(pieces, g.last)
	} else {
		used = tablePiece
	}
	g.full, g.last, g.used = g.full[:0], nil, 0
	if len(pieces) == 0 {
		return nil
	}
	data := pieces[0][:]
	if len(pieces) > 1 {
		data = make([]byte, 0, len(pieces)*tablePiece)
		for _, p := range pieces {
			data = append(data, p[:]...)
		}
	}
	_, err := g.File.Write(data[:(len(pieces)-1)*tablePiece+used])
	for _, p := range pieces {
		tablePieces.Put(p)
	}
	return err
}

// Sync, SyncData and SyncTo are of what has been written, so that is handed on first; in memory they mean nothing.
func (g *gathering) Sync() error {
	if err := g.flush(); err != nil {
		return err
	}
	return g.File.Sync()
}

// SyncData is as Sync.
func (g *gathering) SyncData() error {
	if err := g.flush(); err != nil {
		return err
	}
	return g.File.SyncData()
}

// SyncTo is a hint to begin with what has been written so far.
func (g *gathering) SyncTo(length int64) (full bool, err error) {
	if g.whole {
		return false, nil
	}
	if err := g.flush(); err != nil {
		return false, err
	}
	return g.File.SyncTo(length)
}

// Close hands on the rest.
func (g *gathering) Close() error {
	err := g.flush()
	if closing := g.File.Close(); err == nil {
		err = closing
	}
	return err
}

// ahead is a table with one reader, which reads from one end to the other.
type ahead struct {
	vfs.File
	piece *[tablePiece]byte
	from  int64 // where piece begins in the file
	have  int
}

// ReadAt answers out of the piece that was read, or reads the one that begins at off.
func (a *ahead) ReadAt(p []byte, off int64) (int, error) {
	if off >= a.from && off+int64(len(p)) <= a.from+int64(a.have) {
		return copy(p, a.piece[off-a.from:]), nil
	}
	if len(p) > tablePiece/2 {
		return a.File.ReadAt(p, off)
	}
	if a.piece == nil {
		a.piece, _ = tablePieces.Get().(*[tablePiece]byte)
	}
	n, err := a.File.ReadAt(a.piece[:], off)
	if a.from, a.have = off, n; n >= len(p) {
		return copy(p, a.piece[:n]), nil
	}
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	return copy(p, a.piece[:n]), err
}

// Close gives the piece back.
func (a *ahead) Close() error {
	if a.piece != nil {
		tablePieces.Put(a.piece)
		a.piece, a.have = nil, 0
	}
	return a.File.Close()
}

// shared is a table with many readers.
type shared struct {
	vfs.File
	read atomic.Pointer[stretch]
}

// stretch is a part of a file, which does not change.
type stretch struct {
	from int64
	data []byte
}

// sharedPiece is how much of a table is read ahead for one of many readers. It stays with the file until the next, and a page of a scan or a
// query may end before its end.
const sharedPiece = 32 << 10

// ReadAt answers out of what was read ahead, if p is in it.
func (s *shared) ReadAt(p []byte, off int64) (int, error) {
	if r := s.read.Load(); r != nil && off >= r.from && off+int64(len(p)) <= r.from+int64(len(r.data)) {
		return copy(p, r.data[off-r.from:]), nil
	}
	return s.File.ReadAt(p, off)
}

// Prefetch is called where a reader has gone on from block to block and is about to read the one at off: it reads that and some of those behind it.
func (s *shared) Prefetch(off, length int64) error {
	data := make([]byte, min(length, sharedPiece))
	n, err := s.File.ReadAt(data, off)
	if err != nil && err != io.EOF { //nolint:errorlint // ReadAt's own word for the end
		return err
	}
	s.read.Store(&stretch{off, data[:n]})
	if length > sharedPiece && n == sharedPiece {
		return s.File.Prefetch(off+sharedPiece, length-sharedPiece)
	}
	return nil
}
