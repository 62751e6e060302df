package storage

import (
	"cmp"
	"errors"
	"fmt"
	"hash/crc32"
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
// Pebble replays the logs it finds. It writes down nowhere which those are, nor how long, and a store that has lost one of several, or what was in it, after
// its process was killed, would open and lack that. So a log is on the list from before anything can be acknowledged that is in it until Pebble wants it no
// more, and with its end once it is complete; what is on the list and not in the directory is damage.
//
// The end of a log comes to the list with the name of the one after it, so it costs nothing: before, the log is the last one, which the mark is about.
type logList struct {
	fs  vfs.FS
	dir string

	mu   sync.Mutex
	logs []listed
}

// listed is a log on the list. The end of one that is not ended is not known.
type listed struct {
	name  string
	end   end
	ended bool
}

func isLog(name string) bool { return strings.HasSuffix(name, ".log") }

// check reads the list and looks for the logs on it. A store that has none is new, or of a version that kept none: its list
// begins with the next log. What a log must hold is compared when Pebble reads it (see guard.Open), as some are there only to be used again. A mark is
// the end of a log that has none: the last one, which has no end for certain.
func (l *logList) check(marks map[string]end) error {
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
	logs, ok := parseLogs(string(text))
	if !ok {
		return fmt.Errorf("%w: %s in %s is not a list of logs; bring it back, or start with an empty directory", ErrDamaged, logListFile, l.dir)
	}
	for i, log := range logs {
		if _, err := l.fs.Stat(l.fs.PathJoin(l.dir, log.name)); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: the log %s is gone from %s, and with it the latest writes; bring it back, or start with an empty directory", ErrDamaged, log.name, l.dir)
		} else if err != nil {
			return err
		}
		if e, marked := marks[log.name]; marked && !log.ended {
			logs[i].end, logs[i].ended = e, true
		}
	}
	l.logs = logs
	return nil
}

// end is what a log on the list holds at least.
func (l *logList) end(name string) (e end, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at := l.index(name); at >= 0 {
		return l.logs[at].end, l.logs[at].ended
	}
	return end{}, false
}

// finish notes the end of a log that is complete.
func (l *logList) finish(name string, e end) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at := l.index(name); at >= 0 {
		l.logs[at].end, l.logs[at].ended = e, true
	}
}

func (l *logList) index(name string) int {
	return slices.IndexFunc(l.logs, func(log listed) bool { return log.name == name })
}

// add puts a log on the list, once the directory is sure to have it.
func (l *logList) add(path string) error {
	name := l.fs.PathBase(path)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.index(name) >= 0 {
		return nil
	}
	if err := l.syncDir(); err != nil {
		return err
	}
	return l.replace(append(slices.Clone(l.logs), listed{name: name}))
}

// drop takes a log off the list, before it goes from the directory.
func (l *logList) drop(path string) error {
	name := l.fs.PathBase(path)
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.index(name)
	if at < 0 {
		return nil
	}
	return l.replace(slices.Delete(slices.Clone(l.logs), at, at+1))
}

// replace writes the list anew, as a whole.
func (l *logList) replace(logs []listed) error {
	path := l.fs.PathJoin(l.dir, logListFile)
	f, err := l.fs.Create(path+".new", vfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, formatLogs(logs))
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
	l.logs = logs
	return nil
}

func (l *logList) syncDir() error {
	d, err := l.fs.OpenDir(l.dir)
	if err != nil {
		return err
	}
	return cmp.Or(d.Sync(), d.Close())
}

// listHead begins a list and is followed by the checksum of the rest, so that a part of a list is none. Lists of earlier versions have no such line and
// names alone.
const listHead = "logs 2 "

// formatLogs writes a line for each log: its name and, if it is ended, its length and checksum.
func formatLogs(logs []listed) string {
	var text strings.Builder
	for _, log := range logs {
		text.WriteString(log.name)
		if log.ended {
			fmt.Fprintf(&text, " %d %08x", log.end.size, log.end.sum)
		}
		text.WriteByte('\n')
	}
	return fmt.Sprintf("%s%08x\n%s", listHead, crc32.Checksum([]byte(text.String()), castagnoli), text.String())
}

// parseLogs is the reverse of formatLogs.
func parseLogs(text string) (logs []listed, ok bool) {
	head, rest, _ := strings.Cut(text, "\n")
	if sum, found := strings.CutPrefix(head, listHead); !found {
		rest = text
	} else if sum != fmt.Sprintf("%08x", crc32.Checksum([]byte(rest), castagnoli)) {
		return nil, false
	}
	for line := range strings.Lines(rest) {
		line, whole := strings.CutSuffix(line, "\n")
		name, after, ended := strings.Cut(line, " ")
		log := listed{name: name, ended: ended}
		if ended {
			if _, err := fmt.Sscanf(after, "%d %x", &log.end.size, &log.end.sum); err != nil {
				return nil, false
			}
		}
		if !whole || !isLog(name) {
			return nil, false
		}
		logs = append(logs, log)
	}
	return logs, len(logs) > 0
}
