package cmd_test

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/cmd"
)

// Each command is documented, and each of its examples is a command line that it takes.
func TestHelp(t *testing.T) {
	root := cmd.Root()
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			walk(sub)
		}
		if c.Hidden || c.HasSubCommands() || c.Name() == "help" {
			return
		}
		if c.Short == "" || c.Example == "" && c.Name() != "version" {
			t.Errorf("%s lacks a short text or examples", c.CommandPath())
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s: --%s has no help", c.CommandPath(), f.Name)
			}
		})
		for line := range strings.Lines(c.Example) {
			line, _, _ = strings.Cut(line, " # ")
			words, ok := strings.CutPrefix(strings.TrimSpace(line), "ddb ")
			if !ok || strings.ContainsAny(words, "|>") {
				continue
			}
			checkExample(t, words)
		}
	}
	walk(root)
	if lines := strings.Count(must(t, run(t, "", nil, "--help")).out, "\n"); lines > 30 {
		t.Errorf("ddb --help has %d lines and fits no screen", lines)
	}
}

func checkExample(t *testing.T, line string) {
	t.Helper()
	root := cmd.Root() // fresh: flags keep what was parsed
	var args []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			args = append(args, part)
			continue
		}
		args = append(args, strings.Fields(part)...)
	}
	c, rest, err := root.Find(args)
	if err != nil {
		t.Errorf("ddb %s: %v", line, err)
		return
	}
	if err := c.ParseFlags(rest); err != nil {
		t.Errorf("ddb %s: %v", line, err)
		return
	}
	if c.Args != nil && !strings.Contains(line, `"`) {
		if err := c.Args(c, c.Flags().Args()); err != nil {
			t.Errorf("ddb %s: %v", line, err)
		}
	}
}
