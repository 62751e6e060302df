package wholefile

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.json")
	for _, text := range []string{"one", "", "three"} {
		if err := Write(name, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(name)
		if err != nil || string(got) != text {
			t.Errorf("%q, %v; want %q", got, err, text)
		}
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("permissions %v", info.Mode())
	}
	if err := Write(filepath.Join(dir, "none", "a"), nil, 0o600); err == nil {
		t.Error("a folder that is not there: no error")
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Write(filepath.Join(dir, "folder"), []byte("x"), 0o600); err == nil {
		t.Error("over a folder: no error")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 {
		t.Errorf("%d entries, %v; want the file and the folder, and no temporary file", len(left), err)
	}
}

// What writes leave beside their file is taken away: by the process that ends in the midst of one, and by the next where it was killed.
func TestNothingIsLeftBeside(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "place")
	tmp, err := half(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { halves.ended = false; remove(tmp.Name()) })
	if err := tmp.Close(); err != nil {
		t.Fatal(err)
	}
	Sweep(name)
	if _, err := os.Stat(tmp.Name()); err != nil {
		t.Errorf("a write under way: %v, want it left alone", err)
	}
	Abandon()
	if _, err := os.Stat(tmp.Name()); err == nil {
		t.Error("the temporary file is still there")
	}
	if err := Write(name, nil, 0o600); err == nil {
		t.Error("written behind the end")
	}
	for _, old := range []string{".ddb-place-1", ".ddb-other-1"} {
		old = filepath.Join(dir, old)
		if err := os.WriteFile(old, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(old, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	Sweep(name)
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != ".ddb-other-1" {
		t.Errorf("left %v, %v; want what belongs to another file", left, err)
	}
}
