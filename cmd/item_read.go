package cmd

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
)

var selectType = reflect.TypeFor[types.Select]()

func queryCommand(a *app) *cobra.Command {
	var (
		r       reading
		reverse bool
		rawKey  string
	)
	c := &cobra.Command{
		Use: "query TABLE PK [SK-CONDITION]", Short: "Read the items of one partition key, or of a condition [API: Query]",
		Long: heredoc.Doc(`
			Read the items of one partition key in the order of their sort keys. The condition on the sort key is a value
			(equal), VALUE* (begins with), >=V and its kin, or V1..V2. See: ddb help keys

			Every page is followed; on a terminal ddb stops at 100 items and says how to go on. --limit is items returned;
			--filter takes items out after they were read, and paid for. --query sees the whole list, --jq item by item.

			With --where there are no positions: ddb finds the partition key in the condition, of the table or of an index, and
			says on standard error which it took and why. Where no key is in it, the table is scanned; one that takes more than
			--scan-budget is asked about, and in a script needs --yes or --scan. See: ddb help expressions

			[API: Query]
		`),
		Example: example(`
			ddb query Orders c#1
			ddb query Orders c#1 2026-01..2026-02 --filter 'total > 100 and status = "open"'
			ddb query Orders open --index ByStatus --reverse --limit 10
			ddb query Orders c#1 '2026-01*' --jq .total
			ddb query Orders --where 'status = "open" and placed > "2026-01"'
			ddb query Orders --where 'status = "open"' --explain
		`),
		Args: a.needTable, ValidArgsFunction: completeTables(a),
	}
	f := c.Flags()
	f.BoolVarP(&reverse, "reverse", "r", false, "the last first")
	f.StringVar(&rawKey, "key-condition-expression", "", "the key condition in the API's own language")
	r.define(f)
	r.whereFlags(f)
	r.guard = new(scanFlags)
	r.guard.defineAsking(f)
	explainFlag(a, f)
	a.flags.returns.define(f, false)
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		p, err := a.printer()
		if err != nil {
			return err
		}
		if r.table, err = a.table(args[0]); err != nil {
			return err
		}
		if err := r.guard.check(); err != nil {
			return err
		}
		if r.where != "" {
			if rawKey != "" || len(args) > 1 {
				return usage("--where finds the key itself, and stands without PK and --key-condition-expression", "narrow it with --filter")
			}
			return a.queryWhere(ctx, p, &r, reverse)
		}
		if rawKey != "" && len(args) > 1 {
			return usage("the key is given twice, by position and by --key-condition-expression", "leave one of them out")
		}
		if rawKey == "" && len(args) == 1 {
			return usage("PK is missing", "a query names a partition key: "+c.UseLine()+", or has it in --where; ddb scan reads everything")
		}
		if err := r.prepare(a); err != nil {
			return err
		}
		in := &query.QueryInput{TableName: r.table, IndexName: r.index, KeyConditionExpression: rawKey}
		if in.Accounting, err = a.flags.returns.accounting(); err != nil {
			return err
		}
		if in.Select, err = r.selection(); err != nil {
			return err
		}
		if r.schema, err = a.schema(ctx, r.table, r.index); err != nil {
			return err
		}
		if rawKey == "" {
			if in.KeyConditionExpression, err = r.keyCondition(args[1:]); err != nil {
				return err
			}
		}
		r.fill(in, reverse)
		env, err := a.callEnv(ctx)
		if err != nil {
			return err
		}
		return a.follow(ctx, p, &r, queryPages(ctx, env, in))
	}
	c.RunE = a.whileRead(c.RunE)
	return spread(c, placesItems, "")
}

// A fetch reads the page that begins behind a key.
type fetch func(start attr.Item, limit *int32) (page, error)

func queryPages(ctx context.Context, env *op.Env, in *query.QueryInput) fetch {
	return func(start attr.Item, limit *int32) (page, error) {
		in.ExclusiveStartKey, in.Limit = start, limit
		out, err := query.Query.Call(ctx, env, in)
		if err != nil {
			return page{}, err
		}
		return page{out.Items, int(out.Count), int(out.ScannedCount), nextKey(out.LastEvaluatedKey), false, out.ConsumedCapacity}, nil
	}
}

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

// nextKey is the key to go on from, nil behind the last page.
func nextKey(key map[string]types.AttributeValue) attr.Item {
	if len(key) == 0 {
		return nil
	}
	return op.FromSDK(key)
}

// keyCondition reads the positions: the parts of the partition key, then conditions on the parts of the sort key.
func (r *reading) keyCondition(args []string) (string, error) {
	s := r.schema
	where := r.table
	if r.index != "" {
		where += " --index " + r.index
	}
	if len(args) < len(s.hash) || len(args) > len(s.hash)+len(s.sort) {
		var words []string
		for _, p := range s.hash {
			words = append(words, strings.ToUpper(p.Name))
		}
		for _, p := range s.sort {
			words = append(words, "["+strings.ToUpper(p.Name)+"]")
		}
		return "", usage(fmt.Sprintf("the key has other parts than the %d given", len(args)), "write it as: ddb query "+where+" "+strings.Join(words, " "))
	}
	var terms []string
	for i, part := range s.hash {
		v, err := attr.ParseKeyText(args[i], part)
		if err != nil {
			return "", usage(err.Error(), "")
		}
		terms = append(terms, r.holders.Name(part.Name)+" = "+r.holders.Value(v))
	}
	for i, text := range args[len(s.hash):] {
		part := s.sort[i]
		condition, err := attr.ParseSortCondition(text, part)
		if err != nil {
			return "", err
		}
		if condition.Op != "=" && i < len(args)-len(s.hash)-1 {
			return "", usage(fmt.Sprintf("only the last part of the sort key may have a range; %s is not the last", part.Name), "")
		}
		terms = append(terms, condition.Expression(&r.holders, part.Name))
	}
	return strings.Join(terms, " AND "), nil
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

// fill puts what all queries have in common into one. It comes last, when every expression has its names and values.
func (r *reading) fill(in *query.QueryInput, reverse bool) {
	if reverse {
		forward := false
		in.ScanIndexForward = &forward
	}
	if r.consistent {
		in.ConsistentRead = &r.consistent
	}
	in.FilterExpression, in.ProjectionExpression = r.filterExpr, r.projectionExpr
	in.ExpressionAttributeNames, in.ExpressionAttributeValues = r.holders.Names, r.holders.Values
}
