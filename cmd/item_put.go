package cmd

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/render"
)

func putCommand(a *app) *cobra.Command {
	var (
		e       expressions
		x       existence
		returns returnFlag
		text    string
		format  string
		skip    bool
	)
	c := &cobra.Command{
		Use: "put TABLE ITEM|-|@FILE", Short: "Put an item, or many from a file [API: PutItem, BatchWriteItem]",
		Long: heredoc.Doc(`
			Put an item in the place of one with the same key. The item is plain JSON: see ddb help keys.

			From standard input (-) or a file (@name) come one item, or any number of them, as JSON lines, a JSON array, CSV, TSV
			or YAML: by the name of the file, by --format, or by what the first line looks like. Many items are checked first:
			where a line is no item of this table, it is named, and nothing is written. Then they are written in batches, and
			what the service did not get to is sent again. With --skip-bad good lines are written as they come and bad ones are
			named. What ddb scan writes with -o jsonl, json, csv, tsv or yaml, ddb put - reads back to the same items.

			[API: PutItem, BatchWriteItem]
		`),
		Example: example(`
			ddb put Orders '{"customer":"c#1","placed":"2026-01-01","total":12.5}'
			ddb put Orders '{"customer":"c#1","placed":"2026-01-02","tags":{"SS":["gift"]}}' --if-not-exists
			cat orders.jsonl | ddb put Orders -
			ddb put Orders @orders.csv
			ddb scan Orders | ddb put Copy -
		`),
		ValidArgsFunction: completeTables(a),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 2 {
				hint := "an item with spaces stands in quotes: '{\"id\": 1}'"
				if name, _, pair := strings.Cut(args[1], "="); pair && !strings.HasPrefix(args[1], "{") {
					hint = fmt.Sprintf(`an item is JSON: ddb put %s '{"%s": …}'`, args[0], name)
				}
				return usage(fmt.Sprintf("unexpected argument %q", args[2]), hint)
			}
			return a.needTable(c, args)
		},
	}
	f := c.Flags()
	f.StringVar(&text, "item", "", "the item, instead of the second position")
	f.BoolVar(&skip, "skip-bad", false, "write the good lines of many, and exit with 1 if there were bad ones")
	formatFlag(c, &format)
	e.conditionFlags(f)
	x.define(f)
	x.defineMissing(f)
	returns.define(f, "none", "old")
	e.placeholders(f)
	explainFlag(a, f)
	a.flags.returns.define(f, true)
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 2 {
			text = args[1]
		}
		if text == "" {
			return usage("ITEM is missing", `write it as JSON, or - to read items from standard input`)
		}
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		p, err := a.printer()
		if err != nil {
			return err
		}
		table, err := a.table(args[0])
		if err != nil {
			return err
		}
		if err := e.load(a); err != nil {
			return err
		}
		single := &putting{app: a, table: table, printer: p, e: &e, x: x, returns: returns}
		if single.condition, err = e.conditionText(); err != nil {
			return err
		}
		a.bareWords(ctx, table, &e.holders)
		if text != "-" && text[0] != '@' {
			it, err := a.decodeItem([]byte(text))
			if err != nil {
				return noItem(err, args[0], text)
			}
			return single.put(ctx, it)
		}
		lines, err := a.openRecords(text, format, skip)
		if err != nil {
			return err
		}
		defer func() { _ = lines.Close() }() // it was read only
		if raw, only := lines.Single(); only {
			it, err := a.decodeItem(raw)
			if err != nil {
				return err
			}
			if err := single.put(ctx, it); err != nil || a.dryRun() {
				return err
			}
			a.io.notef("ddb: 1 item written to %s", table)
			return nil
		}
		if single.condition != "" || x.exists || x.missing || returns.text != "" {
			return a.putEach(ctx, single, lines)
		}
		return a.putMany(ctx, table, lines, skip)
	}
	return c
}

// putting writes single items under the command's conditions.
type putting struct {
	app       *app
	table     string
	printer   *render.Printer
	e         *expressions
	x         existence
	returns   returnFlag
	condition string
	quiet     bool // one of many, whose cost is told together
	capacity  *types.ConsumedCapacity
}

func (w *putting) put(ctx context.Context, it attr.Item) error {
	in := &item.PutInput{TableName: w.table, Item: it}
	var err error
	if in.ReturnValues, err = w.returns.value(); err != nil {
		return err
	}
	if in.Accounting, err = w.app.flags.returns.accounting(); err != nil {
		return err
	}
	if in.Collections, err = w.app.flags.returns.collectionMetrics(); err != nil {
		return err
	}
	in.ConditionExpression = w.condition
	if w.x.exists || w.x.missing {
		s, err := w.app.schema(ctx, w.table, "")
		if err != nil {
			return err
		}
		if in.ConditionExpression, err = w.x.condition(w.e, attr.Item{{Name: s.key[0].Name}}, w.condition); err != nil {
			return err
		}
	}
	in.ExpressionAttributeNames, in.ExpressionAttributeValues = w.e.holders.Names, w.e.holders.Values
	env, err := w.app.callEnv(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	out, err := item.Put.Call(ctx, env, in)
	if done, err := w.app.showDry(err); done {
		return err
	}
	if err != nil {
		return err
	}
	w.app.collection(out.ItemCollectionMetrics)
	if !w.quiet {
		w.app.spent("1 item", out.ConsumedCapacity, time.Since(began))
	}
	w.capacity = op.SumCapacity(w.capacity, out.ConsumedCapacity)
	if out.Attributes == nil {
		return nil
	}
	if err := w.printer.Item((*schema)(nil).ordered(out.Attributes)); err != nil {
		return err
	}
	return w.printer.Flush()
}

// noItem says of a text that is no item what was perhaps meant by it.
func noItem(err error, table, text string) error {
	name, _, pair := strings.Cut(text, "=")
	info, missing := os.Stat(text)
	switch {
	case strings.HasPrefix(text, "["):
		return usage(err.Error(), "many items come from a file or a pipe: ddb put "+table+" @FILE, or -")
	case missing == nil && info.Mode().IsRegular():
		return usage(err.Error(), "a file is named with @: ddb put "+table+" @"+text)
	case strings.HasPrefix(text, "{'"):
		return usage(err.Error(), "JSON has double quotes, and the whole stands in single ones: '{\"id\": \"1\"}'")
	case pair && !strings.HasPrefix(text, "{"):
		return usage(err.Error(), fmt.Sprintf(`an item is JSON: ddb put %s '{"%s": …}'`, table, name))
	}
	return err
}
