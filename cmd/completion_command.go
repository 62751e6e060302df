package cmd

import (
	"fmt"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"
)

func completionCommand(a *app) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use: "completion bash|zsh|fish|powershell", Short: "Print the completion script of a shell", ValidArgs: shells,
		Long: heredoc.Doc(`
			Print the completion script of a shell. Commands and flags complete, and the names of tables, indexes, attributes, tags,
			backups, profiles, regions and contexts. The account is asked for 300 ms at most, and remembered for a minute; items are
			read on the embedded engine only: on AWS, attributes are those of keys and those that you have looked at.

			bash needs no other package, and may be as old as 3.2, the one of macOS.
		`),
		Example: example(`
			eval "$(ddb completion bash)"
			ddb completion zsh > "${fpath[1]}/_ddb"
			ddb completion fish > ~/.config/fish/completions/ddb.fish
			ddb completion powershell | Out-String | Invoke-Expression
		`),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("the name of a shell is needed", "usage: "+c.UseLine())
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			root := c.Root()
			switch args[0] {
			case "bash":
				return BashCompletion(root, a.io.Out)
			case "zsh":
				return root.GenZshCompletion(a.io.Out)
			case "fish":
				return root.GenFishCompletion(a.io.Out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.io.Out)
			}
			return usage(fmt.Sprintf("no completion for %q", args[0]), "there are bash, zsh, fish and powershell")
		},
	}
}
