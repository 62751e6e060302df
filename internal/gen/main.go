// Command gen writes what is generated from the command tree and the registry of operations: completions/,
// docs/commands/, docs/compatibility.md, the tables of tools in the README and docs/mcp.md, the README's links and
// the cask's list of man pages, which are committed and checked, and man pages, which a release
// writes into its archives. Nothing it writes holds a time, a version or a path of the machine, so that running it
// twice changes nothing.
package main

//go:generate go run . -root ../..

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ddb-cli/ddb/cmd"
	"github.com/ddb-cli/ddb/internal/ops"
)

func main() {
	root := flag.String("root", ".", "the module's root")
	man := flag.String("man", "", "write man pages into this folder instead")
	flag.Parse()
	if err := run(*root, *man); err != nil {
		fmt.Fprintln(os.Stderr, "gen: error:", err)
		os.Exit(1)
	}
}

func run(root, man string) error {
	if man != "" {
		return writeMan(cmd.Root(), filepath.Join(root, "CHANGELOG.md"), man)
	}
	if err := writeCompletions(cmd.Root(), filepath.Join(root, "completions")); err != nil {
		return err
	}
	if err := writeCommands(cmd.Root(), filepath.Join(root, "docs", "commands")); err != nil {
		return err
	}
	if err := writeCask(cmd.Root(), filepath.Join(root, ".goreleaser.yaml")); err != nil {
		return err
	}
	if err := writeCompatibility(root); err != nil {
		return err
	}
	if err := writeLinks(filepath.Join(root, "README.md")); err != nil {
		return err
	}
	for page, table := range toolPages {
		if err := between(filepath.Join(root, filepath.FromSlash(page)), toolsBegin, toolsEnd, table(ops.All)); err != nil {
			return err
		}
	}
	return nil
}
