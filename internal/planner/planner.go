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

// Wanted is what is to be read.
type Wanted struct {
	Terms []attr.Term
	// Attributes are the top-level attributes to be shown; nil for all.
	Attributes []string
	// Consistent rules global indexes out.
	Consistent bool
	// Chosen says that the one access given is the user's own choice, also where it holds only a part of what is wanted.
	Chosen bool
}

// A Plan is one way to read. Scan says that no query serves, and then the rest is empty but for Reasons.
type Plan struct {
	Access *Access
	Scan   bool
	// Hash are the values of the parts of the partition key; Sort conditions on the leading parts of the sort key.
	Hash []attr.Value
	Sort []attr.SortCondition
	// Beyond are values of the last sort part that the range includes and the condition does not.
	Beyond []attr.Value
	// Filter is what remains of the condition, joined by "and"; "" for nothing.
	Filter string
	// Partial says that the index does not hold everything that is wanted: a local one has the rest fetched from the table, a global one lacks it.
	Partial bool
	// Why says what was chosen, Reasons why the others were not.
	Why     string
	Reasons []string
	score   int
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

// weigh takes points for what makes an access worse at equal keys: an index that lacks what is wanted, and any index against the table.
func (p *Plan) weigh(a *Access, w Wanted) {
	if a.Index != "" {
		p.score--
	}
	missing := w.Attributes == nil && a.Holds != nil
	for _, name := range w.Attributes {
		missing = missing || !a.holds(name)
	}
	if missing {
		p.Partial = true
		p.score -= 5
	}
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

// bound makes the one condition that a key may have on the last part of its sort key: a range, out of one or two terms.
func (p *Plan) bound(part attr.KeyPart, terms []attr.Term, used []bool) bool {
	if part.Kind != attr.N {
		if i := find(terms, used, part, "begins_with"); i >= 0 {
			used[i] = true
			p.Sort = append(p.Sort, attr.SortCondition{Op: "begins_with", A: terms[i].Values[0]})
			return true
		}
	}
	if i := find(terms, used, part, "between"); i >= 0 {
		used[i] = true
		p.Sort = append(p.Sort, attr.SortCondition{Op: "between", A: terms[i].Values[0], B: terms[i].Values[1]})
		return true
	}
	low, high := find(terms, used, part, ">", ">="), find(terms, used, part, "<", "<=")
	switch {
	case low >= 0 && high >= 0:
		used[low], used[high] = true, true
		p.Sort = append(p.Sort, attr.SortCondition{Op: "between", A: terms[low].Values[0], B: terms[high].Values[0]})
		if terms[low].Op == ">" {
			p.Beyond = append(p.Beyond, terms[low].Values[0])
		}
		if terms[high].Op == "<" {
			p.Beyond = append(p.Beyond, terms[high].Values[0])
		}
	case low >= 0:
		used[low] = true
		p.Sort = append(p.Sort, attr.SortCondition{Op: terms[low].Op, A: terms[low].Values[0]})
	case high >= 0:
		used[high] = true
		p.Sort = append(p.Sort, attr.SortCondition{Op: terms[high].Op, A: terms[high].Values[0]})
	default:
		return false
	}
	return true
}

// KeyCondition writes the key condition of a query in the service's language.
func (p *Plan) KeyCondition(h *attr.Placeholders) string {
	var terms []string
	for i, v := range p.Hash {
		terms = append(terms, h.Name(p.Access.Hash[i].Name)+" = "+h.Value(v))
	}
	for i, c := range p.Sort {
		terms = append(terms, c.Expression(h, p.Access.Sort[i].Name))
	}
	return strings.Join(terms, " AND ")
}

// Keep tells whether an item is within the condition at the ends of its range, which a key condition can only include.
func (p *Plan) Keep(it attr.Item) bool {
	if len(p.Beyond) == 0 {
		return true
	}
	v, ok := it.Get(p.Access.Sort[len(p.Sort)-1].Name)
	return !ok || !slices.ContainsFunc(p.Beyond, func(b attr.Value) bool { return v.Kind == b.Kind && v.Str == b.Str })
}

func (p *Plan) explain() string {
	var parts []string
	for _, part := range p.Access.Hash {
		parts = append(parts, part.Name)
	}
	text := "a query of " + p.Access.name() + ": " + strings.Join(parts, " and ") + " is its partition key"
	parts = parts[:0]
	for i := range p.Sort {
		parts = append(parts, p.Access.Sort[i].Name)
	}
	if len(parts) > 0 {
		text += ", " + strings.Join(parts, " and ") + " its sort key"
	}
	if p.Filter != "" {
		text += "; filtered after reading: " + p.Filter
	}
	if p.Partial {
		if p.Access.Global {
			text += "; it holds only a part of each item"
		} else {
			text += "; what it does not hold is fetched from the table"
		}
	}
	return text
}
