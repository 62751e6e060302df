package assistant

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	whole, link := filepath.Join(dir, "dotfiles", "mcp.json"), filepath.Join(dir, "mcp.json")
	if err := os.MkdirAll(filepath.Dir(whole), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(whole, []byte("{}"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(whole, link); err != nil {
		t.Skipf("this system lets no links be made: %v", err)
	}
	c := Change{File: link, Before: []byte("{}"), After: []byte("{\"a\":1}")}
	backup, err := c.Write(User)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(backup); err != nil || string(text) != "{}" || filepath.Dir(backup) != filepath.Dir(whole) {
		t.Errorf("the copy %s: %q, %v", backup, text, err)
	}
	if target, err := os.Readlink(link); err != nil || target != whole {
		t.Errorf("the link is no longer one: %q, %v", target, err)
	}
	info, err := os.Stat(whole)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("permissions %v, %v; want those it had", info.Mode(), err)
	}
	if text, err := os.ReadFile(whole); err != nil || string(text) != `{"a":1}` {
		t.Errorf("the file: %q, %v", text, err)
	}

	// What somebody else wrote meanwhile is not written over, and no copy takes the place of an earlier one.
	if _, err := c.Write(User); err == nil || !strings.Contains(err.Error(), "changed by somebody else") {
		t.Errorf("a file that changed meanwhile: %v", err)
	}
	if text, err := os.ReadFile(backup); err != nil || string(text) != "{}" {
		t.Errorf("the first copy now: %q, %v", text, err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(whole), ".ddb-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestWriteNew(t *testing.T) {
	for scope, mode := range map[Scope]fs.FileMode{User: 0o600, Project: 0o644} {
		file := filepath.Join(t.TempDir(), "deep", "down", "mcp.json")
		backup, err := Change{File: file, After: []byte("{}")}.Write(scope)
		if err != nil || backup != "" {
			t.Fatalf("copy %q, %v", backup, err)
		}
		info, err := os.Stat(file)
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v; want %v", scope, info, err, mode)
		}
	}
	dangling := filepath.Join(t.TempDir(), "mcp.json")
	if err := os.Symlink("nowhere", dangling); err != nil {
		t.Skip(err)
	}
	if _, err := (Change{File: dangling, After: []byte("{}")}).Write(User); err == nil {
		t.Error("a link to nowhere is written through")
	}
}

func TestDiff(t *testing.T) {
	c := Change{File: "f", Before: []byte("1\n2\n3\n4\n5\n6\n7\n8"), After: []byte("1\n2\n3\n4\nfive\n6\n7\n8\n9\n")}
	want := "--- f\n+++ f\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n-6\n-7\n-8\n\\ No newline at end of file\n+five\n+6\n+7\n+8\n+9\n"
	// The last line's missing end is a difference too, and 6 and 7 are common.
	want = strings.Replace(want, "-5\n-6\n-7\n-8\n\\ No newline at end of file\n+five\n+6\n+7\n+8\n+9\n", "-5\n+five\n 6\n 7\n-8\n\\ No newline at end of file\n+8\n+9\n", 1)
	if got := c.Diff(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
