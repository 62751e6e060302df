package cmd

import (
	"fmt"
	"strings"
	"time"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
)

// getting is one ddb get: its flags, and the run.
type getting struct {
	app        *app
	e          expressions
	key        string
	format     string
	consistent bool
}

func getCommand(a *app) *cobra.Command {
	g := &getting{app: a}
	c := &cobra.Command{
		Use: "get TABLE KEY…|-|@FILE", Short: "Get one item by its key, or many [API: GetItem, BatchGetItem]",
		Long: heredoc.Doc(`
			Get one item by its key. The parts of the key stand as positions, in the order of the table's key schema.
			An item that is not there prints nothing and exits with 3.

			With - or @file the keys of any number of items are read: JSON lines, CSV, or lines that are a key of one part. The items
			come in the order of their keys, by BatchGetItem; where some are not there, the exit code is 3.

			[API: GetItem, BatchGetItem]
		`),
		Example: example(`
			ddb get Orders c#1 2026-01-01
			ddb get Orders c#1 2026-01-01 --project 'total, lines[0].sku' -o yaml
			ddb get Orders --key '{"customer":"c#1","placed":"2026-01-01"}' --consistent
			ddb get Orders @keys.csv
		`),
		Args: a.needTable, ValidArgsFunction: completeTables(a),
	}
	f := c.Flags()
	f.StringVarP(&g.key, "key", "k", "", "the key as name=value,name=value or JSON")
	f.BoolVar(&g.consistent, "consistent", false, "see all writes before this moment, at twice the cost")
	formatFlag(c, &g.format)
	g.e.projectionFlags(f)
	g.e.placeholders(f)
	explainFlag(a, f)
	a.flags.returns.define(f)
	c.RunE = g.run
	return spread(c, placesItems, "")
}

func (g *getting) run(c *cobra.Command, args []string) error {
	a := g.app
	ctx, cancel := a.timeout(c.Context())
	defer cancel()
	p, err := a.printer()
	if err != nil {
		return err
	}
	in := &item.GetInput{}
	if in.Accounting, err = a.flags.returns.accounting(); err != nil {
		return err
	}
	if in.TableName, err = a.table(args[0]); err != nil {
		return err
	}
	if err := g.e.load(a); err != nil {
		return err
	}
	if in.ProjectionExpression, err = g.e.projectionText(); err != nil {
		return err
	}
	if g.consistent {
		in.ConsistentRead = &g.consistent
	}
	if isSource(args[1:]) && g.key == "" {
		in.ExpressionAttributeNames = g.e.holders.Names
		return a.getMany(ctx, in, args[1], g.format)
	}
	k, s, err := a.key(ctx, in.TableName, args[1:], g.key)
	if err != nil {
		return err
	}
	in.Key, in.ExpressionAttributeNames = k, g.e.holders.Names
	env, err := a.callEnv(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	out, err := item.Get.Call(ctx, env, in)
	if done, err := a.showDry(err); done {
		return err
	}
	if err != nil {
		return err
	}
	found := 1
	if out.Item == nil {
		found = 0
	}
	a.spent(counted(found, "item"), out.ConsumedCapacity, time.Since(began))
	if out.Item == nil {
		return &op.Error{Code: codeMissing, Message: "no item with this key in " + in.TableName, Hint: spelledKey(args[1:], k)}
	}
	one := s.ordered(out.Item)
	seen := a.glance()
	seen.at(one)
	seen.keep(a, in.TableName)
	if err := p.Item(one); err != nil {
		return err
	}
	return p.Flush()
}

// spelledKey is the hint where a key was given as NAME=VALUE, which as a position is a value: ddb get Users id=1.
func spelledKey(given []string, key attr.Item) string {
	for i, text := range given {
		if i < len(key) && strings.HasPrefix(text, key[i].Name+"=") {
			return fmt.Sprintf("the value of %s was taken to be %q: a key is typed without names, or with --key %s", key[i].Name, text, strings.Join(given, ","))
		}
	}
	return ""
}

// needTable checks that the first position is there. Where more positions follow, a default table cannot stand in unsaid.
func (a *app) needTable(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return nil
	}
	hint := "usage: " + c.UseLine()
	a.set = c.Flags()
	if cfg, err := a.config(); err == nil && cfg.Table != "" {
		hint = "the default table " + cfg.Table + " is written as a dot: " + c.CommandPath() + " . …"
	}
	return usage("TABLE is missing", hint)
}
