package cmd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

func demoCommand(a *app) *cobra.Command {
	keep := false
	c := &cobra.Command{
		Use: "demo", Short: "Show ddb at work on a small shop, without an account", Args: cobra.NoArgs,
		Long: heredoc.Doc(`
			Load a small shop (customers, orders with an index, products, sessions that expire; about 1,000 items) into an engine in
			memory, run real commands on it and show each with its output. --keep leaves the shop in the local store, for you to go on.
		`),
		Example: example("ddb demo\nddb demo --keep"),
	}
	c.Flags().BoolVar(&keep, "keep", false, "leave the data in the local store")
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg, err := a.config()
		if err != nil {
			return err
		}
		cfg.Local, cfg.Memory, cfg.Endpoint, cfg.Profile, cfg.Context = true, !keep, "", "", ""
		cfg.ReadOnly, cfg.Tables, cfg.Effects, cfg.Regions, cfg.Output = false, nil, nil, nil, ""
		cfg.Snapshots = 0 // what an earlier demo made is replaced, and must not push out what the user deleted
		store, err := a.openLocal(c.Context(), cfg, nil)
		if err != nil {
			return err
		}
		d := &demo{app: a, ctx: c.Context(), cfg: cfg, handler: store.Handler(), keep: keep}
		return errors.Join(d.run(), store.Close())
	}
	return c
}

// A demo runs commands in process, each as a process of its own would run, all on one engine.
type demo struct {
	app     *app
	ctx     context.Context //nolint:containedctx // one demo, one run
	cfg     config.Config
	handler http.Handler
	keep    bool
	failed  error
}

// demoSteps are the commands, with a word on what each shows.
var demoSteps = []struct{ why, command string }{
	{"Four tables. No account, no server, no configuration: the engine is inside the binary.", `ddb table list`},
	{"What is in one? Keys, indexes and size at a glance.", `ddb table describe Orders`},
	{"A key is typed, not spelled; the table's schema says what its parts are.", `ddb get Orders c#007 2026-03-02T11:24:00Z`},
	{"One customer's orders of a month: the sort key begins with it.", `ddb query Orders c#007 '2026-03*' --columns placed,status,total`},
	{"Conditions are written plainly. Reserved words like status need no care.", `ddb query Orders c#007 --filter 'total > 150 and status in ("open", "paid")' --columns placed,status,total`},
	{"By another key: the newest open orders of the whole shop, from the index.", `ddb query Orders open --index ByStatus --reverse --limit 5 --columns placed,customer,total`},
	{"An update with a condition, and the item as it is afterwards.", `ddb update Orders c#007 2026-03-02T11:24:00Z --set 'status="paid", paid.by="card"' --add version=1 --if 'status = "open"' --return new`},
	{"The same again fails: the condition no longer holds. Exit code 4, for scripts.", `ddb update Orders c#007 2026-03-02T11:24:00Z --set 'status="paid"' --if 'status = "open"'`},
	{"Count without fetching.", `ddb scan Orders --filter 'status = "open"' --count`},
	{"Any format: CSV here; also JSON, JSON lines, YAML, TSV and DynamoDB JSON. Numbers keep all 38 digits.", `ddb scan Products --filter 'stock < 10' -o csv --columns sku,name,stock,price`},
	{"JMESPath or jq on the way out.", `ddb query Orders c#007 --jq '[.placed[:10], .status, .total] | @tsv'`},
	{"SQL, too.", `ddb sql 'SELECT customer, name, city FROM Customers WHERE customer = ?' c#042`},
	{"What would be sent? --dry-run prints the request, with #names and :values made for you.", `ddb query Orders open 2026-03.. --index ByStatus --filter 'total > 100' --limit 3 --dry-run`},
}

func (d *demo) run() error {
	a := d.app
	out := a.io.Out
	began := time.Now()
	if err := d.load(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s\n\n", a.strong(fmt.Sprintf("A small shop, loaded in %s: %s in 4 tables, %s.", time.Since(began).Round(time.Millisecond), counted(shopItems, "item"), d.where())))
	for _, step := range demoSteps {
		if err := context.Cause(d.ctx); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n%s\n", a.faint("# "+step.why), a.strong("$ "+step.command))
		d.step(step.command)
		if _, err := fmt.Fprintln(out); err != nil {
			return err
		}
	}
	fmt.Fprint(out, d.next())
	return d.failed
}

func (d *demo) where() string {
	if d.keep {
		return "kept in " + d.cfg.Data
	}
	return "kept in memory"
}

// step runs one command line as Run would, on the demo's engine. Standard error is shown with the output: it is part of what is seen.
func (d *demo) step(line string) {
	streams := *d.app.io
	streams.Err = streams.Out
	streams.InTerminal = false
	streams.ErrTerminal = streams.OutTerminal
	streams.Width = min(max(streams.Width, 80), 120)
	a := newApp(&streams)
	a.cfg, a.loaded, a.handler = d.cfg, true, d.handler
	a.pretty = true
	args := splitLine(strings.TrimPrefix(line, "ddb "))
	for i, w := range args {
		if w == "-o" && i+1 < len(args) {
			a.cfg.Output = args[i+1]
		}
	}
	root := newRoot(a)
	root.SetArgs(positions(root, args))
	err := root.ExecuteContext(d.ctx)
	if err == nil {
		return
	}
	a.fail(err)
	if codeOf(err) != exitCondition { // the one failure that is meant
		d.failed = errors.Join(d.failed, fmt.Errorf("%s: %w", line, err))
	}
}

// splitLine splits as a shell does, single quotes only.
func splitLine(line string) []string {
	var words []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			words = append(words, part)
			continue
		}
		words = append(words, strings.Fields(part)...)
	}
	return words
}

const nextInMemory = `
  ddb demo --keep                     the same shop in the local store, for you to work on
  ddb query Orders c#001 --local      … for example like this
  ddb local start --port 8000         a DynamoDB for any SDK, in any language
  ddb serve-mcp --local               a sandbox for your assistant
  ddb modeling prompt                 the data modeling expert, as a prompt
  ddb table list --profile PROFILE    your own tables, on AWS
  ddb --help                          everything else
`

const nextOnDisk = `
  ddb query Orders c#001 --local      one customer's orders
  ddb scan Products --local           all products
  ddb delete Customers c#001 --local  it asks first
  ddb local start --port 8000         the same data for any SDK
  ddb serve-mcp --local               and for your assistant
  ddb local reset                     empty it again
`

func (d *demo) next() string {
	if d.keep {
		return d.app.strong("The shop is yours") + nextOnDisk
	}
	return d.app.strong("Try next") + nextInMemory
}

func (a *app) strong(s string) string { return a.onOut("1", s) }

func (a *app) faint(s string) string { return a.onOut("2", s) }

func (a *app) onOut(sgr, s string) string {
	if !a.color(a.io.OutTerminal) {
		return s
	}
	return "\x1b[" + sgr + "m" + s + "\x1b[0m"
}

// load makes the tables, in the place of older ones of the same name, and puts the items in.
func (d *demo) load() error {
	a := newApp(d.app.io)
	a.cfg, a.loaded, a.handler = d.cfg, true, d.handler
	a.flags.yes = true
	env, err := a.env(d.ctx)
	if err != nil {
		return err
	}
	for _, t := range shop() {
		if d.keep {
			if err := d.replace(a, env, t.create.TableName); err != nil {
				return err
			}
		}
		if _, err := table.Create.Call(d.ctx, env, t.create); err != nil {
			return err
		}
		if t.ttl != "" {
			if err := enableTTL(d.ctx, env, t.create.TableName, t.ttl); err != nil {
				return err
			}
		}
		s, err := a.schema(d.ctx, t.create.TableName, "")
		if err != nil {
			return err
		}
		w := &batchWriter{ctx: d.ctx, env: env, table: t.create.TableName, schema: s}
		for _, it := range t.items {
			if err := w.add(0, it); err != nil {
				return err
			}
		}
		if err := w.flush(); err != nil {
			return err
		}
	}
	return nil
}

// replace removes a shop that an earlier demo left, and refuses where the table is not one of those.
func (d *demo) replace(a *app, env *op.Env, name string) error {
	old, err := table.Describe.Call(d.ctx, env, &table.DescribeInput{TableName: name})
	var e *op.Error
	if errors.As(err, &e) && codes[e.Code] == exitNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if !demoTable(d.ctx, env, old) {
		return &op.Error{Code: "ResourceInUseException", Message: fmt.Sprintf("the local store has a table %s that is not the demo's", name), Hint: "name another folder with --data, or leave --keep out"}
	}
	if _, err := table.Delete.Call(d.ctx, env, &table.DeleteInput{TableName: name}); err != nil {
		return err
	}
	return a.waitGone(d.ctx, env, name, waiting{})
}
