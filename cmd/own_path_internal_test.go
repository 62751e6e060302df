package cmd

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// A path that is written down survives an upgrade: it is the link and not what is behind it.
func TestOwnPathIsTheLink(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a right of their own there")
	}
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cellar, bin, other := filepath.Join(root, "Cellar", "ddb", "1.2.3", "bin", "ddb"), filepath.Join(root, "bin", "ddb"), filepath.Join(root, "other", "ddb")
	for _, file := range []string{cellar, other} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(bin), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(cellar, bin); err != nil {
		t.Fatal(err)
	}
	aliased := filepath.Join(root, "bin", "dynamo")
	if err := os.Symlink(cellar, aliased); err != nil {
		t.Fatal(err)
	}
	path := func(found map[string]string) func(string) (string, error) {
		return func(name string) (string, error) {
			if file, ok := found[name]; ok {
				return file, nil
			}
			return "", errors.New("not found")
		}
	}
	t.Chdir(filepath.Join(root, "bin"))
	for _, k := range []struct {
		name, startedAs string
		onPath          map[string]string
		want            string
	}{
		{"by its name on the PATH", "ddb", map[string]string{"ddb": bin}, bin},
		{"by another name on the PATH", "dynamo", map[string]string{"dynamo": aliased, "ddb": bin}, aliased},
		{"by the link's path", bin, nil, bin},
		{"by a relative path", "./ddb", nil, bin},
		{"by the file itself, with a link on the PATH", cellar, map[string]string{"ddb": bin}, bin},
		{"by the file itself, with another program on the PATH", cellar, map[string]string{"ddb": other}, cellar},
		{"by a name that leads nowhere", "ddb", nil, cellar},
		{"by a name that now leads to another program", "ddb", map[string]string{"ddb": other}, cellar},
	} {
		if got := ownPath(k.startedAs, cellar, path(k.onPath)); got != k.want {
			t.Errorf("%s: %s; want %s", k.name, got, k.want)
		}
	}
	if got := ownPath("ddb", other, path(map[string]string{"ddb": other})); got != other {
		t.Errorf("without a link: %s", got)
	}
}
