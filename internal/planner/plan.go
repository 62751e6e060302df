package planner

import (
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

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
