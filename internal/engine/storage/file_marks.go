package storage

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// marksFile holds, in a store's directory, a mark for the log and one for the manifest that are being written.
const marksFile = "MARKS"

const (
	logMark = iota
	manifestMark
	markCount
)

// A mark is 64 bytes: the file's name, how long it is, the checksum of that much, the boot, and a checksum of the mark. It is written over the one before it
// in one piece, which lies in one sector.
const (
	markSize = 64
	markName = 32 // where the name ends
	markBoot = 44 // where the boot begins
	markSum  = 60 // where the mark's checksum begins
)

// marks say how far the files have come that are being written, so that one which has lost its end, or is another's, is told from one whose end is the torn
// write of a killed process. A mark is written when what it speaks of is safe and before anybody is told so: for the log one system call, and never a sync.
//
// With Sync a mark is about what is on the disk, so it holds whatever happens. Without, it is about what the kernel has, and a power cut may leave the mark
// and not the file. So such a mark holds while the system has not been started anew, and nothing is marked where that cannot be known.
type marks struct {
	fs   vfs.FS
	path string
	boot boot // none with Sync

	mu     sync.Mutex
	silent bool
	f      vfs.File
	marks  [markCount][markSize]byte
}

// boot is one start of the operating system; the zero one is not known.
type boot [16]byte

// parseBoot reads the form in which kernels write it, a UUID.
func parseBoot(text string) (b boot) {
	digits, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(text), "-", ""))
	if err != nil || len(digits) != len(b) {
		return boot{}
	}
	return boot(digits)
}

func newMarks(fs vfs.FS, dir string, sync bool) *marks {
	m := &marks{fs: fs, path: fs.PathJoin(dir, marksFile)}
	if !sync {
		m.boot = currentBoot()
		m.silent = m.boot == boot{}
	}
	return m
}

func isManifest(name string) bool { return strings.HasPrefix(name, "MANIFEST-") }

// markOf is the mark of a file, by its name without the directory. ok is false for files that have none.
func markOf(name string) (mark int, ok bool) {
	switch {
	case len(name) > markName:
		return 0, false
	case isLog(name):
		return logMark, true
	case isManifest(name):
		return manifestMark, true
	}
	return 0, false
}

// set marks how far a file has come.
func (m *marks) set(name string, e end) error {
	at, ok := markOf(name)
	if !ok {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.silent {
		return nil
	}
	if m.f == nil {
		f, err := m.fs.OpenReadWrite(m.path, vfs.WriteCategoryUnspecified)
		if err != nil {
			return err
		}
		m.f = f
	}
	mark := m.marks[at][:]
	clear(mark[copy(mark, name):markName])
	binary.LittleEndian.PutUint64(mark[markName:], uint64(e.size))
	binary.LittleEndian.PutUint32(mark[markName+8:], e.sum)
	copy(mark[markBoot:], m.boot[:])
	binary.LittleEndian.PutUint32(mark[markSum:], crc32.Checksum(mark[:markSum], castagnoli))
	_, err := m.f.WriteAt(mark, int64(at*markSize))
	if err == nil && at == manifestMark {
		err = m.f.Sync() // seldom enough, and so the mark is there after a power cut too
	}
	return err
}

// read returns the marks that an earlier process left and that hold, by the names of files. What is no mark is left out: it is what a power cut makes of one
// that was never synced.
func (m *marks) read() (map[string]end, error) {
	f, err := m.fs.Open(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, markCount*markSize))
	if err != nil {
		return nil, err
	}
	ends := make(map[string]end, markCount)
	for ; len(text) >= markSize; text = text[markSize:] {
		mark := text[:markSize]
		if crc32.Checksum(mark[:markSum], castagnoli) != binary.LittleEndian.Uint32(mark[markSum:]) {
			continue
		}
		if of := boot(mark[markBoot:markSum]); of != (boot{}) && of != currentBoot() {
			continue
		}
		name := string(bytes.TrimRight(mark[:markName], "\x00"))
		ends[name] = end{int64(binary.LittleEndian.Uint64(mark[markName:])), binary.LittleEndian.Uint32(mark[markName+8:])}
	}
	return ends, nil
}

// close gives the file up.
func (m *marks) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.f != nil {
		_ = m.f.Close()
		m.f, m.silent = nil, true
	}
}
