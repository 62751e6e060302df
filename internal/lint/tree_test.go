package lint

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is the module's root, seen from this package.
const root = "../.."

// maxLines is the most lines a Go file may have. Word lists and generated files are excepted: they have one subject by nature.
const maxLines = 600

// files calls visit for each regular file of the tree with its slash-separated path, leaving out what is not the project's:
// version control, build output, and anything in a folder whose name begins with a dot except .github and .ci.
func files(t *testing.T, visit func(name string, content []byte)) {
	t.Helper()
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if d.IsDir() {
			switch {
			case name == ".", name == ".github", name == ".ci":
				return nil
			case strings.HasPrefix(d.Name(), "."), name == "bin", name == "dist", name == "man":
				return filepath.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || name == ".git" { // in a linked work tree .git is a file
			return nil
		}
		content, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if bytes.IndexByte(content, 0) < 0 { // text only: a built binary may lie about
			visit(name, content)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func generated(content []byte) bool {
	head, _, _ := bytes.Cut(content, []byte("\npackage "))
	return bytes.Contains(head, []byte("// Code generated ")) && bytes.Contains(head, []byte(" DO NOT EDIT."))
}

func TestFilesHaveOneSubject(t *testing.T) {
	wordList := regexp.MustCompile(`(reserved|wordlist)[a-z_]*\.go$`)
	seen := 0
	files(t, func(name string, content []byte) {
		if path.Ext(name) != ".go" {
			return
		}
		seen++
		if wordList.MatchString(name) || generated(content) {
			return
		}
		if n := bytes.Count(content, []byte("\n")); n > maxLines {
			t.Errorf("%s has %d lines, more than %d: split it by subject", name, n, maxLines)
		}
	})
	if seen == 0 {
		t.Fatal("no Go file found: the walk starts in the wrong place")
	}
}

func TestPackagesSayWhatTheyAre(t *testing.T) {
	documented := map[string]bool{}
	files(t, func(name string, content []byte) {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata/") {
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, content, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		dir := path.Dir(name)
		documented[dir] = documented[dir] || f.Doc != nil && len(f.Doc.Text()) > 40
	})
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no doc comment: say in one paragraph what it holds and why", dir)
		}
	}
}

// Words of unfinished work. They are spelled so that this file does not hold them itself.
var unfinished = regexp.MustCompile(`(?i)\b(` + strings.Join([]string{"TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "for" + " now", "not " + "implemented", "un" + "implemented"}, "|") + `)\b`)

func TestNothingIsLeftOpen(t *testing.T) {
	files(t, func(name string, content []byte) {
		if path.Ext(name) != ".go" {
			return
		}
		for i, line := range bytes.Split(content, []byte("\n")) {
			if word := unfinished.Find(line); word != nil {
				t.Errorf("%s:%d: %q: finish it, or refuse it with a clear error that says what to do instead", name, i+1, word)
			}
		}
	})
}

// A path of somebody's machine: home folders and the folder this tree lies in.
func TestNoPathsOfOneMachine(t *testing.T) {
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	homes := regexp.MustCompile(`(?m)(^|[\s"'=(:])/(root|work|home/[a-z]+|Users/[A-Za-z]+)/`)
	files(t, func(name string, content []byte) {
		for i, line := range bytes.Split(content, []byte("\n")) {
			if homes.Match(line) || bytes.Contains(line, []byte(here+string(filepath.Separator))) {
				t.Errorf("%s:%d: a path of one machine; use $HOME, a temporary folder or a relative path", name, i+1)
			}
		}
	})
}
