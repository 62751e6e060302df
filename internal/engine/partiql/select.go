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
	// Filters are the attributes that each part is filtered by, in the order of the parts' partitions.
	Filters [][]string
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
		if t.op == expression.None && len(t.values) == 1 {
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
	branches, err := p.branches(s.Where)
	if err != nil {
		return nil, err
	}
	switch {
	case len(branches) > 1 && keyed(branches):
		for _, b := range branches {
			var names []string
			for _, x := range b.filters {
				names = roots(names, x)
			}
			out.Filters = append(out.Filters, names)
		}
		rest = list // each part may hold more than its branch asks for
	case branches != nil && !keyed(branches):
		rest = list
	default:
		var used map[string]bool
		if out.Ranges, used = p.ranges(terms); out.Ranges == nil {
			rest = list
			break
		}
		for _, x := range list {
			if t, ok, _ := p.term(x); ok && !used[t.name] && !slices.Contains(rest, x) {
				rest = append(rest, x)
			}
		}
		var names []string
		for _, x := range rest {
			names = roots(names, x)
		}
		out.Filters, branches = [][]string{names}, nil
	}
	if out.Filter, err = p.conjunction(rest, expression.Filter); err != nil {
		return nil, err
	}
	return out, out.order(s, schema, branches)
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

// order puts the parts in order: of partitions, which ORDER BY may turn round, and within them of sort keys. A statement that has an ORDER BY without the
// sort key reads partitions from their end (floci-io/floci, stackd).
func (s *Select) order(stmt *partiql.Select, schema Schema, branches []branch) error {
	scan := s.Ranges == nil && (len(branches) == 0 || !keyed(branches))
	var down bool
	if len(stmt.Order) > 0 {
		var err error
		if down, err = s.orderBy(stmt, schema, scan, branches); err != nil {
			return err
		}
	}
	if scan || len(branches) == 0 {
		return nil
	}
	slices.SortStableFunc(branches, func(a, b branch) int {
		if c := attr.Compare(a.hash[0], b.hash[0]); c != 0 {
			if down {
				return -c
			}
			return c
		}
		if s.Reverse {
			a, b = b, a
		}
		return a.sort.compareStart(b.sort)
	})
	s.Ranges = []expression.KeyCondition{}
	for _, b := range branches {
		if !b.sort.empty() {
			s.Ranges = append(s.Ranges, b.condition())
		}
	}
	return nil
}

// orderBy reads the ORDER BY clause and tells whether partitions come in descending order.
func (s *Select) orderBy(stmt *partiql.Select, schema Schema, scan bool, branches []branch) (down bool, err error) {
	if stmt.Where == nil {
		return false, fail("Must have WHERE clause in the statement when using ORDER BY clause.")
	}
	said := map[string]bool{}
	s.Reverse = true
	for _, o := range stmt.Order {
		path, ok := o.By.(*partiql.Path)
		if !ok || len(path.Parts) > 1 {
			return false, fail("Argument to ORDER BY must be of type VariableReference. Type: " + orderType(o.By))
		}
		name := path.Parts[0].Name
		if _, ok := schema.attribute(name); !ok {
			return false, fail("Attribute " + name + " in ORDER BY clause must be part of the primary key")
		}
		if said[name] {
			continue
		}
		said[name] = true
		if slices.ContainsFunc(schema.Hash, func(a expression.KeyAttr) bool { return a.Name == name }) {
			down = o.Desc
		} else {
			s.Reverse = o.Desc
		}
	}
	if scan {
		return false, fail("Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.")
	}
	several := slices.ContainsFunc(branches, func(b branch) bool { return attr.Compare(b.hash[0], branches[0].hash[0]) != 0 })
	if several && !said[schema.Hash[0].Name] {
		return false, fail("Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.")
	}
	return down, nil
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
