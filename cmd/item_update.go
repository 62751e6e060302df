package cmd

import (
	"context"
	"errors"
	"strings"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
)

func updateCommand(a *app) *cobra.Command {
	var (
		w       writeFlags
		clauses attr.UpdateClauses
		every   many
		raw     string
	)
	c := &cobra.Command{
		Use: "update TABLE KEY…|-|@FILE", Short: "Change attributes of an item, or of many [API: UpdateItem]",
		Long: heredoc.Doc(`
			Change attributes of one item, or make the item. Attributes are written with their names and values with literals;
			reserved words and nested paths need no care. See: ddb help expressions

			With --where all items of a condition are changed, or with - or @file those whose keys are in it; ddb asks first, and
			in a script --yes is needed. Each is changed only if the condition still holds of it.

			[API: UpdateItem]
		`),
		Example: example(`
			ddb update Orders c#1 2026-01-01 --set 'status="paid"' --add version=1 --remove note
			ddb update Orders c#1 2026-01-01 --set 'total = total + 2.5' --if 'status = "open"' --return new
			ddb update Orders c#1 2026-01-01 --set 'log = list_append(if_not_exists(log, []), ["seen"])'
			ddb update Orders c#1 2026-01-01 --add 'tags=["gift"]'
			ddb update Orders c#1 2026-01-01 --delete 'tags=["new"]' --return updated-new
			ddb update Orders --where 'status = "open"' --set 'status="late"' --yes
		`),
		Args: a.needTable, ValidArgsFunction: completeTables(a),
	}
	f := c.Flags()
	f.StringArrayVar(&clauses.Set, "set", nil, `'path = value, …'; also list_append(…), if_not_exists(…), + and -`)
	f.StringArrayVar(&clauses.Add, "add", nil, `'path = number' to add, 'path = ["a"]' to put into a set`)
	f.StringArrayVar(&clauses.Remove, "remove", nil, `'path, …' to take away`)
	f.StringArrayVar(&clauses.Delete, "delete", nil, `'path = ["a"]' to take out of a set`)
	f.StringVar(&raw, "update-expression", "", "the same in the API's own language")
	every.define(f, "change")
	formatFlag(c, &every.format)
	w.define(a, f, "none", "old", "new", "updated-old", "updated-new")
	c.RunE = func(c *cobra.Command, args []string) error {
		in := &item.UpdateInput{UpdateExpression: raw}
		if !clauses.Empty() && raw != "" {
			return usage("--update-expression stands alone", "leave it, or --set, --add, --remove and --delete, out")
		}
		if clauses.Empty() && raw == "" {
			return usage("nothing to change", `say what: --set 'status="paid"', --add version=1, --remove note`)
		}
		translate := func() (err error) {
			if !clauses.Empty() {
				in.UpdateExpression, err = w.e.holders.Update(clauses)
			}
			if syntax, ok := errors.AsType[*attr.SyntaxError](err); ok && syntax.Clause != "" {
				return inFlag(syntax.Clause, err)
			}
			return err
		}
		if all, err := every.wanted(args[1:], w.key); err != nil {
			return err
		} else if all {
			return a.writeMany(c, args, &w, func(ctx context.Context, table, condition string) error {
				if err := translate(); err != nil {
					return err
				}
				in.TableName = table
				return a.updateMany(ctx, &every, in, &w.e, condition, args[1:])
			})
		}
		return a.write(c, args, &w, func(ctx context.Context, to *writing) (written, error) {
			if err := translate(); err != nil {
				return written{}, err
			}
			in.TableName, in.Key, in.ConditionExpression, in.ReturnValues = to.table, to.key, to.condition, to.returns
			in.Accounting, in.Collections = to.accounting, to.collections
			in.ExpressionAttributeNames, in.ExpressionAttributeValues = w.e.holders.Names, w.e.holders.Values
			out, err := item.Update.Call(ctx, to.env, in)
			if err != nil {
				return written{}, explainUpdate(err)
			}
			return written{"1 item", out.Attributes, out.ConsumedCapacity, out.ItemCollectionMetrics}, nil
		})
	}
	return c
}

// explainUpdate adds the likeliest reason to a message that puzzles: a text without its quotes is read as the name of an attribute.
func explainUpdate(err error) error {
	if e, ok := errors.AsType[*op.Error](err); ok && e.Hint == "" && strings.Contains(e.Message, "refers to an attribute that does not exist") {
		e.Hint = `text stands in quotes: --set 'status="paid"'; for a first value write if_not_exists(n, 0)`
	}
	return err
}
