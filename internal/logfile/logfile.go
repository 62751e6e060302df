// Package logfile writes lines to a file that is put aside when it grows too large. Several processes may write the same
// file: each line is one write to its end, and one process putting the file aside loses no line of another.
package logfile

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// File is a log file. It may be used by many goroutines at once.
type File struct {
	path string
	max  int64
	keep int
	now  func() time.Time

	mu   sync.Mutex
	file *os.File
}

// Open opens a file for appending, and makes it, for its owner alone, where it is not there. When it has max bytes it is
// put aside under its name with the time behind it; keep such files are kept. 0 for max never puts it aside.
func Open(path string, maxBytes int64, keep int) (*File, error) {
	f := &File{path: path, max: maxBytes, keep: keep, now: time.Now}
	if err := f.open(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *File) open() error {
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	f.file = file
	return nil
}

// Write appends a line, whole or not at all as far as the system keeps to that. After an error the next line opens the
// file anew.
func (f *File) Write(line []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.follow(); err != nil {
		return 0, err
	}
	n, err := f.file.Write(line)
	if err != nil {
		_ = f.file.Close()
		f.file = nil
	}
	return n, err
}

// follow makes sure that the file being written is the one the path names, and that there is room in it.
func (f *File) follow() error {
	named, err := os.Stat(f.path)
	if f.file != nil && err == nil {
		ours, err := f.file.Stat()
		if err == nil && os.SameFile(named, ours) {
			if f.max <= 0 || named.Size() < f.max {
				return nil
			}
			f.putAside()
		}
	}
	if f.file != nil { // put aside by this process or by another, or removed
		_ = f.file.Close()
		f.file = nil
	}
	return f.open()
}

// putAside renames the file. Where that fails, as it may on Windows while another process writes, the file grows on.
func (f *File) putAside() {
	_ = f.file.Close()
	f.file = nil
	aside := fmt.Sprintf("%s.%s", f.path, f.now().UTC().Format("20060102T150405.000000000Z"))
	if os.Rename(f.path, aside) != nil {
		return
	}
	old, err := filepath.Glob(globQuote(f.path) + ".2*Z")
	if err != nil {
		return
	}
	slices.Sort(old)
	for len(old) > f.keep {
		_ = os.Remove(old[0])
		old = old[1:]
	}
}

// globQuote takes the meaning from what means something in a pattern.
func globQuote(path string) string {
	var out []byte
	for i := range len(path) {
		if c := path[i]; (c == '*' || c == '?' || c == '[') && os.PathSeparator == '/' {
			out = append(out, '\\')
		}
		out = append(out, path[i])
	}
	return string(out)
}

// Close closes the file.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	f.file = nil
	return err
}
