package dynamo

import (
	"os"
	"path/filepath"
	"testing"
)

func TestHaveRoots(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	missing, empty := filepath.Join(dir, "missing"), write("empty", "")
	comments, roots := write("comments", "# none yet\n"), write("roots", "# Amazon Root CA 1\n-----BEGIN CERTIFICATE-----\nMIID\n")
	if haveRoots([]string{missing, empty, comments, dir}) {
		t.Error("no file has a certificate, and one is said to have it")
	}
	if !haveRoots([]string{missing, empty, roots}) {
		t.Error("a file with a certificate counts for none")
	}
}
