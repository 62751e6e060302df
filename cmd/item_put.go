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

// putting is one ddb put: its flags, and what writes single items under its conditions.
type putting struct {
	app     *app
	e       expressions
	x       existence
	returns returnFlag
	text    string // the item, or where items are read from
	format  string
	skip    bool // bad lines of many

	table     string
	printer   *render.Printer
	condition string
	quiet     bool // one of many, whose cost is told together
	capacity  *types.ConsumedCapacity
}

func putCommand(a *app) *cobra.Command {
	w := &putting{app: a}
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
	f.StringVar(&w.text, "item", "", "the item, instead of the second position")
	f.BoolVar(&w.skip, "skip-bad", false, "write the good lines of many, and exit with 1 if there were bad ones")
	formatFlag(c, &w.format)
	w.e.conditionFlags(f)
	w.x.define(f)
	w.x.defineMissing(f)
	w.returns.define(f, "none", "old")
	w.e.placeholders(f)
	explainFlag(a, f)
	a.flags.returns.defineWrite(f)
	c.RunE = w.run
	return c
}

func (w *putting) run(c *cobra.Command, args []string) error {
	a := w.app
	if len(args) == 2 {
		w.text = args[1]
	}
	if w.text == "" {
		return usage("ITEM is missing", `write it as JSON, or - to read items from standard input`)
	}
	ctx, cancel := a.timeout(c.Context())
	defer cancel()
	var err error
	if w.printer, err = a.printer(); err != nil {
		return err
	}
	if w.table, err = a.table(args[0]); err != nil {
		return err
	}
	if err := w.e.load(a); err != nil {
		return err
	}
	if w.condition, err = w.e.conditionText(); err != nil {
		return err
	}
	a.bareWords(ctx, w.table, &w.e.holders)
	if w.text != "-" && w.text[0] != '@' {
		it, err := a.decodeItem([]byte(w.text))
		if err != nil {
			return noItem(err, args[0], w.text)
		}
		return w.put(ctx, it)
	}
	lines, err := a.openRecords(w.text, w.format, w.skip)
	if err != nil {
		return err
	}
	defer func() { _ = lines.Close() }() // it was read only
	if raw, only := lines.Single(); only {
		it, err := a.decodeItem(raw)
		if err != nil {
			return err
		}
		if err := w.put(ctx, it); err != nil || a.dryRun() {
			return err
		}
		a.io.notef("ddb: 1 item written to %s", w.table)
		return nil
	}
	if w.condition != "" || w.x.exists || w.x.missing || w.returns.text != "" {
		return a.putEach(ctx, w, lines)
	}
	return a.putMany(ctx, w.table, lines, w.skip)
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
		if in.ConditionExpression, err = w.x.condition(&w.e, attr.Item{{Name: s.key[0].Name}}, w.condition); err != nil {
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
