package partiql

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// A SELECT is read branch by branch: OR and IN on key attributes are spread until each branch reads one range of one partition. The rules are those
// that floci-io/floci found in eu-west-2 in September 2026 and another emulator, stackd, writes down likewise: branches must not overlap, there are 50 at most, and
// they are read in the order of their partitions.

// maxReads is how many branches a statement may be read in, maxBranches how many are looked at before it is refused for that.
const (
	maxReads    = 50
	maxBranches = 1000
)

// branch is one side of a WHERE clause spread over its keys.
type branch struct {
	hash    []attr.Value // what the partition key must be, each value once
	sort    interval
	terms   []term // on the sort key
	filters []partiql.Expr
}

func (b branch) and(c branch) branch {
	out := branch{
		hash: slices.Clone(b.hash), sort: b.sort.intersect(c.sort),
		terms: slices.Concat(b.terms, c.terms), filters: slices.Concat(b.filters, c.filters),
	}
	for _, v := range c.hash {
		if !slices.ContainsFunc(out.hash, v.Equal) {
			out.hash = append(out.hash, v)
		}
	}
	return out
}

// spreader spreads a WHERE clause over the key of a table or index.
type spreader struct {
	*planner
	hash, sort string // sort is empty if there is none
	tooMany    bool
}

// branches spreads a WHERE clause; nil when the key is of several attributes, or there is nothing to spread.
func (p *planner) branches(where partiql.Expr) ([]branch, error) {
	if where == nil || len(p.schema.Hash) != 1 || len(p.schema.Range) > 1 {
		return nil, nil
	}
	s := &spreader{planner: p, hash: p.schema.Hash[0].Name}
	if len(p.schema.Range) == 1 {
		s.sort = p.schema.Range[0].Name
	}
	out, _, err := s.spread(where)
	if err != nil {
		return nil, err
	}
	pinned := s.pins(where)
	if s.tooMany {
		out = nil
	} else if keyed(out) {
		if out, err = s.disjoint(out); err != nil {
			return nil, err
		}
	}
	if pinned && (s.tooMany || len(out) > maxReads) {
		return nil, fail("Too many decomposed read operations for a given query.")
	}
	return out, nil
}

// key reads x as a condition by which a key can be searched.
func (s *spreader) key(x partiql.Expr) (t term, ok bool, err error) {
	t, ok, err = s.term(x)
	if err != nil || !ok {
		return t, false, err
	}
	if t.name == s.hash && t.op != expression.Eq && t.op != expression.None {
		return t, false, nil
	}
	return t, true, s.checkTypes(t)
}

// spread gives the branches of a condition, and whether it says something of the key that can be searched for. An OR that does not is a filter.
func (s *spreader) spread(x partiql.Expr) (out []branch, named bool, err error) {
	filter := []branch{{filters: []partiql.Expr{x}}}
	t, ok, err := s.key(x)
	switch {
	case err != nil:
		return nil, false, err
	case ok:
		return s.leaf(t), true, nil
	}
	b, ok := x.(*partiql.Binary)
	if !ok || b.Op != "AND" && b.Op != "OR" {
		return filter, false, nil
	}
	left, namedLeft, err := s.spread(b.L)
	if err != nil {
		return nil, false, err
	}
	right, namedRight, err := s.spread(b.R)
	named = namedLeft || namedRight
	switch {
	case err != nil:
		return nil, false, err
	case b.Op == "OR" && !named:
		return filter, false, nil
	case b.Op == "OR" && len(left)+len(right) <= maxBranches:
		return slices.Concat(left, right), true, nil
	case b.Op == "OR" || len(left)*len(right) > maxBranches:
		s.tooMany = true
		return left, named, nil
	}
	for _, l := range left {
		for _, r := range right {
			out = append(out, l.and(r))
		}
	}
	return out, named, nil
}

// leaf makes the branches of a condition on a key: one, but for IN one of each value.
func (s *spreader) leaf(t term) []branch {
	if t.op != expression.None {
		return []branch{s.single(t)}
	}
	out := make([]branch, len(t.values))
	for i, v := range t.values {
		out[i] = s.single(term{name: t.name, op: expression.Eq, values: []attr.Value{v}})
	}
	return out
}

func (s *spreader) single(t term) branch {
	if t.name == s.hash {
		return branch{hash: t.values}
	}
	return branch{sort: intervalOf(t), terms: []term{t}}
}

// pins tells whether a condition names partitions on every side.
func (s *spreader) pins(x partiql.Expr) bool {
	if t, ok, err := s.key(x); ok && err == nil {
		return t.name == s.hash
	}
	b, ok := x.(*partiql.Binary)
	switch {
	case ok && b.Op == "AND":
		return s.pins(b.L) || s.pins(b.R)
	case ok && b.Op == "OR":
		return s.pins(b.L) && s.pins(b.R)
	}
	return false
}

// keyed tells whether every branch reads one partition. Otherwise the statement is a scan.
func keyed(branches []branch) bool {
	return len(branches) > 0 && !slices.ContainsFunc(branches, func(b branch) bool { return len(b.hash) != 1 })
}

// compareBranches puts branches in the order of their partitions and of where they begin in them.
func compareBranches(a, b branch) int {
	if c := attr.Compare(a.hash[0], b.hash[0]); c != 0 {
		return c
	}
	return a.sort.compareStart(b.sort)
}

// disjoint puts branches in order and refuses those that read an item twice. What <>, NOT and the like say of a sort key is no range that could be compared:
// a branch that says so is refused for none, and its partition is read as a whole.
func (s *spreader) disjoint(branches []branch) ([]branch, error) {
	sorted := slices.Clone(branches)
	slices.SortStableFunc(sorted, compareBranches)
	out := sorted[:0]
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && attr.Compare(sorted[0].hash[0], sorted[n].hash[0]) == 0 {
			n++
		}
		partition := sorted[:n]
		sorted = sorted[n:]
		if n > 1 && slices.ContainsFunc(partition, s.vague) {
			whole := branch{hash: partition[0].hash, filters: partition[n-1].filters}
			if slices.ContainsFunc(partition, func(b branch) bool { return len(b.filters) == 0 }) {
				whole.filters = nil
			}
			out = append(out, whole)
			continue
		}
		if err := overlapping(partition); err != nil {
			return nil, err
		}
		out = append(out, partition...)
	}
	return out, nil
}

// vague tells whether a branch says something of the sort key that is no range.
func (s *spreader) vague(b branch) bool {
	return s.sort != "" && slices.ContainsFunc(b.filters, func(x partiql.Expr) bool { return mentions(x, s.sort) })
}

// overlapping refuses branches of one partition, in order, that read an item twice.
func overlapping(partition []branch) error {
	var last *interval
	for i := range partition {
		v := &partition[i].sort
		if v.empty() {
			continue
		}
		if last != nil && !last.intersect(*v).empty() {
			return fail("Overlapping conditions with range keys are not supported in where clause")
		}
		last = v // begins behind the end of the one before
	}
	return nil
}

// mentions tells whether an expression refers to an attribute.
func mentions(x partiql.Expr, name string) bool {
	return slices.Contains(roots(nil, x), name)
}

// roots appends the top-level attributes an expression refers to.
func roots(out []string, x partiql.Expr) []string {
	switch x := x.(type) {
	case *partiql.Path:
		out = append(out, x.Parts[0].Name)
	case *partiql.Binary:
		out = roots(roots(out, x.L), x.R)
	case *partiql.Unary:
		out = roots(out, x.X)
	case *partiql.Between:
		out = roots(roots(roots(out, x.X), x.Low), x.High)
	case *partiql.In:
		out = roots(out, x.X)
	case *partiql.Is:
		out = roots(out, x.X)
	case *partiql.Call:
		for _, a := range x.Args {
			out = roots(out, a)
		}
	}
	return out
}

// condition is what a branch reads: at least its items, and as little more as one condition on the sort key can say.
func (b branch) condition() expression.KeyCondition {
	k := expression.KeyCondition{Hash: b.hash}
	if len(b.terms) == 1 {
		t := b.terms[0]
		if t.op == expression.Eq {
			k.SortEq = t.values
			return k
		}
		k.Op, k.A = t.op, t.values[0]
		if t.op == expression.BetweenOp {
			k.B = t.values[1]
		}
		return k
	}
	low, high := b.sort.low, b.sort.high
	switch {
	case low != nil && high != nil && !high.prefix:
		k.Op, k.A, k.B = expression.BetweenOp, low.at, high.at
	case low != nil:
		k.Op, k.A = expression.Ge, low.at
	case high != nil && !high.prefix:
		k.Op, k.A = expression.Le, high.at
	}
	return k
}
