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

// updating is what an update was asked to do, and how.
type updating struct {
	app     *app
	w       writeFlags
	clauses attr.UpdateClauses
	every   many
	raw     string // --update-expression
}

func updateCommand(a *app) *cobra.Command {
	u := &updating{app: a}
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
	f.StringArrayVar(&u.clauses.Set, "set", nil, `'path = value, …'; also list_append(…), if_not_exists(…), + and -`)
	f.StringArrayVar(&u.clauses.Add, "add", nil, `'path = number' to add, 'path = ["a"]' to put into a set`)
	f.StringArrayVar(&u.clauses.Remove, "remove", nil, `'path, …' to take away`)
	f.StringArrayVar(&u.clauses.Delete, "delete", nil, `'path = ["a"]' to take out of a set`)
	f.StringVar(&u.raw, "update-expression", "", "the same in the API's own language")
	u.every.define(f, "change")
	formatFlag(c, &u.every.format)
	u.w.define(a, f, "none", "old", "new", "updated-old", "updated-new")
	c.RunE = u.run
	return c
}

func (u *updating) run(c *cobra.Command, args []string) error {
	a := u.app
	if !u.clauses.Empty() && u.raw != "" {
		return usage("--update-expression stands alone", "leave it, or --set, --add, --remove and --delete, out")
	}
	if u.clauses.Empty() && u.raw == "" {
		return usage("nothing to change", `say what: --set 'status="paid"', --add version=1, --remove note`)
	}
	if all, err := u.every.wanted(args[1:], u.w.key); err != nil {
		return err
	} else if all {
		return a.writeMany(c, args, &u.w, func(ctx context.Context, table, condition string) error {
			expression, err := u.expression()
			if err != nil {
				return err
			}
			return a.updateMany(ctx, &u.every, &item.UpdateInput{TableName: table, UpdateExpression: expression}, &u.w.e, condition, args[1:])
		})
	}
	return a.write(c, args, &u.w, func(ctx context.Context, to *writing) (written, error) {
		expression, err := u.expression()
		if err != nil {
			return written{}, err
		}
		out, err := item.Update.Call(ctx, to.env, &item.UpdateInput{
			TableName: to.table, Key: to.key, UpdateExpression: expression, ConditionExpression: to.condition, ReturnValues: to.returns,
			Accounting: to.accounting, Collections: to.collections,
			ExpressionAttributeNames: u.w.e.holders.Names, ExpressionAttributeValues: u.w.e.holders.Values,
		})
		if err != nil {
			return written{}, explainUpdate(err)
		}
		return written{"1 item", out.Attributes, out.ConsumedCapacity, out.ItemCollectionMetrics}, nil
	})
}

// expression is the update in the API's language. Its placeholders join those of the condition.
func (u *updating) expression() (string, error) {
	if u.raw != "" {
		return u.raw, nil
	}
	text, err := u.w.e.holders.Update(u.clauses)
	if syntax, ok := errors.AsType[*attr.SyntaxError](err); ok && syntax.Clause != "" {
		return "", inFlag(syntax.Clause, err)
	}
	return text, err
}

// explainUpdate adds the likeliest reason to a message that puzzles: a text without its quotes is read as the name of an attribute.
func explainUpdate(err error) error {
	if e, ok := errors.AsType[*op.Error](err); ok && e.Hint == "" && strings.Contains(e.Message, "refers to an attribute that does not exist") {
		e.Hint = `text stands in quotes: --set 'status="paid"'; for a first value write if_not_exists(n, 0)`
	}
	return err
}
