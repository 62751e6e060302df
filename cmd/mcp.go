package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/mcp"
)

// newMCP is the family that works with the MCP server from a shell.
func newMCP(a *app) *cobra.Command {
	family := &cobra.Command{Use: "mcp", Short: "The MCP server from a shell: install, tools, call, policy", Args: cobra.ArbitraryArgs, RunE: unknownCommand}
	family.AddCommand(newMCPInstall(a), newMCPUninstall(a), newMCPTools(a), newMCPCall(a), newMCPPolicy(a))
	return family
}

func newMCPTools(a *app) *cobra.Command {
	var o serveMCPOptions
	var cost bool
	cmd := &cobra.Command{
		Use:   "tools",
		Short: "List the tools that serve-mcp offers",
		Long: heredoc.Doc(`
			List the tools that serve-mcp offers with the same flags. --cost tells how many bytes
			they take in tools/list, by toolset and together, which a model pays for on every request.
		`),
		Example: heredoc.Doc(`
			ddb mcp tools
			ddb mcp tools --toolsets all --cost
			ddb mcp tools --toolsets backup,table -o json
		`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			server, done, err := a.mcpForShell(cmd, o)
			if err != nil {
				return err
			}
			defer done()
			return a.listTools(server, cost)
		},
	}
	o.define(cmd.Flags())
	cmd.Flags().BoolVar(&cost, "cost", false, "sum up what the tools cost")
	return cmd
}

// mcpForShell is the server with the settings of serve-mcp and no log: what goes
// wrong is in the result.
func (a *app) mcpForShell(cmd *cobra.Command, o serveMCPOptions) (*mcp.Server, func(), error) {
	cfg, err := config.Load(cmd.Flags(), config.ForServer())
	if err != nil {
		return nil, nil, err
	}
	return a.mcpServer(cmd.Context(), cfg, o, slog.New(slog.DiscardHandler))
}

func (a *app) listTools(server *mcp.Server, cost bool) error {
	tools, err := server.Tools()
	if err != nil {
		return err
	}
	doc, err := json.Marshal(tools)
	if err != nil {
		return err
	}
	p, err := a.printer()
	if err != nil {
		return err
	}
	if err := p.Document(doc, nil); err != nil {
		return err
	}
	if err := p.Flush(); err != nil {
		return err
	}
	if cost {
		a.toolCosts(tools)
	}
	return nil
}

// toolCosts sums up by toolset, in order of appearance, what the tools take in tools/list.
func (a *app) toolCosts(tools []mcp.Listed) {
	sum := len(`{"tools":[]}`) + max(0, len(tools)-1)
	var sets []string
	count, bytes := map[string]int{}, map[string]int{}
	for _, t := range tools {
		if count[t.Toolset]++; count[t.Toolset] == 1 {
			sets = append(sets, t.Toolset)
		}
		bytes[t.Toolset] += t.Bytes
		sum += t.Bytes
	}
	for _, name := range sets {
		a.io.notef("%-10s %3d tools %6d bytes", name, count[name], bytes[name])
	}
	a.io.notef("%d tools, %d bytes in tools/list, about %d tokens", len(tools), sum, (sum+3)/4)
}

func newMCPCall(a *app) *cobra.Command {
	var o serveMCPOptions
	cmd := &cobra.Command{
		Use:   "call TOOL [ARGUMENTS]",
		Short: "Call a tool of the MCP server once",
		Long: heredoc.Doc(`
			Call a tool as an assistant would and print the text it would read. ARGUMENTS is a JSON
			object; @FILE reads a file and - standard input. All tools can be called, unless
			--toolsets, --tools or --exclude-tools say otherwise. A result that is an error goes to
			standard output too, and the exit code is 1. What --confirm asks is asked on the terminal;
			in a script --confirm always needs --yes.
		`),
		Example: heredoc.Doc(`
			ddb mcp call list_tables
			ddb mcp call get_item '{"table_name":"Orders","key":{"customer":{"S":"c#1"},"placed":{"S":"2026-01-01"}}}'
			ddb mcp call put_item @item.json --local
		`),
		Args: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return usage("TOOL is missing", "usage: "+c.UseLine()+"; see the tools with: ddb mcp tools")
			case len(args) > 2:
				return usage(fmt.Sprintf("unexpected argument %q", args[2]), `the arguments are one JSON object: '{"table_name":"Orders"}'`)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.callTool(cmd, o, args) },
	}
	o.define(cmd.Flags())
	return cmd
}

func (a *app) callTool(cmd *cobra.Command, o serveMCPOptions, args []string) error {
	var arguments []byte
	if len(args) == 2 {
		var err error
		if arguments, err = a.source(args[1]); err != nil {
			return err
		}
	}
	if o.toolsets == nil && o.tools == nil {
		o.toolsets = []string{"all"}
	}
	if o.confirm == mcp.ConfirmAlways || a.io.canAsk() { // auto goes ahead where nobody can be asked
		o.ask = func(ctx context.Context, lost string) error {
			if !a.flags.yes && a.io.canAsk() {
				a.io.notef("%s", lost)
			}
			return a.confirmText(ctx, "This call", "")
		}
	}
	server, done, err := a.mcpForShell(cmd, o)
	if err != nil {
		return err
	}
	defer done()
	text, failed, err := server.Call(cmd.Context(), args[0], arguments)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(a.out, text); err != nil {
		return err
	}
	if failed {
		return &errQuiet{exitError}
	}
	return nil
}
