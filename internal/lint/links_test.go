package lint

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What a page links to in the tree, or names as a file of it, is there.
func TestPagesNameWhatExists(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:\s]+)(?:#[^)]*)?\)`)
	named := regexp.MustCompile("`((?:cmd|internal|docs|prompts|bench|clients|testdata|completions)/[a-z_0-9./-]+[a-z0-9])`")
	pages := 0
	files(t, func(name string, content []byte) {
		// Generated pages are made of commands that exist; the prompt speaks of a user's files.
		if path.Ext(name) != ".md" || strings.HasPrefix(name, "prompts/") || strings.HasPrefix(name, "docs/commands/") {
			return
		}
		pages++
		for _, m := range link.FindAllSubmatch(content, -1) {
			exists(t, name, path.Join(path.Dir(name), string(m[1])))
		}
		for _, m := range named.FindAllSubmatch(content, -1) {
			exists(t, name, string(m[1]))
		}
	})
	if pages < 5 {
		t.Fatalf("%d pages found: the walk starts in the wrong place", pages)
	}
}

func exists(t *testing.T, page, name string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err != nil {
		t.Errorf("%s names %s, which is not there", page, name)
	}
}
