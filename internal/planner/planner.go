// Package planner finds the way to read the items that a condition describes: a query of the table or of one of its indexes where the condition names a
// partition key, and a scan where it does not. It knows key schemas and terms of conditions, and calls nothing.
package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

// An Access is a table, or one of its indexes.
type Access struct {
	Index      string // "" for the table itself
	Global     bool
	Hash, Sort []attr.KeyPart
	// Holds are the attributes an index has; nil for all of them.
	Holds []string
	// Busy says why it cannot be read now, such as "CREATING".
	Busy string
}

func (a *Access) name() string {
	if a.Index == "" {
		return "the table"
	}
	return "index " + a.Index
}

func (a *Access) holds(name string) bool { return a.Holds == nil || slices.Contains(a.Holds, name) }

func (a *Access) isKey(name string) bool {
	is := func(p attr.KeyPart) bool { return p.Name == name }
	return slices.ContainsFunc(a.Hash, is) || slices.ContainsFunc(a.Sort, is)
}

// Wanted is what is to be read, and how: the terms that items must fulfil, and what a way to them must offer.
type Wanted struct {
	Terms []attr.Term
	// Attributes are the top-level attributes to be shown; nil for all.
	Attributes []string
	// Consistent rules global indexes out.
	Consistent bool
	// Chosen says that the one access given is the user's own choice, also where it holds only a part of what is wanted.
	Chosen bool
}

// Choose finds the best way: the most of the sort key bounded, then the table before an index, then the order given.
func Choose(accesses []Access, w Wanted) *Plan {
	var best *Plan
	var reasons []string
	for i := range accesses {
		p, reason := try(&accesses[i], w)
		if p == nil {
			reasons = append(reasons, accesses[i].name()+": "+reason)
			continue
		}
		if best == nil || p.score > best.score {
			best = p
		}
	}
	if best == nil {
		return &Plan{Scan: true, Reasons: reasons}
	}
	best.Reasons = reasons
	best.Why = best.explain()
	return best
}

// try makes the plan for one access, or says why there is none.
func try(a *Access, w Wanted) (*Plan, string) {
	switch {
	case a.Busy != "":
		return nil, "it is " + a.Busy
	case a.Global && w.Consistent:
		return nil, "a global index is read eventually, and --consistent was given"
	}
	p := &Plan{Access: a, score: 10}
	used := make([]bool, len(w.Terms))
	for _, part := range a.Hash {
		i := find(w.Terms, used, part, "=")
		if i < 0 {
			return nil, fmt.Sprintf("no condition %s = %s, its partition key", part.Name, strings.ToUpper(part.KindName()))
		}
		used[i] = true
		p.Hash = append(p.Hash, w.Terms[i].Values[0])
	}
	for _, part := range a.Sort {
		if i := find(w.Terms, used, part, "="); i >= 0 {
			used[i] = true
			p.Sort = append(p.Sort, attr.SortCondition{Op: "=", A: w.Terms[i].Values[0]})
			p.score += 4
			continue
		}
		if p.bound(part, w.Terms, used) {
			p.score += 3
		}
		break
	}
	var rest []string
	for i, t := range w.Terms {
		if used[i] {
			continue
		}
		for _, name := range t.Names {
			if a.isKey(name) {
				return nil, fmt.Sprintf("%q cannot be part of its key condition, and a filter may not name %s, which is in its key", t.Text, name)
			}
			if !a.holds(name) && a.Global {
				return nil, "it does not hold " + name
			}
		}
		rest = append(rest, t.Text)
	}
	p.Filter = strings.Join(rest, " and ")
	p.weigh(a, w)
	if p.Partial && a.Global && !w.Chosen {
		return nil, "it holds only a part of each item; --project names what is wanted, --index " + a.Index + " takes what there is"
	}
	return p, ""
}

// find is the first unused term that compares the key's part with a value of its type.
func find(terms []attr.Term, used []bool, part attr.KeyPart, ops ...string) int {
	for i, t := range terms {
		if used[i] || t.Name != part.Name || !slices.Contains(ops, t.Op) {
			continue
		}
		if !slices.ContainsFunc(t.Values, func(v attr.Value) bool { return v.Kind != part.Kind || v.Str == "" }) {
			return i
		}
	}
	return -1
}
