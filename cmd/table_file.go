package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/tablefile"
	"github.com/ddb-cli/ddb/internal/wire"
)

// careCommands hangs in the commands on tables as files, on waiting, and on the safety of tables.
func careCommands(a *app, root *cobra.Command) {
	child(root, "table").AddCommand(waitForKind("table").command(a, "wait"))
	child(root, "table").AddCommand(tableFileCommands(a)...)
	child(root, "index").AddCommand(indexCommands(a)...)
	child(root, "replica").AddCommand(replicaCommands(a)...)
	child(root, "vector").AddCommand(vectorCommands(a)...)
	child(root, "backup").AddCommand(backupSweep(a))
	child(root, "s3-export").AddCommand(waitForKind("export").command(a, "wait"))
	child(root, "s3-import").AddCommand(waitForKind("import").command(a, "wait"))
	root.AddCommand(waitCommands(a), doctorCommand(a))
}

// describeAsCode lets table describe write a table as a file: -o yaml is the table file, with what other operations tell of the table too.
func describeAsCode(a *app, root *cobra.Command) {
	c := child(child(root, "table"), "describe")
	plain := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		cfg, err := a.config()
		if err != nil {
			return err
		}
		format := cfg.Output
		asked := c.Flag(config.FlagOutput)
		code := slices.Contains(codeFormats, format)
		if !code && (format != "yaml" || asked == nil || !asked.Changed || a.flags.query != "" || a.flags.jq != "" || len(a.flags.columns) > 0) || a.flags.dryRun {
			return plain(c, args)
		}
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		if len(args) == 0 {
			args = []string{"."}
		}
		return a.writeTable(ctx, args[0], format)
	}
}

func (a *app) writeTable(ctx context.Context, text, format string) error {
	t, err := a.model(ctx, parsePlace(text), "")
	if err != nil {
		return err
	}
	var (
		out   []byte
		notes []string
	)
	switch format {
	case "cloudformation":
		out, notes = tablefile.CloudFormation([]*tablefile.Table{t})
	case "terraform":
		out, notes = tablefile.Terraform([]*tablefile.Table{t})
	default:
		out = tablefile.Write(t)
	}
	for _, n := range notes {
		a.io.notef("ddb: warning: %s", n)
	}
	_, err = a.io.Out.Write(out)
	return err
}

// createFromFile lets table create take a file: ddb table create -f orders.yaml.
func createFromFile(a *app, root *cobra.Command) {
	c := child(child(root, "table"), "create")
	var files []string
	c.Flags().StringArrayVarP(&files, "file", "f", nil, "make the tables of this `file`, with all their settings; TABLE names a single one anew")
	plain, count := c.RunE, c.Args
	c.Args = func(c *cobra.Command, args []string) error {
		if len(files) > 0 && len(args) <= 1 {
			return nil
		}
		return count(c, args)
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(files) == 0 {
			return plain(c, args)
		}
		var other string
		c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if f.Changed && !slices.Contains([]string{"file", "if-not-exists", "wait", "wait-timeout", "help"}, f.Name) {
				other = f.Name
			}
		})
		if other != "" {
			return usage("--"+other+" and --file exclude each other", "write it in the file, or pass by the file")
		}
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		skip, _ := c.Flags().GetBool("if-not-exists")
		limit, _ := c.Flags().GetDuration("wait-timeout")
		return a.createTables(ctx, files, args, skip, waiting{limit: limit})
	}
}

func (a *app) createTables(ctx context.Context, files, args []string, skip bool, w waiting) error {
	tables, err := a.tablesOf(files, nil, nil)
	if err != nil {
		return err
	}
	if len(args) == 1 {
		if len(tables) > 1 {
			return usage(fmt.Sprintf("%s holds %d tables, and one name is given", strings.Join(files, ", "), len(tables)), "leave TABLE out")
		}
		tables[0].Name = args[0]
	}
	env, err := a.env(ctx)
	if err != nil {
		return err
	}
	missing := tables
	if skip {
		if missing, err = a.notThere(ctx, env, tables, w); err != nil {
			return err
		}
	}
	if err := a.makeNew(ctx, env, missing, w); err != nil || a.flags.dryRun {
		return err
	}
	return a.showTables(ctx, env, tables)
}

// notThere are the tables that do not exist. Those that do are waited for, as new ones are.
func (a *app) notThere(ctx context.Context, env *op.Env, tables []*tablefile.Table, w waiting) ([]*tablefile.Table, error) {
	var missing []*tablefile.Table
	for _, t := range tables {
		_, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: t.Name})
		switch {
		case err == nil:
			a.io.notef("ddb: the table %s is there already", t.Name)
			if a.flags.dryRun {
				continue
			}
			if _, err := a.waitActive(ctx, env, t.Name, w); err != nil {
				return nil, err
			}
		case missingNow(err):
			missing = append(missing, t)
		default:
			return nil, err
		}
	}
	return missing, nil
}

// showTables prints the descriptions of tables.
func (a *app) showTables(ctx context.Context, env *op.Env, tables []*tablefile.Table) error {
	p, err := a.printer()
	if err != nil {
		return err
	}
	for _, t := range tables {
		d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: t.Name})
		if err != nil {
			return err
		}
		doc, err := wire.Marshal(d)
		if err != nil {
			return fmt.Errorf("write the answer: %w", err)
		}
		if err := p.Document(doc, describeView); err != nil {
			return err
		}
	}
	return p.Flush()
}
