package cmd

import (
	"context"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/ops/item"
)

func deleteCommand(a *app) *cobra.Command {
	var (
		w     writeFlags
		every many
	)
	c := &cobra.Command{
		Use: "delete TABLE KEY…|-|@FILE", Short: "Delete one item, or many [API: DeleteItem, BatchWriteItem]",
		Long: heredoc.Doc(`
			Delete one item by its key, all items of a condition with --where, or with - or @file those whose keys are in it: JSON
			lines, CSV, or lines that are a key of one part. On a terminal ddb asks first; in a script --yes is needed.
			Deleting what is not there is no error, unless --if-exists is given.

			[API: DeleteItem, BatchWriteItem]
		`),
		Example: example(`
			ddb delete Orders c#1 2026-01-01 --yes
			ddb delete Orders c#1 2026-01-01 --if 'status = "cancelled"' --return old --yes
			ddb delete Orders --where 'customer = "c#1"' --yes
			ddb delete Orders --where 'status = "cancelled"' --dry-run
		`),
		Args: a.needTable, ValidArgsFunction: completeTables(a),
	}
	f := c.Flags()
	every.define(f, "delete")
	formatFlag(c, &every.format)
	w.define(a, f, "none", "old")
	c.RunE = func(c *cobra.Command, args []string) error {
		in := &item.DeleteInput{}
		if all, err := every.wanted(args[1:], w.key); err != nil {
			return err
		} else if all {
			return a.writeMany(c, args, &w, func(ctx context.Context, table, condition string) error {
				in.TableName = table
				return a.deleteMany(ctx, &every, in, &w.e, condition, args[1:])
			})
		}
		return a.write(c, args, &w, func(ctx context.Context, to *writing) (written, error) {
			in.TableName, in.Key, in.ConditionExpression, in.ReturnValues = to.table, to.key, to.condition, to.returns
			in.Accounting, in.Collections = to.accounting, to.collections
			in.ExpressionAttributeNames, in.ExpressionAttributeValues = w.e.holders.Names, w.e.holders.Values
			out, err := item.Delete.Call(ctx, to.env, in)
			if err != nil {
				return written{}, err
			}
			return written{a.deleted(out, to.returns, w.x), out.Attributes, out.ConsumedCapacity, out.ItemCollectionMetrics}, nil
		})
	}
	return c
}

// deleted says how many items went, "" where that is not known: the service answers the same where there was none. It is told by the item that
// was wanted back, by --if-exists, and by the look that came before the question.
func (a *app) deleted(out *dynamodb.DeleteItemOutput, returns types.ReturnValue, x existence) string {
	looked := a.there != nil
	switch {
	case out.Attributes != nil, x.exists, looked && *a.there:
		return counted(1, "item")
	case returns == types.ReturnValueAllOld, looked:
		return counted(0, "item")
	}
	return ""
}
