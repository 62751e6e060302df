package cmd

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/assistant"
	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/mcp"
	"github.com/ddb-cli/ddb/internal/ops"
)

// defaultEntry is what the server is called in an assistant's file.
const defaultEntry = "dynamodb"

// installOptions are the flags of install and uninstall that are not the server's.
type installOptions struct {
	name, scope, command string
	migrate              bool
}

func (i *installOptions) define(flags *pflag.FlagSet) {
	flags.StringVar(&i.name, "name", defaultEntry, "`name` of the entry in the assistant's file")
	flags.StringVar(&i.scope, "scope", string(assistant.User), "user, or project for the file of the folder you are in")
}

func newMCPInstall(a *app) *cobra.Command {
	var o serveMCPOptions
	var i installOptions
	cmd := &cobra.Command{
		Use:   "install ASSISTANT",
		Short: "Put serve-mcp into an assistant's configuration",
		Long: heredoc.Docf(`
			Put serve-mcp into an assistant's configuration, or bring the entry that is there up to
			date. Flags of serve-mcp given here are those the assistant starts it with.

			Only the entry itself is edited: other servers, comments and order stay, and so does what
			the assistant noted in the entry (disabled, autoApprove, env). A copy of the file is kept
			beside it. --dry-run shows the difference and writes nothing. A file that cannot be read
			is left alone, and an entry of the same name that starts something else too, unless --yes.

			--migrate turns entries of awslabs.dynamodb-mcp-server into ours where they stand.

			Assistants: %s.
		`, strings.Join(assistant.Names(), ", ")),
		Example: heredoc.Doc(`
			ddb mcp install claude-code --profile dev --read-only
			ddb mcp install cursor --local=memory --name dynamodb-sandbox
			ddb mcp install vscode --scope project --tables 'dev-*' --dry-run
			ddb mcp install kiro --migrate
		`),
		Args:      oneAssistant,
		ValidArgs: assistant.Names(),
		RunE:      func(cmd *cobra.Command, args []string) error { return a.installMCP(cmd, args[0], o, i) },
	}
	o.define(cmd.Flags())
	i.define(cmd.Flags())
	cmd.Flags().StringVar(&i.command, "command", "", "what the assistant starts (default: this ddb; for a project: ddb)")
	cmd.Flags().BoolVar(&i.migrate, "migrate", false, "turn entries of awslabs.dynamodb-mcp-server into ours")
	completeScope(cmd)
	return cmd
}

func newMCPUninstall(a *app) *cobra.Command {
	var i installOptions
	cmd := &cobra.Command{
		Use:   "uninstall ASSISTANT",
		Short: "Take serve-mcp out of an assistant's configuration",
		Long: heredoc.Doc(`
			Take serve-mcp out of an assistant's configuration. A copy of the file is kept beside it,
			--dry-run shows the difference and writes nothing, and an entry that is not ddb's stays
			unless --yes.
		`),
		Example: heredoc.Doc(`
			ddb mcp uninstall claude-code
			ddb mcp uninstall cursor --name dynamodb-sandbox --dry-run
		`),
		Args:      oneAssistant,
		ValidArgs: assistant.Names(),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.editClient(args[0], i, func(c assistant.Client, file string, text []byte) (assistant.Change, error) {
				return c.Uninstall(file, text, i.name, a.flags.yes)
			})
		},
	}
	i.define(cmd.Flags())
	completeScope(cmd)
	return cmd
}

func completeScope(cmd *cobra.Command) {
	_ = cmd.RegisterFlagCompletionFunc("scope", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{string(assistant.User), string(assistant.Project)}, cobra.ShellCompDirectiveNoFileComp
	})
}

func oneAssistant(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage(fmt.Sprintf("one assistant is expected, got %d", len(args)), "there are "+strings.Join(assistant.Names(), ", "))
	}
	return nil
}

func (a *app) installMCP(cmd *cobra.Command, name string, o serveMCPOptions, i installOptions) error {
	if i.name == "" {
		return usage("--name is empty", "leave it out for "+defaultEntry)
	}
	// What the server would refuse at its start is refused here, where somebody reads it.
	if _, err := config.Load(cmd.Flags(), config.ForServer()); err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	if _, err := mcp.New(mcp.Options{Operations: ops.All, Toolsets: o.toolsets, Tools: o.tools, Exclude: o.exclude, Discover: o.discover}); err != nil {
		return err
	}
	command, err := i.program()
	if err != nil {
		return err
	}
	args, err := serverArguments(cmd)
	if err != nil {
		return err
	}
	entry := assistant.Entry{Name: i.name, Command: command, Args: args}
	return a.editClient(name, i, func(c assistant.Client, file string, text []byte) (assistant.Change, error) {
		if i.migrate {
			return c.Migrate(file, text, entry)
		}
		return c.Install(file, text, entry, a.flags.yes)
	})
}

// program is what the assistant is to start. Programs started from a desktop have another PATH than a shell, so it is
// a whole path, except in a file that others share.
func (i installOptions) program() (string, error) {
	if i.command != "" {
		return i.command, nil
	}
	if i.scope == string(assistant.Project) {
		return "ddb", nil
	}
	return executablePath()
}

// editClient makes a change of a client's file, or shows it.
func (a *app) editClient(name string, i installOptions, edit func(assistant.Client, string, []byte) (assistant.Change, error)) error {
	client, err := assistant.ByName(name)
	if err != nil {
		return err
	}
	folders, err := config.UserFolders()
	if err != nil {
		return err
	}
	scope := assistant.Scope(i.scope)
	file, err := client.File(folders, scope)
	if err != nil {
		return err
	}
	text, err := assistant.Read(file)
	if err != nil {
		return err
	}
	change, err := edit(client, file, text)
	if err != nil {
		return err
	}
	if !change.Made() {
		a.io.notef("ddb: nothing to change in %s", file)
		return nil
	}
	if a.flags.dryRun {
		_, err := fmt.Fprint(a.io.Out, change.Diff())
		return err
	}
	backup, err := change.Write(scope)
	if err != nil {
		return err
	}
	a.io.notef("ddb: %s written: %s", file, strings.Join(change.Entries, ", "))
	if backup != "" {
		a.io.notef("ddb: what it was is in %s", backup)
	}
	a.io.notef("ddb: %s: %s", client.Title, client.After)
	return nil
}

// ownFlags are those of install itself; terminalFlags those that mean nothing to a server.
var (
	ownFlags      = []string{"name", "scope", "command", "migrate", "help"}
	terminalFlags = []string{"query", "jq", "columns", "no-header", "crlf", "typed", "debug", "yes", "dry-run", "timeout", config.FlagOutput, config.FlagColor, config.FlagTable}
	fileFlags     = []string{config.FlagData, config.FlagS3Root, config.FlagConfig}
)

// serverArguments is the command line of serve-mcp with the flags that were given to install. Names of files are made
// whole: the assistant starts the server in a folder of its own choice.
func serverArguments(cmd *cobra.Command) ([]string, error) {
	args := []string{"serve-mcp"}
	var failed error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if slices.Contains(ownFlags, f.Name) || slices.Contains(terminalFlags, f.Name) {
			return
		}
		value := f.Value.String()
		if list, ok := f.Value.(pflag.SliceValue); ok {
			value = strings.Join(list.GetSlice(), ",")
		}
		if slices.Contains(fileFlags, f.Name) || f.Name == config.FlagLocal && strings.ContainsAny(value, `/\.`) {
			var err error
			if value, err = filepath.Abs(value); err != nil {
				failed = err
			}
		}
		switch {
		case f.Value.Type() == "bool" && value == "true", f.Name == config.FlagLocal && value == f.NoOptDefVal:
			args = append(args, "--"+f.Name)
		default:
			args = append(args, "--"+f.Name+"="+value)
		}
	})
	return args, failed
}
