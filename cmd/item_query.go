package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
)

// querying is one ddb query: its flags, and the run.
type querying struct {
	app     *app
	r       reading
	reverse bool
	rawKey  string // --key-condition-expression
}

func queryCommand(a *app) *cobra.Command {
	q := &querying{app: a}
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
	f.BoolVarP(&q.reverse, "reverse", "r", false, "the last first")
	f.StringVar(&q.rawKey, "key-condition-expression", "", "the key condition in the API's own language")
	q.r.define(f)
	q.r.whereFlags(f)
	q.r.guard = new(scanFlags)
	q.r.guard.defineAsking(f)
	explainFlag(a, f)
	a.flags.returns.define(f)
	c.RunE = a.whileRead(q.run)
	return spread(c, placesItems, "")
}

func (q *querying) run(c *cobra.Command, args []string) error {
	a := q.app
	ctx, cancel := a.timeout(c.Context())
	defer cancel()
	p, err := a.printer()
	if err != nil {
		return err
	}
	if q.r.table, err = a.table(args[0]); err != nil {
		return err
	}
	if err := q.r.guard.check(); err != nil {
		return err
	}
	if q.r.where != "" {
		if q.rawKey != "" || len(args) > 1 {
			return usage("--where finds the key itself, and stands without PK and --key-condition-expression", "narrow it with --filter")
		}
		return a.queryWhere(ctx, p, &q.r, q.reverse)
	}
	if q.rawKey != "" && len(args) > 1 {
		return usage("the key is given twice, by position and by --key-condition-expression", "leave one of them out")
	}
	if q.rawKey == "" && len(args) == 1 {
		return usage("PK is missing", "a query names a partition key: "+c.UseLine()+", or has it in --where; ddb scan reads everything")
	}
	if err := q.r.prepare(a); err != nil {
		return err
	}
	in := &query.QueryInput{TableName: q.r.table, IndexName: q.r.index, KeyConditionExpression: q.rawKey}
	if in.Accounting, err = a.flags.returns.accounting(); err != nil {
		return err
	}
	if in.Select, err = q.r.selection(); err != nil {
		return err
	}
	if q.r.schema, err = a.schema(ctx, q.r.table, q.r.index); err != nil {
		return err
	}
	if q.rawKey == "" {
		if in.KeyConditionExpression, err = q.r.keyCondition(args[1:]); err != nil {
			return err
		}
	}
	q.r.fill(in, q.reverse)
	env, err := a.callEnv(ctx)
	if err != nil {
		return err
	}
	return a.follow(ctx, p, &q.r, queryPages(ctx, env, in))
}

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
			return "", usage(fmt.Sprintf("only the last part of the sort key may have a range; %s is not the last", part.Name), "write the parts before the last as values")
		}
		terms = append(terms, condition.Expression(&r.holders, part.Name))
	}
	return strings.Join(terms, " AND "), nil
}
