// Package wholefile replaces files as a whole: settings, files of other programs, places reached, caches. Whoever reads one at any moment, also
// after a power cut, finds the old text or the new one, never part of one.
package wholefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// errAbandoned is the reason why nothing is written any more.
var errAbandoned = errors.New("the process is about to end")

// halves are the temporary files of all writes under way.
var halves = struct {
	sync.Mutex
	names map[string]bool
	ended bool
}{names: make(map[string]bool)}

// Write replaces the file name, or makes it, with the permissions mode. The folder must be there. An error leaves the old file as it was.
func Write(name string, text []byte, mode fs.FileMode) error {
	tmp, err := half(name)
	if err != nil {
		return err
	}
	defer remove(tmp.Name()) // nothing is there after the rename
	_, err = tmp.Write(text)
	if err == nil {
		err = tmp.Chmod(mode)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

// half makes the temporary file of a write.
func half(name string) (*os.File, error) {
	halves.Lock()
	defer halves.Unlock()
	if halves.ended {
		return nil, errAbandoned
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".ddb-"+filepath.Base(name)+"-*")
	if err == nil {
		halves.names[tmp.Name()] = true
	}
	return tmp, err
}

func remove(name string) {
	halves.Lock()
	defer halves.Unlock()
	_ = os.Remove(name)
	delete(halves.names, name)
}

// Abandon takes away what writes under way have written beside their files, for a process that ends in the midst of them. Later writes fail.
func Abandon() {
	halves.Lock()
	defer halves.Unlock()
	halves.ended = true
	for name := range halves.names {
		_ = os.Remove(name)
	}
}

// stale is after how long a half written file is that of a process that was killed: a write takes milliseconds.
const stale = time.Minute

// Sweep takes away what writes of the file name left beside it that were killed.
func Sweep(name string) {
	left, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		return
	}
	for _, entry := range left {
		if !strings.HasPrefix(entry.Name(), ".ddb-"+filepath.Base(name)+"-") {
			continue
		}
		if info, err := entry.Info(); err == nil && time.Since(info.ModTime()) > stale {
			_ = os.Remove(filepath.Join(filepath.Dir(name), entry.Name()))
		}
	}
}
