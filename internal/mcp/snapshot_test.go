package mcp

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the tool snapshots in testdata/tools anew")

// TestToolSnapshots makes every change of what clients see of a tool visible in
// review: name, description, hints and schemas of every operation.
func TestToolSnapshots(t *testing.T) {
	dir := filepath.Join("testdata", "tools")
	expected := map[string]bool{}
	for _, tool := range listedTools(t, Options{Toolsets: []string{toolsetAll}}) {
		file := tool.Name + ".json"
		expected[file] = true
		t.Run(tool.Name, func(t *testing.T) {
			compact, err := json.Marshal(tool)
			if err != nil {
				t.Fatal(err)
			}
			var now bytes.Buffer
			if err := json.Indent(&now, compact, "", "  "); err != nil {
				t.Fatal(err)
			}
			now.WriteByte('\n')
			path := filepath.Join(dir, file)
			if *update {
				if err := os.WriteFile(path, now.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("no snapshot of this tool: run `go test ./internal/mcp -run Snapshots -update` and commit %s", path)
			}
			if diff := cmp.Diff(string(before), now.String()); diff != "" {
				t.Errorf("the tool differs from %s (-snapshot +now); if that is meant, run `go test ./internal/mcp -run Snapshots -update` and commit the file:\n%s", path, diff)
			}
		})
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if expected[e.Name()] {
			continue
		}
		if *update {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Errorf("%s is the snapshot of a tool that is no more: run `go test ./internal/mcp -run Snapshots -update`", e.Name())
	}
}
