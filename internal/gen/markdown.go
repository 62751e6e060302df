package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// markdown is the page of one command. It is not cobra's own form, which repeats every global flag on each page and sets
// aligned help as running text.
func markdown(c *cobra.Command) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", c.CommandPath(), c.Short)
	if c.Runnable() {
		b.WriteString(fenced("", c.UseLine()))
	}
	if long := strings.TrimSpace(c.Long); long != "" && long != c.Short {
		b.WriteString(fenced("text", long))
	}
	if c.HasExample() {
		b.WriteString("## Examples\n\n" + fenced("sh", unindent(c.Example)))
	}
	own := c.NonInheritedFlags()
	own.SortFlags = true
	if flags := own.FlagUsages(); strings.TrimSpace(flags) != "" {
		b.WriteString("## Flags\n\n" + fenced("text", flags))
	}
	if c.HasParent() {
		fmt.Fprintf(&b, "The flags that every command has are listed with [%s](%s.md).\n\n", c.Root().Name(), c.Root().Name())
	}
	var commands []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && !sub.IsAdditionalHelpTopicCommand() {
			commands = append(commands, fmt.Sprintf("- [%s](%s.md): %s\n", sub.CommandPath(), page(sub), sub.Short))
		}
	}
	if len(commands) > 0 {
		b.WriteString("## Commands\n\n" + strings.Join(commands, "") + "\n")
	}
	if parent := c.Parent(); parent != nil {
		fmt.Fprintf(&b, "Up: [%s](%s.md)\n", parent.CommandPath(), page(parent))
	}
	return []byte(b.String())
}

func fenced(language, text string) string {
	return "```" + language + "\n" + strings.Trim(text, "\n") + "\n```\n\n"
}

// unindent removes the blanks that all lines begin with.
func unindent(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	least := -1
	for _, line := range lines {
		if blanks := len(line) - len(strings.TrimLeft(line, " ")); strings.TrimSpace(line) != "" && (least < 0 || blanks < least) {
			least = blanks
		}
	}
	for i, line := range lines {
		lines[i] = line[min(max(least, 0), len(line)):]
	}
	return strings.Join(lines, "\n")
}
