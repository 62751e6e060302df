package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/version"
)

// ownCommands hangs in the commands that are more than one operation bound to the terminal. It returns the MCP names of the operations they stand for.
func ownCommands(a *app, root *cobra.Command) map[string]bool {
	root.AddCommand(newServeMCP(a), newMCP(a), versionCommand(a))
	return map[string]bool{}
}

func versionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(a.io.Out, "ddb "+version.String())
			return err
		},
	}
}
