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

// scanning is one ddb scan: its flags, and the run.
type scanning struct {
	app             *app
	r               reading
	guard           scanFlags
	segment, segsOf int
}

func scanCommand(a *app) *cobra.Command {
	sc := &scanning{app: a}
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
	sc.r.define(f)
	f.IntVar(&sc.segment, "segment", -1, "read only segment `N` of --total-segments, counted from 0")
	f.IntVar(&sc.segsOf, "total-segments", 0, "in how many segments the table is read")
	sc.guard.defineAsking(f)
	explainFlag(a, f)
	a.flags.returns.define(f)
	c.RunE = a.whileRead(sc.run)
	return spread(c, placesItems, "")
}

func (sc *scanning) run(c *cobra.Command, args []string) error {
	a := sc.app
	ctx, cancel := a.timeout(c.Context())
	defer cancel()
	p, err := a.printer()
	if err != nil {
		return err
	}
	if sc.r.table, err = a.table(append(args, ".")[0]); err != nil {
		return err
	}
	if (sc.segment >= 0) != (sc.segsOf > 0) || sc.segsOf > 0 && sc.segment >= sc.segsOf {
		return usage("--segment and --total-segments go together: segment 0 to N-1 of N", "write: --segment 0 --total-segments 4")
	}
	if err := sc.r.prepare(a); err != nil {
		return err
	}
	in := &query.ScanInput{TableName: sc.r.table, IndexName: sc.r.index}
	if in.Accounting, err = a.flags.returns.accounting(); err != nil {
		return err
	}
	if in.Select, err = sc.r.selection(); err != nil {
		return err
	}
	if sc.r.schema, err = a.schema(ctx, sc.r.table, sc.r.index); err != nil {
		return err
	}
	if sc.r.consistent {
		in.ConsistentRead = &sc.r.consistent
	}
	if sc.segsOf > 0 {
		n, of := int32(sc.segment), int32(sc.segsOf)
		in.Segment, in.TotalSegments = &n, &of
	}
	in.FilterExpression, in.ProjectionExpression = sc.r.filterExpr, sc.r.projectionExpr
	in.ExpressionAttributeNames, in.ExpressionAttributeValues = sc.r.holders.Names, sc.r.holders.Values
	if err := sc.guard.check(); err != nil {
		return err
	}
	if err := sc.guard.admitScan(ctx, a, &sc.r, p.Terminal(), sc.segsOf > 0); err != nil {
		return err
	}
	env, err := a.callEnv(ctx)
	if err != nil {
		return err
	}
	return a.follow(ctx, p, &sc.r, scanPages(ctx, sc.guard.watch(a, env), in))
}
