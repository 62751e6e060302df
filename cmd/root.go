package cmd

import (
	"fmt"
	"strings"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/ops"
	"github.com/ddb-cli/ddb/internal/version"
)

// Root gives the command tree on the process's own streams, for programs that generate completions, man pages and documents from it.
func Root() *cobra.Command { return newRoot(newApp(System())) }

// families are the nouns, with what they are about. Their order is that of the help.
var families = []struct{ name, short string }{
	{"table", "Tables: list, describe, create, update, apply, diff, copy, delete, truncate, stats, wait"},
	{"index", "Secondary indexes: list, create, delete, wait"},
	{"item", "Items: the bare verbs, batches and transactions"},
	{"backup", "On-demand backups, restoring from them, and sweeping by age"},
	{"pitr", "Point-in-time recovery: status, enable, disable, restore"},
	{"ttl", "Time to live: status, enable, disable"},
	{"tag", "Tags: list, set, remove"},
	{"policy", "Resource policies: get, put, delete"},
	{"s3-export", "Exports to S3: start, list, describe, wait"},
	{"s3-import", "Imports from S3 into new tables: start, list, describe, wait"},
	{"stream", "Change records of tables: tail, list, describe, iterator, records"},
	{"vector", "Vector indexes: search, list, create, delete"},
	{"replica", "Copies of a table in other regions: list, add, update, remove, wait"},
	{"bulk", "Bulk puts from S3: start, describe, list, cancel"},
	{"kinesis", "Changes to Kinesis: describe, enable, disable, update"},
	{"insights", "Contributor insights: list, describe, update"},
	{"autoscaling", "Auto scaling of tables and replicas: describe, update"},
	{"global-table", "Global tables of the version of 2017"},
	{"modeling", "The data modeling expert, as a prompt"},
	{"local", "The embedded engine: start, stop, status, reset, snapshots"},
	{"config", "Contexts: profiles, regions, endpoints and defaults by name"},
}

// rootHelp fits a screen of 24 lines of 80 columns, with the prompt behind it.
const rootHelp = `Amazon DynamoDB at the terminal, over MCP, and embedded.

Items        get put update delete query scan sql shell    item batch-get, …
Tables       table list|describe|create|update|apply|diff|copy|delete|…  index
Settings     ttl  tag  policy  replica  autoscaling  insights  kinesis
Safekeeping  backup  pitr  s3-export  s3-import  doctor
Changes      stream tail|list|…  bulk  vector  global-table   wait
Account      whoami  limits  endpoints      Design  modeling prompt  guide
Here         local start|stop|snapshots|…  demo config completion version
Assistants   serve-mcp  mcp install|tools|call|policy

  ddb demo                                     see it work, without an account
  ddb get Orders c#1 2026-01-01                a key is typed, not spelled
  ddb query Orders c#1 '2026-01*' --filter 'total > 100 and status = "open"'
  ddb query Orders --where 'status = "open"'   finds the index
  ddb put Orders '{"customer":"c#1","placed":"2026-01-01","total":12.5}'
  ddb update Orders c#1 2026-01-01 --set 'status="paid"' --add version=1
  ddb scan Orders -o csv > orders.csv          every page, in bounded memory

Everywhere   --local --profile --region --context -o FORMAT --jq --query --yes
Exit codes   0 ok, 1 error, 2 usage, 3 not found, 4 condition failed, 5 denied,
             6 throttled or timed out, 7 difference, 130 interrupted
ddb help COMMAND tells more, and: ddb help flags, keys or expressions
`

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use: "ddb", Short: "Amazon DynamoDB at the terminal, over MCP, and embedded", Long: rootHelp,
		Version: version.String(), SilenceErrors: true, SilenceUsage: true,
		CompletionOptions:          cobra.CompletionOptions{DisableDefaultCmd: true},
		PersistentPreRunE:          func(c *cobra.Command, _ []string) error { return a.before(c) },
		RunE:                       a.unknownAtRoot,
		Args:                       cobra.ArbitraryArgs,
		SuggestionsMinimumDistance: 2,
	}
	root.SetVersionTemplate("ddb {{.Version}}\n")
	root.SetOut(a.io.Out)
	root.SetErr(a.io.Err)
	root.SetIn(a.io.In)
	a.globals(root.PersistentFlags())
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { a.begin(c); return a.flagError(c, err) })
	help := root.HelpFunc()
	root.SetHelpFunc(func(c *cobra.Command, args []string) {
		if c == root {
			_, _ = fmt.Fprint(a.io.Out, rootHelp)
			return
		}
		help(c, args)
	})
	root.SetUsageTemplate(usageTemplate)
	for _, f := range families {
		family := &cobra.Command{Use: f.name, Short: f.short, Args: cobra.ArbitraryArgs}
		family.RunE = unknownCommand
		root.AddCommand(family)
	}
	own := ownCommands(a, root)
	for _, o := range ops.All {
		if !own[o.Spec().Tool] {
			place(root, o.Spec().Path(), bind(a, o))
		}
	}
	describeAsCode(a, root)
	createFromFile(a, root)
	for _, c := range root.Commands() {
		if !c.HasSubCommands() && c.Short == familyShort(c.Name()) {
			root.RemoveCommand(c)
		}
	}
	completeGlobals(a, root)
	root.SetHelpCommand(helpCommand(a, root))
	argumentsAreUsage(root)
	return root
}

// argumentsAreUsage makes an argument too few or too many a mistake of usage, as a wrong flag is, with the way to the help.
func argumentsAreUsage(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			err := check(c, args)
			if err == nil || codeOf(err) == exitUsage {
				return err
			}
			message := err.Error()
			if none := cobra.NoArgs(c, args); none != nil && message == none.Error() { // "unknown command", where there are none
				message = fmt.Sprintf("%s takes no arguments, and %q is one", c.CommandPath(), args[0])
			}
			return usage(message, "see: "+c.CommandPath()+" --help")
		}
	}
	for _, sub := range c.Commands() {
		argumentsAreUsage(sub)
	}
}

func familyShort(name string) string {
	for _, f := range families {
		if f.name == name {
			return f.short
		}
	}
	return "-"
}

// place hangs a command at its path, making a family on the way where there is none.
func place(root *cobra.Command, path string, c *cobra.Command) {
	words := strings.Fields(path)
	parent := root
	for _, w := range words[:len(words)-1] {
		next := child(parent, w)
		if next == nil {
			next = &cobra.Command{Use: w, Short: "Commands on " + w, Args: cobra.ArbitraryArgs}
			next.RunE = unknownCommand
			parent.AddCommand(next)
		}
		parent = next
	}
	parent.AddCommand(c)
}

func child(parent *cobra.Command, name string) *cobra.Command {
	for _, c := range parent.Commands() {
		if c.Name() == name {
			return c
		}
	}
	return nil
}

const usageTemplate = `Usage:{{if .Runnable}}{{if not .HasAvailableSubCommands}}
  {{.UseLine}}{{end}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} COMMAND{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

Global flags: ddb help flags
{{end}}
`

func helpCommand(a *app, root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Help about a command, or: flags, keys, expressions", Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				if text, ok := topics(root)[args[0]]; ok {
					_, err := fmt.Fprint(a.io.Out, text)
					return err
				}
			}
			c, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 && c == root {
				return a.unknownAtRoot(root, args)
			}
			return c.Help()
		},
	}
}

func topics(root *cobra.Command) map[string]string {
	return map[string]string{
		"flags": "Flags that every command takes:\n\n" + root.PersistentFlags().FlagUsages(),
		"keys": heredoc.Doc(`
			A key is typed, not spelled: the table's key schema says which part is which and of what type.

			  ddb get Orders c#1 2026-01-01          positions, in the order of the schema
			  ddb get Scores alice -5                a negative number is a position too
			  ddb get Orders --key customer=c#1,placed=2026-01-01
			  ddb get Orders --key '{"customer":"c#1","placed":"2026-01-01"}'
			  ddb get Orders --key '{"customer":{"S":"c#1"},"placed":{"S":"2026-01-01"}}'

			A query takes the partition key, and a condition on the sort key:

			  2026-01-01     equal            2026-01*            begins with
			  >=10  <5       compared         2026-01..2026-02    between, both included
			  10..           from             '"a b"'             quotes where the value holds a space, a quote, * or ..

			Items and values are plain JSON. An object with exactly one member named as a type (S N B BOOL NULL L M SS NS BS)
			is a value of that type: {"tags": {"SS": ["a", "b"]}}. A map of that form is written {"M": {"S": "x"}}, both ways.
			- reads standard input and @name a file; --typed speaks DynamoDB JSON throughout.
		`),
		"expressions": heredoc.Doc(`
			Filters, conditions and updates are written with names and literals; reserved words need no care.

			  --filter 'total > 100 and (status = "open" or not exists(closed))'
			  --if     'version = 3'
			  --set    'status="paid", total=total+1, log=list_append(log, ["paid"]), n=if_not_exists(n, 0)+1'
			  --add    'version=1, tags=["new"]'     --delete 'tags=["old"]'     --remove 'note, lines[0]'

			  --where  'status = "open" and placed > "2026-01"'    query, update, delete: ddb finds the key in it

			compare    = <> < <= > >=    x between 1 and 5    x in ("a", "b")
			combine    and or not ( )
			functions  exists(x)  missing(x)  begins_with(x, "a")  contains(x, "a")  size(x)  type(x, "S")
			paths      address.city   lines[0].sku   ` + "`any name`" + `
			values     12.5   -3   "text"   'text'   true   null   ["a", 1]   {"a": 1}   {"SS": ["a"]}

			The raw expressions of the API are there too: --filter-expression, --condition-expression, --update-expression,
			--key-condition-expression and --projection-expression, with --names and --values.
		`),
	}
}
