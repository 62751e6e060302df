package partiql

import (
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// Write is a planned UPDATE, DELETE or EXISTS: one item, and what must hold for it beside its key.
type Write struct {
	Key       attr.Item
	Condition *expression.Condition // nil: none beside the key
}

// PlanWrite finds the item the WHERE clause of an UPDATE or DELETE names, and the condition that is left.
func PlanWrite(where partiql.Expr, params []attr.Value, schema Schema) (*Write, error) {
	p := newPlanner(schema, params)
	// Only equalities name an item; whatever else is said of the key is a condition.
	var equal, rest []partiql.Expr
	for _, c := range conjuncts(where) {
		if err := p.checkKeyCondition(c); err != nil {
			return nil, err
		}
		t, ok, err := p.term(c)
		if err != nil {
			return nil, err
		}
		if ok && t.op == expression.Eq {
			equal = append(equal, c)
		} else {
			rest = append(rest, c)
		}
	}
	terms, more, err := p.split(equal)
	if err != nil {
		return nil, err
	}
	for _, c := range more {
		if t, _, _ := p.term(c); !t.values[0].Equal(terms[t.name].values[0]) {
			return nil, failKey("Multiple conditions on same key " + t.name + ". Only single item Update/Insert/Delete are supported")
		}
	}
	key, ok := p.key(terms)
	if !ok {
		return nil, failKey(msgNoKey)
	}
	condition, err := p.conjunction(rest, expression.ConditionParameter)
	return &Write{Key: key, Condition: condition}, err
}

// update plans the actions of an UPDATE.
func (p *planner) update(actions []partiql.Action) (*expression.Update, error) {
	text, err := p.actions(actions)
	if err != nil {
		return nil, err
	}
	u, err := p.context().Update(text)
	return u, reword(err)
}

// clauses collects an update expression by its sections.
type clauses struct{ set, remove, add, del []string }

func (c *clauses) String() string {
	var sections []string
	for _, s := range []struct {
		word string
		list []string
	}{{"SET ", c.set}, {"REMOVE ", c.remove}, {"ADD ", c.add}, {"DELETE ", c.del}} {
		if len(s.list) > 0 {
			sections = append(sections, s.word+strings.Join(s.list, ", "))
		}
	}
	return strings.Join(sections, " ")
}

func (p *planner) actions(list []partiql.Action) (string, error) {
	var c clauses
	for _, a := range list {
		target := p.path(a.Target)
		if a.Value == nil {
			c.remove = append(c.remove, target)
			continue
		}
		if call, ok := a.Value.(*partiql.Call); ok {
			if name := strings.ToLower(call.Name); name == "set_add" || name == "set_delete" {
				set, err := p.setChange(call, strings.ToUpper(name), a.Target)
				if err != nil {
					return "", err
				}
				if name == "set_add" {
					c.add = append(c.add, target+" "+set)
				} else {
					c.del = append(c.del, target+" "+set)
				}
				continue
			}
		}
		value, err := p.assigned(a.Value)
		if err != nil {
			return "", err
		}
		c.set = append(c.set, target+" = "+value)
	}
	return c.String(), nil
}

// setChange reads set_add(target, set) and set_delete(target, set) and returns the set.
func (p *planner) setChange(call *partiql.Call, name string, target *partiql.Path) (string, error) {
	if len(call.Args) != 2 {
		return "", fail(name + " must have exactly two arguments at " + call.Pos.String())
	}
	if path, ok := call.Args[0].(*partiql.Path); !ok || p.path(path) != p.path(target) {
		return "", fail("The first argument to " + name + " must equal the assignment value")
	}
	var v attr.Value
	if isValue(call.Args[1]) {
		var err error
		if v, err = p.value(call.Args[1]); err != nil {
			return "", err
		}
	}
	if v.Kind != attr.SS && v.Kind != attr.NS && v.Kind != attr.BS {
		// The place given is the first argument's.
		return "", fail("The second argument to " + name + " must be a value with type SET at " + call.Args[0].Position().String())
	}
	return p.hold(v), nil
}

// assigned writes what stands on the right of a SET.
func (p *planner) assigned(x partiql.Expr) (string, error) {
	switch x := x.(type) {
	case *partiql.Binary:
		if x.Op != "+" && x.Op != "-" {
			return "", fail("Unsupported operator in Update Expression. Operator: " + x.Token())
		}
		return p.sum(x)
	case *partiql.Call:
		name := strings.ToLower(x.Name)
		switch name {
		case "list_append", "if_not_exists":
			args := make([]string, len(x.Args))
			for i, a := range x.Args {
				var err error
				if args[i], err = p.assigned(a); err != nil {
					return "", err
				}
			}
			return name + "(" + strings.Join(args, ", ") + ")", nil
		case "set_add", "set_delete":
			return "", fail("The function is not allowed in an update expression; function: " + name)
		}
		if _, known := tests[name]; known || name == "size" {
			return "", fail("The function is not allowed in an update expression; function: " + name)
		}
		return "", unrecognized(x)
	case *partiql.Is:
		return "", fail("IS operator is not supported in update expressions")
	case *partiql.Unary:
		if x.Op != "NOT" {
			return "", fail(msgOperandCount + x.Op + ", number of operands: 1")
		}
		return "", fail("Unsupported operator in Update Expression. Operator: " + x.Token())
	case *partiql.Between, *partiql.In:
		return "", fail("Unsupported operator in Update Expression. Operator: " + x.Token())
	}
	return p.operand(x)
}

// sum writes a + b and a − b, either of which may be a sum itself.
func (p *planner) sum(x *partiql.Binary) (string, error) {
	left, err := p.assigned(x.L)
	if err != nil {
		return "", err
	}
	right, err := p.assigned(x.R)
	if b, ok := x.R.(*partiql.Binary); ok && (b.Op == "+" || b.Op == "-") {
		right = "(" + right + ")"
	}
	return left + " " + x.Op + " " + right, err
}
