package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// A sqlPlan is what the service will do for a statement, as far as keys tell it.
type sqlPlan struct {
	table, index string
	described    *types.TableDescription
	whole        bool   // everything is read
	why          string // in words
	values       int    // of the partition key
	write        bool
	lacking      []string // of a DELETE: parts of the key that WHERE does not name
}

// planSQL tells what a statement will do. It is nil for what is no statement, and where the table cannot be described: the service will say what is wrong.
func planSQL(ctx context.Context, env *op.Env, text string) *sqlPlan {
	s, err := partiql.Parse(text)
	if err != nil {
		return nil
	}
	var from partiql.Source
	var where partiql.Expr
	p := &sqlPlan{values: 1, write: !partiql.IsRead(s)}
	switch s := s.(type) {
	case *partiql.Select:
		from, where = s.From, s.Where
	case *partiql.Exists:
		from, where = s.Select.From, s.Select.Where
	case *partiql.Insert:
		from, p.why = s.Into, "a put of one item; it fails where there is an item with this key"
	case *partiql.Update:
		from, p.why = s.Table, "an update of the one item with this key; it fails where there is none"
	case *partiql.Delete:
		from, p.why = s.From, "a delete of the one item with this key"
	}
	p.table, p.index = from.Table, from.Index
	if p.described, err = table.Describe.Call(ctx, env, &table.DescribeInput{TableName: p.table}); err != nil {
		return nil
	}
	if !p.write {
		p.read(where)
	}
	if s, ok := s.(*partiql.Delete); ok {
		hash, sort := p.keys()
		compared := partiql.Compared(s.Where)
		for _, part := range slices.Concat(hash, sort) {
			if compared[part] == 0 {
				p.lacking = append(p.lacking, part)
			}
		}
	}
	return p
}

// read finds out whether the condition names the partition key of what is read from.
func (p *sqlPlan) read(where partiql.Expr) {
	hash, sort := p.keys()
	compared := partiql.Compared(where)
	name := "the table"
	if p.index != "" {
		name = "index " + p.index
	}
	var lacking, named []string
	for _, part := range hash {
		n, ok := compared[part]
		if !ok {
			lacking = append(lacking, part)
			continue
		}
		named = append(named, part)
		p.values *= n
	}
	if len(lacking) > 0 || len(hash) == 0 {
		p.whole = true
		p.why = fmt.Sprintf("a scan of %s: WHERE names no value of its partition key %s by = or IN", name, strings.Join(lacking, ", "))
		for _, other := range slices.Sorted(maps.Keys(compared)) {
			for _, x := range p.described.GlobalSecondaryIndexes {
				if len(x.KeySchema) > 0 && x.KeySchema[0].AttributeName != nil && *x.KeySchema[0].AttributeName == other && p.index != *x.IndexName {
					p.why += fmt.Sprintf(`; FROM "%s"."%s" would be a query by %s`, p.table, *x.IndexName, other)
				}
			}
		}
		return
	}
	kind := "a query of " + name
	if p.values > 1 {
		kind = fmt.Sprintf("%d queries of %s", p.values, name)
	}
	p.why = fmt.Sprintf("%s: %s is its partition key", kind, strings.Join(named, " and "))
	for _, part := range sort {
		if _, ok := compared[part]; ok {
			p.why += ", " + part + " its sort key"
		}
	}
}

// keys are the names of the key's parts of what is read from.
func (p *sqlPlan) keys() (hash, sort []string) {
	key := p.described.KeySchema
	if p.index != "" {
		key = nil
		for _, x := range p.described.GlobalSecondaryIndexes {
			if *x.IndexName == p.index {
				key = x.KeySchema
			}
		}
		for _, x := range p.described.LocalSecondaryIndexes {
			if *x.IndexName == p.index {
				key = x.KeySchema
			}
		}
	}
	h, s := parts(key, map[string]attr.Kind{})
	for _, part := range h {
		hash = append(hash, part.Name)
	}
	for _, part := range s {
		sort = append(sort, part.Name)
	}
	return hash, sort
}

// cost is what the statement takes, in a transaction or alone, and what that goes by.
func (p *sqlPlan) cost(consistent, transaction bool) (query.Cost, string) {
	var cost query.Cost
	basis := "one item of the table's average size"
	switch {
	case p.write:
		cost = query.WriteCost(p.described, 1, 0)
		basis += ", and one write for each index"
	case p.whole:
		cost = query.ScanCost(p.described, p.index, consistent)
		basis = "all of it, as the service last counted it"
	default:
		cost = query.GetCost(p.described, int64(p.values), consistent || transaction)
		basis = "at least: an item for each value of the key"
	}
	if transaction {
		cost.Units *= 2
		basis += "; twice that in a transaction"
	}
	return cost, basis
}

// explainSQL adds plan and estimate to the request of one statement, or of several in a transaction.
func (a *app) explainSQL(r *dryRequest) {
	var in struct {
		Statement          string
		ConsistentRead     bool
		TransactStatements []struct{ Statement string }
	}
	if err := json.Unmarshal(r.Request, &in); err != nil {
		return
	}
	statements := []string{in.Statement}
	transaction := len(in.TransactStatements) > 0
	if transaction {
		statements = nil
		for _, s := range in.TransactStatements {
			statements = append(statements, s.Statement)
		}
	}
	env, err := a.env(context.Background())
	if err != nil {
		return
	}
	var plans []string
	total := estimate{}
	for _, s := range statements {
		p := planSQL(context.Background(), env, s)
		if p == nil {
			return
		}
		cost, basis := p.cost(in.ConsistentRead, transaction)
		plans = append(plans, p.why)
		total.Units += cost.Units
		total.Unit, total.Basis = "read", basis
		if p.write {
			total.Unit = "write"
		}
	}
	if len(statements) > 1 {
		total.Basis = "the sum of the statements, " + total.Basis
	}
	r.Plan, r.Estimate = strings.Join(plans, "; "), &total
}

// admitSQL is the guard's word on a SELECT that reads everything. Statements that are no such, and tables that cannot be described, pass.
func (s *scanFlags) admitSQL(ctx context.Context, a *app, env *op.Env, statement string, consistent bool, items int64) error {
	if s.mode == scanGuardOff || a.dryRun() {
		return nil
	}
	p := planSQL(ctx, env, statement)
	if p == nil || !p.whole {
		return nil
	}
	return s.admit(ctx, a, p.table, whole{
		described: p.described, index: p.index, consistent: consistent, items: items, why: "this is " + p.why + "; ",
		narrower: "name the partition key in WHERE, or stop early with --max-items-read N",
	})
}
