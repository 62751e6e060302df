package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEditKeepsComments(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ddb", "config.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const start = `# who we are
current: dev # the usual
output: table
contexts:
  # plays
  - name: dev
    region: eu-west-1 # near
  # careful
  - name: Prod.EU
    profile: prod
    read_only: true
`
	tests := []struct {
		name, start string
		do          func() error
		want        string
	}{
		{
			"use", start, func() error { return Use(path, "Prod.EU") },
			strings.Replace(start, "current: dev #", "current: Prod.EU #", 1),
		},
		{
			"change a key of a context", start, func() error { return Set(path, "dev", "region", "us-east-1") },
			strings.Replace(start, "eu-west-1 # near", "us-east-1 # near", 1),
		},
		{
			"add a key to a context", start, func() error { return Set(path, "dev", "tables", "dev-*, test-*") },
			strings.Replace(start, "# near\n", "# near\n    tables:\n    - dev-*\n    - test-*\n", 1),
		},
		{
			"add a context", start, func() error { return Set(path, "new", "local", "memory") },
			start + "  - name: new\n    local: memory\n",
		},
		{
			"remove a key", start, func() error { return Set(path, "Prod.EU", "read_only", "") },
			strings.Replace(start, "    read_only: true\n", "", 1),
		},
		{
			"unset a key of a context", start, func() error { return unsetKey(path, "dev", "region", true) },
			strings.Replace(start, "    region: eu-west-1 # near\n", "", 1),
		},
		{
			"unset a key of the file", start, func() error { return unsetKey(path, "", "output", true) },
			strings.Replace(start, "output: table\n", "", 1),
		},
		{
			"use none, and keep the head of the file", start, func() error { return Use(path, "") },
			strings.Replace(start, "current: dev # the usual\n", "", 1),
		},
		{
			"unset the first keys, and keep what is said at the head of the file", "# head\ncurrent: dev\n# in colors\ncolor: never\ncontexts:\n  - name: dev\n", func() error {
				return errors.Join(unsetKey(path, "", "current", true), unsetKey(path, "", "color", true))
			},
			"# head\n# in colors\ncontexts:\n  - name: dev\n",
		},
		{"unset what is not set", start, func() error { return unsetKey(path, "dev", "table", false) }, start},
		{
			"remove the current context", start, func() error { return Remove(path, "dev") },
			strings.Replace(strings.Replace(start, "current: dev # the usual\n", "", 1), "  # plays\n  - name: dev\n    region: eu-west-1 # near\n", "", 1),
		},
		{
			"remove a context", start, func() error { return Remove(path, "Prod.EU") },
			strings.Split(start, "  # careful")[0],
		},
		{
			"set a key of the file", start, func() error { return Set(path, "", "color", "never") },
			start + "color: never\n",
		},
		{
			"an empty file", "", func() error { return Set(path, "a", "region", "eu-north-1") },
			"contexts:\n  - name: a\n    region: eu-north-1\n",
		},
		{
			"comments only", "# nothing yet\n", func() error { return Set(path, "", "output", "yaml") },
			"# nothing yet\noutput: yaml\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			write(tt.start)
			if err := tt.do(); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("file (-want +got):\n%s", diff)
			}
		})
	}
}

// unsetKey is Unset of a key that was there or not.
func unsetKey(path, context, key string, there bool) error {
	was, err := Unset(path, context, key)
	if err == nil && was != there {
		return fmt.Errorf("Unset tells that the key was there: %t", was)
	}
	return err
}

// What changes nothing makes no file.
func TestUnsetMakesNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.yaml")
	if was, err := Unset(path, "", "color"); was || err != nil {
		t.Errorf("%t, %v", was, err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file: %v", err)
	}
}

func TestEditRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.yaml")
	const start = "contexts:\n  - name: a\n"
	tests := []struct {
		name string
		do   func() error
		want string
	}{
		{"an unknown key", func() error { return Set(path, "a", "regoin", "x") }, "regoin"},
		{"an unknown key of the file", func() error { return Set(path, "", "region", "x") }, `unknown key "region"`},
		{"an unknown context", func() error { return Use(path, "b") }, `context "b" is not in`},
		{"to unset a key of an unknown context", func() error { return unsetKey(path, "b", "region", false) }, `context "b" is not in`},
		{"to unset an unknown key", func() error { return unsetKey(path, "a", "regoin", false) }, "regoin"},
		{"to remove an unknown context", func() error { return Remove(path, "b") }, `context "b" is not in`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := os.WriteFile(path, []byte(start), 0o600); err != nil {
				t.Fatal(err)
			}
			err := tt.do()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if got, _ := os.ReadFile(path); string(got) != start {
				t.Errorf("the file was changed to %q", got)
			}
		})
	}
}
