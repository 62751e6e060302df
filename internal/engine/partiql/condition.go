package partiql

import (
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// conjunction plans conditions that must all hold; nil when there are none.
func (p *planner) conjunction(list []partiql.Expr, parameter string) (*expression.Condition, error) {
	if len(list) == 0 {
		return nil, nil //nolint:nilnil // no condition
	}
	texts := make([]string, len(list))
	for i, x := range list {
		write := p.within
		if len(list) == 1 {
			write = p.alone
		}
		text, err := write(x, "AND")
		if err != nil {
			return nil, err
		}
		texts[i] = text
	}
	return p.plan(strings.Join(texts, " AND "), parameter)
}

func (p *planner) plan(text, parameter string) (*expression.Condition, error) {
	c, err := p.context().Condition(parameter, text)
	return c, reword(err)
}

// within writes a condition as an operand of AND, OR or NOT, in parentheses where it would be read otherwise.
func (p *planner) within(x partiql.Expr, op string) (string, error) {
	if isValue(x) || isPath(x) {
		if op == "NOT" {
			return "", fail("The argument to NOT must be a Type or Expression")
		}
		return "", fail("The arguments to AND/OR must be Expressions")
	}
	if call, ok := x.(*partiql.Call); ok && strings.EqualFold(call.Name, "size") {
		return "", fail(msgOperandType + op + ", operand type: N")
	}
	text, err := p.condition(x)
	if b, ok := x.(*partiql.Binary); ok && err == nil && (b.Op == "OR" && op != "OR" || b.Op == "AND" && op == "NOT") {
		text = "(" + text + ")"
	}
	return text, err
}

// alone writes a condition that is the whole of an expression.
func (p *planner) alone(x partiql.Expr, _ string) (string, error) { return p.condition(x) }

func isPath(x partiql.Expr) bool {
	_, ok := x.(*partiql.Path)
	return ok
}

// condition writes a condition in the expression language.
func (p *planner) condition(x partiql.Expr) (string, error) {
	switch x := x.(type) {
	case *partiql.Binary:
		return p.binary(x)
	case *partiql.Unary:
		if x.Op != "NOT" {
			return "", unsupported(x)
		}
		text, err := p.within(x.X, "NOT")
		return "NOT " + text, err
	case *partiql.Between:
		text, err := p.operands(x.X, x.Low, x.High)
		if err != nil {
			return "", err
		}
		return negate(x.Not) + text[0] + " BETWEEN " + text[1] + " AND " + text[2], nil
	case *partiql.In:
		return p.in(x)
	case *partiql.Is:
		return p.is(x)
	case *partiql.Call:
		return p.test(x)
	case *partiql.Missing:
		return "", fail(msgMissing)
	}
	return "", fail(msgNoBoolean)
}

func negate(not bool) string {
	if not {
		return "NOT "
	}
	return ""
}

func unsupported(x partiql.Expr) error {
	return fail("Unsupported operator in Condition Expression. Operator: " + x.Token())
}

func (p *planner) binary(x *partiql.Binary) (string, error) {
	switch x.Op {
	case "AND", "OR":
		left, err := p.within(x.L, x.Op)
		if err != nil {
			return "", err
		}
		right, err := p.within(x.R, x.Op)
		return left + " " + x.Op + " " + right, err
	case "=", "<>", "<", "<=", ">", ">=":
		if text, ok, err := p.truth(x); ok {
			return text, err
		}
		text, err := p.operands(x.L, x.R)
		if err != nil {
			return "", err
		}
		return text[0] + " " + x.Op + " " + text[1], nil
	}
	return "", unsupported(x)
}

// truth writes a condition that is compared with TRUE or FALSE: contains(a, 'x') = true. The expression language has no such comparison, but the functions
// are documented to return a bool.
func (p *planner) truth(x *partiql.Binary) (text string, ok bool, err error) {
	of, with := x.L, x.R
	if !isCondition(of) {
		of, with = with, of
	}
	if !isCondition(of) || !isValue(with) {
		return "", false, nil
	}
	v, err := p.value(with)
	if err != nil || v.Kind != attr.BOOL {
		return "", err != nil, err
	}
	if x.Op != "=" && x.Op != "<>" {
		return "", true, fail(msgOperandType + x.Op + ", operand type: BOOL")
	}
	if v.Bool == (x.Op == "=") {
		text, err = p.condition(of)
		if b, is := of.(*partiql.Binary); is && (b.Op == "AND" || b.Op == "OR") {
			text = "(" + text + ")"
		}
		return text, true, err
	}
	text, err = p.within(of, "NOT")
	return "NOT " + text, true, err
}

// isCondition reports whether an expression is true or false.
func isCondition(x partiql.Expr) bool {
	switch x := x.(type) {
	case *partiql.Call:
		_, ok := tests[strings.ToLower(x.Name)]
		return ok
	case *partiql.Binary:
		return slices.Contains([]string{"=", "<>", "<", "<=", ">", ">=", "AND", "OR"}, x.Op)
	case *partiql.Unary:
		return x.Op == "NOT"
	case *partiql.Is, *partiql.In, *partiql.Between:
		return true
	}
	return false
}

func (p *planner) operands(list ...partiql.Expr) ([]string, error) {
	out := make([]string, len(list))
	for i, x := range list {
		var err error
		if out[i], err = p.operand(x); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// operand writes a path, a value or size(…).
func (p *planner) operand(x partiql.Expr) (string, error) {
	if isValue(x) {
		v, err := p.value(x)
		if err != nil {
			return "", err
		}
		return p.hold(v), nil
	}
	switch x := x.(type) {
	case *partiql.Path:
		return p.path(x), nil
	case *partiql.Missing:
		return "", fail(msgMissing)
	case *partiql.Call:
		if strings.EqualFold(x.Name, "size") {
			return p.function(x, "size")
		}
		if _, ok := tests[strings.ToLower(x.Name)]; !ok {
			return "", unknown(x)
		}
	}
	return "", unsupported(x)
}

// unknown refuses a function that has no place in a condition.
func unknown(x *partiql.Call) error {
	switch name := strings.ToLower(x.Name); name {
	case "list_append", "if_not_exists":
		return fail("The function is not allowed in a condition expression; function: " + name)
	case "count", "sum", "avg", "min", "max":
		return fail("Unsupported token in expression: " + name + " at " + x.Pos.String())
	}
	return unrecognized(x)
}

func unrecognized(x *partiql.Call) error {
	return fail("Unrecognized function: " + strings.ToLower(x.Name) + " at " + x.Pos.String())
}

// function writes a call of a function of the expression language.
func (p *planner) function(x *partiql.Call, name string) (string, error) {
	if len(x.Args) == 0 {
		return "", fail(msgOperandCount + name + ", number of operands: 0")
	}
	text, err := p.operands(x.Args...)
	return name + "(" + strings.Join(text, ", ") + ")", err
}

// tests are the functions that are conditions, and whether text as their first argument names an attribute.
var tests = map[string]bool{
	"begins_with": false, "contains": false, "attribute_type": true, "attribute_exists": false, "attribute_not_exists": false,
}

func (p *planner) test(x *partiql.Call) (string, error) {
	name := strings.ToLower(x.Name)
	if name == "size" {
		return "", fail(msgNoBoolean)
	}
	named, ok := tests[name]
	if !ok {
		return "", unknown(x)
	}
	if named && len(x.Args) > 0 {
		// The service takes attribute_type('a', 'S') for attribute_type(a, 'S').
		if lit, ok := x.Args[0].(*partiql.Literal); ok && lit.Value.Kind == attr.S && lit.Value.Str != "" {
			path := &partiql.Path{Parts: []partiql.Part{{Name: lit.Value.Str}}, Pos: lit.Pos}
			x = &partiql.Call{Name: x.Name, Args: append([]partiql.Expr{path}, x.Args[1:]...), Pos: x.Pos}
		}
	}
	return p.function(x, name)
}

// members are what IN may find: a list or a set of expressions, nil if x is neither.
func members(x partiql.Expr) []partiql.Expr {
	switch x := x.(type) {
	case *partiql.List:
		return x.Elems
	case *partiql.Bag:
		return x.Elems
	}
	return nil
}

func (p *planner) in(x *partiql.In) (string, error) {
	set := members(x.Set)
	if len(set) == 0 {
		return "", fail(msgIn)
	}
	left, err := p.operand(x.X)
	if err != nil {
		return "", err
	}
	texts, err := p.operands(set...)
	return negate(x.Not) + left + " IN (" + strings.Join(texts, ", ") + ")", err
}
