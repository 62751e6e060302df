package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/cmd"
	"github.com/ddb-cli/ddb/internal/ops"
)

const root = "../.."

// What is committed is what would be written now.
func TestGeneratedIsCurrent(t *testing.T) {
	fresh := t.TempDir()
	pages := map[string]string{}
	if err := os.CopyFS(filepath.Join(fresh, scenarioDir), os.DirFS(filepath.Join(root, scenarioDir))); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Concat([]string{".goreleaser.yaml", compatibilityPage}, slices.Sorted(maps.Keys(toolPages))) {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		pages[name] = string(content)
		if err := os.MkdirAll(filepath.Dir(filepath.Join(fresh, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(fresh, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(fresh, ""); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"completions", "docs/commands"} {
		want := tree(t, filepath.Join(fresh, dir))
		got := tree(t, filepath.Join(root, dir))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s is not what the command tree gives; run go generate ./... and commit it (-want +got):\n%.2000s", dir, diff)
		}
	}
	for name, got := range pages {
		want, err := os.ReadFile(filepath.Join(fresh, name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("the generated part of %s is not what the code gives; run go generate ./... and commit it (-want +got):\n%s", name, diff)
		}
		if toolPages[name] != nil && !strings.Contains(got, "`"+ops.All[0].Spec().Tool+"`") {
			t.Errorf("the table of tools in %s does not hold the first operation", name)
		}
	}
}

func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	list, err := names(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, name := range list {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(content)
	}
	return files
}

// A page for each command, dated by the changelog and not by the day, and the cask names them all.
func TestManPages(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	for _, dir := range []string{first, second} {
		if err := writeMan(cmd.Root(), filepath.Join(root, "CHANGELOG.md"), dir); err != nil {
			t.Fatal(err)
		}
	}
	pages := tree(t, first)
	if diff := cmp.Diff(pages, tree(t, second)); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
	if _, ok := pages["ddb-serve-mcp.1"]; !ok {
		t.Errorf("no page for ddb serve-mcp among %d", len(pages))
	}

	content, err := os.ReadFile(filepath.Join(root, ".goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Casks []struct {
			Manpages []string `yaml:"manpages"`
		} `yaml:"homebrew_casks"`
	}
	if err := yaml.Unmarshal(content, &f); err != nil {
		t.Fatal(err)
	}
	var want []string
	for name := range pages {
		want = append(want, "man/"+name)
	}
	slices.Sort(want)
	if len(f.Casks) != 1 {
		t.Fatalf("%d casks, want one", len(f.Casks))
	}
	if diff := cmp.Diff(want, f.Casks[0].Manpages); diff != "" {
		t.Errorf("homebrew_casks.manpages in .goreleaser.yaml (-want +got):\n%s", diff)
	}
}

func TestReleased(t *testing.T) {
	tests := map[string]string{
		"## [Unreleased]\n\n## [0.2.0] - 2027-02-03\n\n## [0.1.0] - 2026-12-01\n": "2027-02-03",
		"## [Unreleased]\n": "2026-11-01",
	}
	for text, want := range tests {
		got, err := released([]byte(text))
		if err != nil || got.Format("2006-01-02") != want {
			t.Errorf("released(%q) = %v, %v, want %s", text, got, err, want)
		}
	}
	if _, err := released([]byte("## [0.1.0] - 2026-13-01\n")); err == nil {
		t.Error("a month 13 is accepted")
	}
}

func TestReplaceRemovesWhatIsGone(t *testing.T) {
	dir := t.TempDir()
	if err := replace(dir, map[string][]byte{"a": []byte("1\n"), "b": []byte("2\n")}); err != nil {
		t.Fatal(err)
	}
	if err := replace(dir, map[string][]byte{"b": []byte("3\n")}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"b": "3\n"}, tree(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// names are the files in a folder, sorted.
func names(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	list := make([]string, len(entries))
	for i, e := range entries {
		list[i] = e.Name()
	}
	slices.Sort(list)
	return list, nil
}
