package cmd

import (
	"github.com/spf13/cobra"
)

// ownCommands hangs in the commands that are more than one operation bound to the terminal. It returns the MCP names of the operations they stand for.
func ownCommands(a *app, root *cobra.Command) map[string]bool {
	verbs := []func(*app) *cobra.Command{getCommand, putCommand, updateCommand, deleteCommand, queryCommand, scanCommand}
	for _, verb := range verbs {
		root.AddCommand(verb(a))
		place(root, "item verb", verb(a))
	}
	root.AddCommand(newServeMCP(a), newMCP(a), versionCommand(a))
	root.AddCommand(sqlCommand(a), shellCommand(a), completionCommand(a), demoCommand(a), reserved("export", "s3-export"), reserved("import", "s3-import"))
	careCommands(a, root)
	for family, list := range map[string][]*cobra.Command{
		"pitr": pitrCommands(a), "ttl": ttlCommands(a), "config": configCommands(a), "local": localCommands(a), "stream": {tailCommand(a)},
	} {
		child(root, family).AddCommand(list...)
	}
	own := make(map[string]bool)
	for _, tool := range []string{"get_item", "put_item", "update_item", "delete_item", "query", "scan", "execute_statement", "wait_for"} {
		own[tool] = true
	}
	return own
}
