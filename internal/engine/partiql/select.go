package partiql

import (
	"slices"
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// Select is a planned SELECT: the parts of the table or index to read, one after the other, or all of it.
type Select struct {
	Columns []Column                  // nil: everything
	Ranges  []expression.KeyCondition // nil: scan
	Filter  *expression.Condition
	Reverse bool
	// Keyed says that the WHERE clause names the partitions outside of any OR.
	Keyed bool
	// Key is the whole key when the WHERE clause names one item by equality; Alone says that it says nothing else.
	Key   attr.Item
	Alone bool
	// Beside is what the WHERE clause says beside the key, when there is a Key.
	Beside *expression.Condition
}

// Column is one member of the result.
type Column struct {
	Name string // in the result
	Path []partiql.Part
}

// maxPartitions is how many partition keys IN may list (Developer Guide, "PartiQL arithmetic, comparison, and logical
// operators for DynamoDB"); of other attributes it may list expression.MaxInOperands.
const maxPartitions = 50

// PlanSelect plans a prepared SELECT on a table or index with the given key.
func PlanSelect(s *partiql.Select, prepared Prepared, params []attr.Value, schema Schema) (*Select, error) {
	out := &Select{Columns: prepared.Columns}
	p := newPlanner(schema, params)
	list := conjuncts(s.Where)
	for _, x := range list {
		if err := p.checkKeyCondition(x); err != nil {
			return nil, err
		}
	}
	terms, rest, err := p.split(list)
	if err != nil {
		return nil, err
	}
	for name, t := range terms { // one value listed by IN is as good as equality
		if t.op == expression.None && !t.alternatives && len(t.values) == 1 {
			t.op = expression.Eq
			terms[name] = t
		}
	}
	if key, ok := p.key(terms); ok {
		out.Key, out.Alone = key, len(rest) == 0
		if out.Beside, err = newPlanner(schema, params).conjunction(rest, expression.ConditionParameter); err != nil {
			return nil, err
		}
	}
	ranges, used := p.ranges(terms)
	out.Ranges, out.Keyed = ranges, ranges != nil
	for _, a := range schema.Hash {
		t := terms[a.Name]
		if len(t.values) > maxPartitions && !t.alternatives {
			return nil, fail("The IN operator is provided with too many operands; number of operands: " + itoa(len(t.values)))
		}
		out.Keyed = out.Keyed && !t.alternatives
	}
	if ranges == nil {
		rest = list
	} else {
		for _, x := range list {
			if t, ok, _ := p.term(x); ok && !used[t.name] && !slices.Contains(rest, x) {
				rest = append(rest, x)
			}
		}
	}
	if out.Filter, err = p.conjunction(rest, expression.Filter); err != nil {
		return nil, err
	}
	return out, out.order(s, schema)
}

// ranges makes key conditions of the terms; nil when the partition key is not given. used are the attributes whose terms
// the ranges make good.
func (p *planner) ranges(terms map[string]term) (ranges []expression.KeyCondition, used map[string]bool) {
	used = map[string]bool{}
	ranges = []expression.KeyCondition{{}}
	for _, a := range p.schema.Hash {
		t, ok := terms[a.Name]
		if !ok || t.op != expression.Eq && t.op != expression.None {
			return nil, nil
		}
		used[a.Name] = true
		ranges = each(ranges, t.values, func(k *expression.KeyCondition, v attr.Value) { k.Hash = append(slices.Clone(k.Hash), v) })
	}
	for _, a := range p.schema.Range {
		t, ok := terms[a.Name]
		if !ok || t.op == expression.None || t.op == expression.BeginsWith && a.Kind == attr.N {
			break // a list of sort keys filters the partition, which stays in its order
		}
		used[a.Name] = true
		if t.op == expression.Eq {
			ranges = each(ranges, t.values, func(k *expression.KeyCondition, v attr.Value) { k.SortEq = append(slices.Clone(k.SortEq), v) })
			continue
		}
		for i := range ranges {
			ranges[i].Op, ranges[i].A = t.op, t.values[0]
			if t.op == expression.BetweenOp {
				ranges[i].B = t.values[1]
			}
		}
		break
	}
	return ranges, used
}

// each multiplies key conditions by values, each value once.
func each(in []expression.KeyCondition, values []attr.Value, with func(*expression.KeyCondition, attr.Value)) []expression.KeyCondition {
	var distinct []attr.Value
	for _, v := range values {
		if !slices.ContainsFunc(distinct, v.Equal) {
			distinct = append(distinct, v)
		}
	}
	out := make([]expression.KeyCondition, 0, len(in)*len(distinct))
	for _, k := range in {
		for _, v := range distinct {
			next := k
			with(&next, v)
			out = append(out, next)
		}
	}
	return out
}

// order applies ORDER BY: partition keys are put in order among themselves, sort keys within their partition.
func (s *Select) order(stmt *partiql.Select, schema Schema) error {
	if len(stmt.Order) == 0 {
		return nil
	}
	if stmt.Where == nil {
		return fail("Must have WHERE clause in the statement when using ORDER BY clause.")
	}
	if s.Ranges == nil {
		return fail("Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.")
	}
	for _, o := range stmt.Order {
		path, ok := o.By.(*partiql.Path)
		if !ok || len(path.Parts) > 1 {
			return fail("Argument to ORDER BY must be of type VariableReference. Type: " + orderType(o.By))
		}
		name := path.Parts[0].Name
		if _, ok := schema.attribute(name); !ok {
			return fail("Variable reference " + name + " in ORDER BY clause must be part of the primary key")
		}
		if i := slices.IndexFunc(schema.Hash, func(a expression.KeyAttr) bool { return a.Name == name }); i >= 0 {
			slices.SortStableFunc(s.Ranges, func(a, b expression.KeyCondition) int {
				if o.Desc {
					a, b = b, a
				}
				return attr.Compare(a.Hash[i], b.Hash[i])
			})
			continue
		}
		s.Reverse = o.Desc
	}
	return nil
}

// orderType names what ORDER BY cannot order by.
func orderType(x partiql.Expr) string {
	switch x := x.(type) {
	case *partiql.Path:
		return "PATH"
	case *partiql.Parameter:
		return "PARAMETER"
	case *partiql.Literal:
		if x.Value.Kind == attr.S {
			return strconv.Quote(x.Value.Str)
		}
	}
	return x.Token()
}
