package cmd

import (
	"context"
	"fmt"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
)

func scanPages(ctx context.Context, env *op.Env, in *query.ScanInput) fetch {
	return func(start attr.Item, limit *int32) (page, error) {
		in.ExclusiveStartKey, in.Limit = start, limit
		out, err := query.Scan.Call(ctx, env, in)
		if err != nil {
			return page{}, err
		}
		return page{out.Items, int(out.Count), int(out.ScannedCount), nextKey(out.LastEvaluatedKey), false, out.ConsumedCapacity}, nil
	}
}

func scanCommand(a *app) *cobra.Command {
	var (
		r               reading
		segment, segsOf int
	)
	c := &cobra.Command{
		Use: "scan [TABLE]", Short: "Read all items of a table or index [API: Scan]",
		Long: heredoc.Doc(`
			Read all items of a table or an index, in no order. Every page is followed, in memory bounded by a page; on a
			terminal ddb stops at 100 items and says how to go on. A filter takes items out after they were read, and paid for.

			A scan that would take more than --scan-budget (10,000 read units, about 80 MB) is asked about, and in a script needs --yes:
			nobody reads a large table by accident. --limit without a filter, --max-items-read, --segment and --start-key say where it ends.

			[API: Scan]
		`),
		Example: example(`
			ddb scan Orders
			ddb scan Orders --filter 'status = "open"' --count
			ddb scan Orders -o csv --columns customer,placed,total
			ddb scan Orders --query '[?total > ` + "`100`" + `].customer'
		`),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(fmt.Sprintf("unexpected argument %q", args[1]), "ddb query reads one partition key; --filter narrows a scan")
			}
			return nil // without one it is the default table
		},
		ValidArgsFunction: completeTables(a),
	}
	f := c.Flags()
	r.define(f)
	f.IntVar(&segment, "segment", -1, "read only segment `N` of --total-segments, counted from 0")
	f.IntVar(&segsOf, "total-segments", 0, "in how many segments the table is read")
	var guard scanFlags
	guard.defineAsking(f)
	explainFlag(a, f)
	a.flags.returns.define(f, false)
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		p, err := a.printer()
		if err != nil {
			return err
		}
		if r.table, err = a.table(append(args, ".")[0]); err != nil {
			return err
		}
		if (segment >= 0) != (segsOf > 0) || segsOf > 0 && segment >= segsOf {
			return usage("--segment and --total-segments go together: segment 0 to N-1 of N", "write: --segment 0 --total-segments 4")
		}
		if err := r.prepare(a); err != nil {
			return err
		}
		in := &query.ScanInput{TableName: r.table, IndexName: r.index}
		if in.Accounting, err = a.flags.returns.accounting(); err != nil {
			return err
		}
		if in.Select, err = r.selection(); err != nil {
			return err
		}
		if r.schema, err = a.schema(ctx, r.table, r.index); err != nil {
			return err
		}
		if r.consistent {
			in.ConsistentRead = &r.consistent
		}
		if segsOf > 0 {
			n, of := int32(segment), int32(segsOf)
			in.Segment, in.TotalSegments = &n, &of
		}
		in.FilterExpression, in.ProjectionExpression = r.filterExpr, r.projectionExpr
		in.ExpressionAttributeNames, in.ExpressionAttributeValues = r.holders.Names, r.holders.Values
		if err := guard.check(); err != nil {
			return err
		}
		if err := guard.admitScan(ctx, a, &r, p.Terminal(), segsOf > 0); err != nil {
			return err
		}
		env, err := a.callEnv(ctx)
		if err != nil {
			return err
		}
		return a.follow(ctx, p, &r, scanPages(ctx, guard.watch(a, env), in))
	}
	c.RunE = a.whileRead(c.RunE)
	return spread(c, placesItems, "")
}
