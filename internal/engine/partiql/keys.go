package partiql

import (
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// term is a conjunct that restricts one key attribute by values.
type term struct {
	name   string
	op     expression.SortOp // None for IN
	values []attr.Value      // one, two for BETWEEN, any number for IN
}

// comparisons are the operators a key condition may use, and what they become with their sides swapped.
var comparisons = map[string][2]expression.SortOp{
	"=": {expression.Eq, expression.Eq}, "<": {expression.Lt, expression.Gt}, "<=": {expression.Le, expression.Ge},
	">": {expression.Gt, expression.Lt}, ">=": {expression.Ge, expression.Le},
}

// term reads a conjunct as a restriction of a key attribute; ok is false when it is none.
func (p *planner) term(x partiql.Expr) (t term, ok bool, err error) {
	var values []partiql.Expr
	switch x := x.(type) {
	case *partiql.Binary:
		ops, comparison := comparisons[x.Op]
		if !comparison {
			return t, false, nil
		}
		left, right := x.L, x.R
		t.op = ops[0]
		if isValue(left) {
			left, right, t.op = right, left, ops[1]
		}
		t.name, values = p.keyName(left), []partiql.Expr{right}
	case *partiql.Between:
		if !x.Not {
			t.name, t.op, values = p.keyName(x.X), expression.BetweenOp, []partiql.Expr{x.Low, x.High}
		}
	case *partiql.In:
		if !x.Not {
			t.name, values = p.keyName(x.X), members(x.Set)
		}
	case *partiql.Call:
		if strings.EqualFold(x.Name, "begins_with") && len(x.Args) == 2 {
			t.name, t.op, values = p.keyName(x.Args[0]), expression.BeginsWith, x.Args[1:]
		}
	}
	if t.name == "" {
		return t, false, nil
	}
	for _, v := range values {
		if !isValue(v) {
			return t, false, nil
		}
		value, err := p.value(v)
		if err != nil {
			return t, false, err
		}
		t.values = append(t.values, value)
	}
	return t, true, nil
}

// keyName is the name of the key attribute x refers to; empty when it refers to none.
func (p *planner) keyName(x partiql.Expr) string {
	path, ok := x.(*partiql.Path)
	if !ok || len(path.Parts) > 1 {
		return ""
	}
	if _, ok := p.schema.attribute(path.Parts[0].Name); !ok {
		return ""
	}
	return path.Parts[0].Name
}

// split separates the conjuncts that pin the key from the others. Each key attribute takes the first conjunct that can
// restrict it; what comes after that is a condition like any other.
func (p *planner) split(list []partiql.Expr) (terms map[string]term, rest []partiql.Expr, err error) {
	terms = map[string]term{}
	for _, x := range list {
		t, ok, err := p.term(x)
		if err != nil {
			return nil, nil, err
		}
		if _, taken := terms[t.name]; !ok || taken {
			rest = append(rest, x)
			continue
		}
		if err := p.checkTypes(t); err != nil {
			return nil, nil, err
		}
		terms[t.name] = t
	}
	return terms, rest, nil
}

// checkKeyCondition refuses a condition on a key attribute that its type can never meet.
func (p *planner) checkKeyCondition(x partiql.Expr) error {
	switch x := x.(type) {
	case *partiql.Binary:
		name, value := p.keyName(x.L), x.R
		if name == "" {
			name, value = p.keyName(x.R), x.L
		}
		if x.Op != "<>" || name == "" || !isValue(value) {
			return nil
		}
		v, err := p.value(value)
		if a, _ := p.schema.attribute(name); err == nil && v.Kind != a.Kind {
			return fail(msgConditionKey)
		}
		return err
	case *partiql.Is:
		name := p.keyName(x.X)
		switch {
		case name == "" || x.Type != "NULL":
		case x.Not:
			return fail(msgConditionKey)
		default:
			return fail(msgKeyType + name)
		}
	}
	return nil
}

func (p *planner) checkTypes(t term) error {
	a, _ := p.schema.attribute(t.name)
	partition := slices.Contains(p.schema.Hash, a)
	for _, v := range t.values {
		if partition && t.op != expression.Eq && t.op != expression.None { // no key is searched by it
			if v.Kind != a.Kind {
				return fail(msgConditionKey)
			}
			continue
		}
		if err := CheckKeyType(v, a); err != nil {
			return err
		}
	}
	return nil
}

// CheckKeyType refuses a value of a key attribute that is of another type, and otherwise one that is of no type a key may have.
func CheckKeyType(v attr.Value, a expression.KeyAttr) error {
	switch v.Kind {
	case a.Kind:
		return nil
	case attr.S, attr.N, attr.B:
		return failKey(msgKeyType + a.Name)
	}
	return failKey("Key value must be of type S, N, or B. Key name: " + a.Name + ", Key type: " + v.Kind.String())
}

// key makes the item's key of equalities on all key attributes; ok is false when one lacks.
func (p *planner) key(terms map[string]term) (key attr.Item, ok bool) {
	for _, list := range [...][]expression.KeyAttr{p.schema.Hash, p.schema.Range} {
		for _, a := range list {
			t, there := terms[a.Name]
			if !there || t.op != expression.Eq {
				return nil, false
			}
			key = append(key, attr.Attribute{Name: a.Name, Value: t.values[0]})
		}
	}
	return key, true
}

// whole plans a WHERE clause as one condition, which finds everything that is wrong with it.
func (p *planner) whole(where partiql.Expr) error {
	if where == nil {
		return nil
	}
	q := newPlanner(p.schema, p.params)
	_, err := q.conjunction(conjuncts(where), expression.ConditionParameter)
	return err
}
