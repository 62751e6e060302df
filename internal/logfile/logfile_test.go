package logfile

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func lines(t *testing.T, paths ...string) map[string]int {
	t.Helper()
	seen := map[string]int{}
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			seen[line]++
		}
	}
	return seen
}

// TestNoLineIsLost lets four writers with a handle of their own, as four processes have, fill a file that is put aside many
// times: every line is in one of the files, once and whole.
func TestNoLineIsLost(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file is not renamed on Windows")
	}
	path := filepath.Join(t.TempDir(), "audit [x].log")
	var wg sync.WaitGroup
	for w := range 4 {
		f, err := Open(path, 2000, 1000)
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			for i := range 500 {
				if _, err := fmt.Fprintf(f, "writer %d line %d\n", w, i); err != nil {
					t.Error(err)
				}
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	all, err := filepath.Glob(globQuote(path) + "*")
	if err != nil || len(all) < 5 {
		t.Fatalf("%d files, %v", len(all), err)
	}
	seen := lines(t, all...)
	for line, n := range seen {
		if n != 1 {
			t.Errorf("%q is there %d times", line, n)
		}
	}
	if len(seen) != 2000 {
		t.Errorf("%d lines, want 2000", len(seen))
	}
}

func TestKeepsSoMany(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	f, err := Open(path, 10, 2)
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if _, err := f.Write([]byte("0123456789\n")); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	all, err := filepath.Glob(path + "*")
	if err != nil || len(all) != 3 {
		t.Errorf("%v, %v; want the file and two put aside", all, err)
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestGoesOnWhenTheFileIsRemoved(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file is not removed on Windows")
	}
	path := filepath.Join(t.TempDir(), "log")
	f, err := Open(path, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	_, _ = f.Write([]byte("a\n"))
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("b\n")); err != nil {
		t.Fatal(err)
	}
	if seen := lines(t, path); seen["b\n"] != 1 {
		t.Errorf("the file has %v", seen)
	}
}
