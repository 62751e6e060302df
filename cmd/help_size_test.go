package cmd_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ddb-cli/ddb/cmd"
)

// ddb --help fits a terminal of 80 columns and 24 lines, one of which is the prompt behind it, and names every command.
func TestHelpFitsAScreen(t *testing.T) {
	out := must(t, run(t, "", nil, "--help")).out
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) > 23 {
		t.Errorf("%d lines, want at most 23", len(lines))
	}
	for _, line := range lines {
		if n := utf8.RuneCountInString(line); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	words := strings.FieldsFunc(out, func(r rune) bool { return strings.ContainsRune(" |,\n", r) })
	for _, c := range cmd.Root().Commands() {
		if c.Hidden || c.Name() == "help" || c.Name() == "export" || c.Name() == "import" { // reserved: they name s3-export and s3-import
			continue
		}
		found := false
		for _, w := range words {
			found = found || w == c.Name()
		}
		if !found {
			t.Errorf("ddb %s is not in it", c.Name())
		}
	}
}
