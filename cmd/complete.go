package cmd

import (
	"github.com/spf13/cobra"
)

type completion = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective)

func completeTables(a *app) completion {
	return func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return a.tableNames(c), cobra.ShellCompDirectiveNoFileComp
	}
}

// completePositions completes the position that stands for a table.
func completePositions(a *app, fields []*boundField) completion {
	return func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) < len(fields) && fields[len(args)].name == "table" {
			return a.tableNames(c), cobra.ShellCompDirectiveNoFileComp
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
}

func (a *app) tableNames(*cobra.Command) []string { return nil }

func completeIndexes(*app, *cobra.Command) {}
