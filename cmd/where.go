package cmd

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/planner"
	"github.com/ddb-cli/ddb/internal/render"
)

// largeTable is the size in bytes from which reading the whole of a table is not done by accident: some thousand read units.
const largeTable = 100 << 20

func (r *reading) whereFlags(f *pflag.FlagSet) {
	f.StringVar(&r.where, "where", "", `find the key in this condition: 'status = "open" and placed > "2026"'`)
	f.BoolVar(&r.scan, "scan", false, "read the whole of a large table where --where has no key in it")
}

// A lookup is the way to the items of a --where: a plan, and the calls that carry it out.
type lookup struct {
	plan  *planner.Plan
	pages fetch
}

// queryWhere prints the items of r.where.
func (a *app) queryWhere(ctx context.Context, p *render.Printer, r *reading, reverse bool) error {
	if err := r.prepare(a); err != nil {
		return err
	}
	env, err := a.callEnv(ctx)
	if err != nil {
		return err
	}
	l, err := a.lookup(ctx, env, r, reverse)
	if err != nil {
		return err
	}
	return a.follow(ctx, p, r, l.pages)
}

// lookup plans r.where: which index, and what is left to filter. It says on standard error what it does and why.
func (a *app) lookup(ctx context.Context, env *op.Env, r *reading, reverse bool) (*lookup, error) {
	terms, err := attr.Terms(r.where)
	if err != nil {
		return nil, inFlag("where", err)
	}
	if r.schema, err = a.schema(ctx, r.table, r.index); err != nil {
		return nil, err
	}
	wanted := planner.Wanted{Terms: terms, Consistent: r.consistent, Chosen: r.index != "", Attributes: r.attributes()}
	plan := planner.Choose(r.schema.accesses(r.index), wanted)
	if plan.Scan {
		return a.scanWhere(ctx, env, r, plan)
	}
	a.planned = plan.Why
	if !a.flags.explain {
		a.io.notef("ddb: %s", plan.Why)
	}
	if plan.Access.Index != r.index {
		if r.schema, err = r.schema.of(plan.Access.Index); err != nil {
			return nil, err
		}
	}
	in := &query.QueryInput{TableName: r.table, IndexName: plan.Access.Index, KeyConditionExpression: plan.KeyCondition(&r.holders)}
	if in.Accounting, err = a.flags.returns.accounting(); err != nil {
		return nil, err
	}
	if plan.Filter != "" {
		filter, err := r.holders.Condition(plan.Filter)
		if err != nil {
			return nil, inFlag("where", err)
		}
		r.filterExpr = both(r.filterExpr, filter)
	}
	if in.Select, err = r.selection(); err != nil {
		return nil, err
	}
	if plan.Partial && !plan.Access.Global && in.Select == "" && r.projectionExpr == "" {
		in.Select = types.SelectAllAttributes
	}
	if len(plan.Beyond) > 0 {
		within := r.keep
		r.keep = func(it attr.Item) bool { return plan.Keep(it) && (within == nil || within(it)) }
		if r.count && within == nil { // only items can be told apart, so their keys are fetched
			in.Select, r.projectionExpr = "", r.holders.Name(plan.Access.Sort[len(plan.Sort)-1].Name)
		}
	}
	r.fill(in, reverse)
	return &lookup{plan, queryPages(ctx, env, in)}, nil
}

// scanWhere reads everything, where that is little or was asked for.
func (a *app) scanWhere(ctx context.Context, env *op.Env, r *reading, plan *planner.Plan) (*lookup, error) {
	cost := query.ScanCost(r.schema.described, r.index, r.consistent)
	if r.guard != nil && !r.scan {
		err := r.guard.admit(ctx, a, r.table, whole{
			described: r.schema.described, index: r.index, consistent: r.consistent,
			why: "no key is in the condition, so ", narrower: "name a partition key in --where; " + strings.Join(plan.Reasons, "; "),
		})
		if err != nil {
			return nil, err
		}
	} else if cost.Bytes > largeTable && !r.scan && !a.flags.explain {
		return nil, &op.Error{
			Code:    codeScanRefused,
			Message: fmt.Sprintf("no key is in the condition, so all of %s would be read: %s\n  %s", r.table, cost, strings.Join(plan.Reasons, "\n  ")),
			Hint:    "add --scan to read it all the same, or name a partition key in --where",
		}
	}
	a.planned = fmt.Sprintf("a scan of all of %s (%s): %s", r.table, cost, strings.Join(plan.Reasons, "; "))
	if !a.flags.explain {
		a.io.notef("ddb: %s", a.planned)
	}
	filter, err := r.holders.Condition(r.where)
	if err != nil {
		return nil, inFlag("where", err)
	}
	r.filterExpr = both(r.filterExpr, filter)
	in := &query.ScanInput{TableName: r.table, IndexName: r.index, FilterExpression: r.filterExpr, ProjectionExpression: r.projectionExpr}
	if in.Accounting, err = a.flags.returns.accounting(); err != nil {
		return nil, err
	}
	if in.Select, err = r.selection(); err != nil {
		return nil, err
	}
	if r.consistent {
		in.ConsistentRead = &r.consistent
	}
	in.ExpressionAttributeNames, in.ExpressionAttributeValues = r.holders.Names, r.holders.Values
	return &lookup{plan, scanPages(ctx, env, in)}, nil
}

// attributes are the top-level attributes that are asked for: nil for all, none for a count.
func (r *reading) attributes() []string {
	switch {
	case r.count:
		return []string{}
	case r.proj == "":
		return nil
	}
	var holders attr.Placeholders
	if _, err := holders.Projection(r.proj); err != nil {
		return nil
	}
	return slices.Collect(maps.Values(holders.Names))
}

// accesses are the table and its indexes as the planner sees them, or the one index asked for.
func (s *schema) accesses(only string) []planner.Access {
	all := make([]planner.Access, 0, 4)
	add := func(name string, global bool, key []types.KeySchemaElement, projection *types.Projection, busy string) {
		if only != "" && name != only {
			return
		}
		x := planner.Access{Index: name, Global: global, Busy: busy}
		x.Hash, x.Sort = parts(key, s.kinds)
		if projection != nil && projection.ProjectionType != types.ProjectionTypeAll {
			for _, p := range slices.Concat(s.key, x.Hash, x.Sort) {
				x.Holds = append(x.Holds, p.Name)
			}
			x.Holds = append(x.Holds, projection.NonKeyAttributes...)
		}
		all = append(all, x)
	}
	d := s.described
	add("", false, d.KeySchema, nil, "")
	for _, x := range d.LocalSecondaryIndexes {
		add(aws.ToString(x.IndexName), false, x.KeySchema, x.Projection, "")
	}
	for _, x := range d.GlobalSecondaryIndexes {
		busy := ""
		if x.IndexStatus == types.IndexStatusCreating || x.IndexStatus == types.IndexStatusDeleting {
			busy = string(x.IndexStatus)
		}
		add(aws.ToString(x.IndexName), true, x.KeySchema, x.Projection, busy)
	}
	return all
}

// of is the schema with the key of an index.
func (s *schema) of(index string) (*schema, error) {
	for _, x := range s.accesses(index) {
		if x.Index == index {
			other := *s
			other.hash, other.sort = x.Hash, x.Sort
			return &other, nil
		}
	}
	return nil, errors.New("the index " + index + " is not there")
}
