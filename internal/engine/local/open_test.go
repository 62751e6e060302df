package local

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

func TestSocketIsClosedToOthers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	openStore(t, dir)
	for path, mode := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, socketFile): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), mode)
		}
	}
}

func TestALongPathMovesTheSocket(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	runtime, err := os.MkdirTemp("", "ddb-run") //nolint:usetesting // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(runtime) })
	o := Options{Options: engine.Options{Dir: dir}, RuntimeDir: runtime}
	first, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if status, body := call(second.Handler(), "ListTables", "{}"); second.Owner() || status != http.StatusOK {
		t.Errorf("owner %v, answer %d %s", second.Owner(), status, body)
	}
	if err := os.Chmod(runtime, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "0700") {
		t.Errorf("a runtime folder open to others: %v", err)
	}
}

func TestUnusableFolders(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	newer := t.TempDir()
	if err := writeJSON(filepath.Join(newer, markerFile), marker{ID: "x", Format: storage.FormatVersion + 7, Version: "9.1.0"}); err != nil {
		t.Fatal(err)
	}
	gone := t.TempDir()
	countersTable(t, gone)
	if err := os.RemoveAll(filepath.Join(gone, storeFolder)); err != nil {
		t.Fatal(err)
	}
	broken := t.TempDir()
	countersTable(t, broken)
	corrupt(t, filepath.Join(broken, storeFolder, "MANIFEST-*"))
	unreadable := t.TempDir()
	if err := os.WriteFile(filepath.Join(unreadable, markerFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	short := t.TempDir()
	countersTable(t, short)
	tables, err := filepath.Glob(filepath.Join(short, storeFolder, "*.sst"))
	if err != nil || len(tables) == 0 {
		t.Fatalf("no table files: %v", err)
	}
	if err := os.Remove(tables[0]); err != nil {
		t.Fatal(err)
	}
	logless := t.TempDir()
	countersTable(t, logless)
	logs, err := filepath.Glob(filepath.Join(logless, storeFolder, "*.log"))
	if err != nil || len(logs) == 0 {
		t.Fatalf("no logs: %v", err)
	}
	for _, name := range append(logs, filepath.Join(logless, sealFile)) {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	cases := []struct {
		name, dir, want string
		is              error
	}{
		{"log and seal gone", logless, "the log is gone", storage.ErrDamaged},
		{"a file in the way", file, "--data", nil},
		{"a newer store", newer, "written by ddb 9.1.0", nil},
		{"files gone", gone, "its files are gone", storage.ErrDamaged},
		{"one file gone", short, ".sst is gone", storage.ErrDamaged},
		{"files damaged", broken, "damaged", storage.ErrDamaged},
		{"marker damaged", unreadable, "damaged", storage.ErrDamaged},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := Open(t.Context(), Options{Options: engine.Options{Dir: c.dir}})
			if err == nil {
				_ = s.Close()
				t.Fatal("the store opened")
			}
			if !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("got %v, want it to say %q", err, c.want)
			}
		})
	}
}

// corrupt flips bytes in the middle of the files a pattern names.
func corrupt(t *testing.T, pattern string) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no file %s: %v", pattern, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := len(data) / 3; i < len(data)*2/3; i++ {
			data[i] ^= 0x5a
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLockHolderThatIsNoOwner covers a process that holds the lock and is no owner, and an owner of another protocol.
func TestLockHolderThatIsNoOwner(t *testing.T) {
	dir := t.TempDir()
	countersTable(t, dir)
	lock, err := storage.Lock(filepath.Join(dir, storeFolder))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := Open(ctx, Options{Options: engine.Options{Dir: dir}}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a locked store within the time of patience: %v", err)
	}
	l, err := listen(filepath.Join(dir, socketFile))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = fmt.Fprint(c, "ddb 99 9.9.9 id 4711\n")
		}
	}()
	_, err = Open(t.Context(), Options{Options: engine.Options{Dir: dir}})
	if busy := new(BusyError); !errors.As(err, &busy) || busy.PID != 4711 || busy.Version != "9.9.9" {
		t.Errorf("an owner of another protocol: %v", err)
	}
}
