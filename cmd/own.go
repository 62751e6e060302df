package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/version"
)

// ownCommands hangs in the commands that are more than one operation bound to the terminal. It returns the MCP names of the operations they stand for.
func ownCommands(a *app, root *cobra.Command) map[string]bool {
	verbs := []func(*app) *cobra.Command{getCommand, putCommand, updateCommand, deleteCommand, queryCommand, scanCommand}
	for _, verb := range verbs {
		root.AddCommand(verb(a))
		place(root, "item verb", verb(a))
	}
	root.AddCommand(newServeMCP(a), newMCP(a), versionCommand(a))
	own := make(map[string]bool)
	for _, tool := range []string{"get_item", "put_item", "update_item", "delete_item", "query", "scan"} {
		own[tool] = true
	}
	return own
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
