// Package partiql plans PartiQL statements: it turns the tree of internal/partiql, its parameters and a key schema into
// what the engine does anyway — keys, key conditions, and conditions, filters, projections and updates of the expression
// language, which evaluates them. So a WHERE clause and a FilterExpression cannot disagree about what they match.
package partiql

import (
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// Schema is the key of the table or index a statement is about.
type Schema struct{ Hash, Range []expression.KeyAttr }

// attribute finds a key attribute by name.
func (s Schema) attribute(name string) (expression.KeyAttr, bool) {
	for _, list := range [...][]expression.KeyAttr{s.Hash, s.Range} {
		for _, a := range list {
			if a.Name == name {
				return a, true
			}
		}
	}
	return expression.KeyAttr{}, false
}

// The service's words.
const (
	msgParameters   = "Number of parameters in request and statement don't match."
	msgNoKey        = "Where clause does not contain a mandatory equality on all key attributes"
	msgNoBoolean    = "WHERE clause must contain an expression that resolves to a boolean"
	msgMissing      = "MISSING must be compared using IS operator"
	msgIn           = "IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with at least one member"
	msgOperandCount = "Incorrect number of operands for operator or function; operator or function: "
	msgOperandType  = "Incorrect operand type for operator or function; operator or function: "
	msgKeyType      = "Key attribute's data type should match its data type in table's schema: Key "
	msgConditionKey = "One or more parameter values were invalid: Condition parameter type does not match schema type"
)

// KeyError is the refusal of what a statement says of its key: not all of it, not one value, or one of another type.
type KeyError struct{ refusal *expression.Error }

func (e *KeyError) Error() string { return e.refusal.Message }

// Unwrap gives the refusal in the engine's way of telling one.
func (e *KeyError) Unwrap() error { return e.refusal }

func failKey(message string) error { return &KeyError{&expression.Error{Message: message}} }

// fail is a ValidationException in the engine's way of telling one.
func fail(message string) error { return &expression.Error{Message: message} }

// reword takes the name of the parameter out of an expression's error: a statement has no such parameters.
func reword(err error) error {
	if err == nil {
		return nil
	}
	message := err.Error()
	for _, prefix := range [...]string{"Invalid ConditionExpression: ", "Invalid FilterExpression: ", "Invalid UpdateExpression: "} {
		if rest, ok := strings.CutPrefix(message, prefix); ok {
			return fail(rest)
		}
	}
	return err
}

// Prepared is what can be known of a statement before its table: that its expressions are in order, and what they say that
// does not depend on a key.
type Prepared struct {
	Columns []Column           // of a SELECT; nil: everything
	Update  *expression.Update // of an UPDATE
	Item    attr.Item          // of an INSERT
}

// Prepare checks all of a statement that needs no table. The service finds what is wrong with an expression before it
// looks for the table.
func Prepare(s partiql.Statement, params []attr.Value) (out Prepared, err error) {
	p := newPlanner(Schema{}, params)
	switch s := s.(type) {
	case *partiql.Select:
		if out.Columns, err = columns(s.Paths); err == nil {
			err = p.whole(s.Where)
		}
	case *partiql.Exists:
		return Prepare(s.Select, params)
	case *partiql.Insert:
		out.Item, err = p.item(s)
	case *partiql.Update:
		if err = p.whole(s.Where); err != nil {
			return out, err
		}
		if out.Update, err = newPlanner(Schema{}, params).update(s.Actions); err == nil && s.Where == nil {
			err = fail(msgNoKey)
		}
	case *partiql.Delete:
		if err = p.whole(s.Where); err == nil && s.Where == nil {
			err = fail(msgNoKey)
		}
	}
	return out, err
}

// planner collects the names and values of one statement's expressions.
type planner struct {
	schema Schema
	params []attr.Value
	names  map[string]string // placeholder → name
	known  map[string]string // name → placeholder
	values attr.Item
}

func newPlanner(schema Schema, params []attr.Value) *planner {
	return &planner{schema: schema, params: params, known: map[string]string{}}
}

func (p *planner) context() *expression.Context {
	return expression.Translated(expression.NewContext(p.names, p.values))
}

// name gives the placeholder of a name.
func (p *planner) name(n string) string {
	if ph, ok := p.known[n]; ok {
		return ph
	}
	ph := "#" + itoa(len(p.known))
	if p.names == nil {
		p.names = map[string]string{}
	}
	p.names[ph], p.known[n] = n, ph
	return ph
}

// hold gives the placeholder of a value.
func (p *planner) hold(v attr.Value) string {
	ph := ":" + itoa(len(p.values))
	p.values = append(p.values, attr.Attribute{Name: ph, Value: v})
	return ph
}

// path writes a path in the expression language.
func (p *planner) path(x *partiql.Path) string {
	var b strings.Builder
	for i, part := range x.Parts {
		switch {
		case part.IsIndex:
			b.WriteString("[" + itoa(part.Index) + "]")
		case i == 0:
			b.WriteString(p.name(part.Name))
		default:
			b.WriteString("." + p.name(part.Name))
		}
	}
	return b.String()
}

// conjuncts takes a WHERE clause apart at its outermost ANDs.
func conjuncts(x partiql.Expr) []partiql.Expr {
	if x == nil {
		return nil
	}
	if b, ok := x.(*partiql.Binary); ok && b.Op == "AND" {
		return append(conjuncts(b.L), conjuncts(b.R)...)
	}
	return []partiql.Expr{x}
}
