package storage

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// logListFile names, in a store's directory, the logs that must be there when it is opened.
const logListFile = "LOGS"

// logList is the list of a store's logs, kept on disk beside them.
//
// Pebble replays the logs it finds. It writes down nowhere which those are, and a store that has lost one of several, after
// its process was killed, would open and lack what was in it. So a log is on the list from before anything can be
// acknowledged that is in it until Pebble wants it no more; what is on the list and not in the directory is damage.
type logList struct {
	fs  vfs.FS
	dir string

	mu    sync.Mutex
	names []string
}

func isLog(name string) bool { return strings.HasSuffix(name, ".log") }

// check reads the list and looks for the logs on it. A store that has none is new, or of a version that kept none: its list
// begins with the next log.
func (l *logList) check() error {
	f, err := l.fs.Open(l.fs.PathJoin(l.dir, logListFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot read the list of logs: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return fmt.Errorf("cannot read the list of logs: %w", err)
	}
	for name := range strings.Lines(string(text)) {
		name, whole := strings.CutSuffix(name, "\n")
		if !whole || !isLog(name) {
			return fmt.Errorf("%w: %s in %s is not a list of logs; bring it back, or start with an empty directory", ErrDamaged, logListFile, l.dir)
		}
		if _, err := l.fs.Stat(l.fs.PathJoin(l.dir, name)); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: the log %s is gone from %s, and with it the latest writes; bring it back, or start with an empty directory", ErrDamaged, name, l.dir)
		} else if err != nil {
			return err
		}
		l.names = append(l.names, name)
	}
	return nil
}

// add puts a log on the list, once the directory is sure to have it.
func (l *logList) add(path string) error {
	name := l.fs.PathBase(path)
	l.mu.Lock()
	defer l.mu.Unlock()
	if slices.Contains(l.names, name) {
		return nil
	}
	if err := l.syncDir(); err != nil {
		return err
	}
	return l.replace(append(slices.Clone(l.names), name))
}

// drop takes a log off the list, before it goes from the directory.
func (l *logList) drop(path string) error {
	name := l.fs.PathBase(path)
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.Index(l.names, name)
	if at < 0 {
		return nil
	}
	return l.replace(slices.Delete(slices.Clone(l.names), at, at+1))
}

// replace writes the list anew, as a whole.
func (l *logList) replace(names []string) error {
	path := l.fs.PathJoin(l.dir, logListFile)
	f, err := l.fs.Create(path+".new", vfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, name := range names {
		text.WriteString(name + "\n")
	}
	_, err = io.WriteString(f, text.String())
	if err == nil {
		err = f.Sync()
	}
	if err = cmp.Or(err, f.Close()); err != nil {
		return err
	}
	if err := l.fs.Rename(path+".new", path); err != nil {
		return err
	}
	if err := l.syncDir(); err != nil {
		return err
	}
	l.names = names
	return nil
}

func (l *logList) syncDir() error {
	d, err := l.fs.OpenDir(l.dir)
	if err != nil {
		return err
	}
	return cmp.Or(d.Sync(), d.Close())
}
