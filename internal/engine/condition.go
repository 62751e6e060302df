package engine

import (
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
)

// expressionInput are the substitutions of a request's expressions.
type expressionInput struct {
	ExpressionAttributeNames  map[string]string `wire:"ExpressionAttributeNames"`
	ExpressionAttributeValues attr.Item         `wire:"ExpressionAttributeValues,values"`
}

func (in *expressionInput) context() *expression.Context {
	return expression.NewContext(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
}

// conditionInput are the parameters that make a write conditional.
type conditionInput struct {
	Expected            map[string]legacyCondition `wire:"Expected"`
	ConditionalOperator string                     `wire:"ConditionalOperator,enum=OR|AND"`
	ConditionExpression *string                    `wire:"ConditionExpression"`
	expressionInput
	ReturnValuesOnConditionCheckFailure string `wire:"ReturnValuesOnConditionCheckFailure,enum=ALL_OLD|NONE"`
}

// guard is a planned condition of a write; the zero guard lets everything pass.
type guard struct {
	condition *expression.Condition
	returnOld bool // the failure carries the item as it is
}

// check decides on the item as it is; old is nil when there is none.
func (g guard) check(old *Image) error {
	if g.condition == nil {
		return nil
	}
	var wire []byte
	if old != nil {
		wire = old.Wire
	}
	ok, err := g.condition.MatchWire(wire)
	switch {
	case err != nil:
		return err
	case ok:
		return nil
	case g.returnOld:
		return errConditionFailed(wire)
	}
	return errConditionFailed(nil)
}

// newGuard plans a ConditionExpression; nil makes a guard that lets everything pass.
func newGuard(x *expression.Context, text *string, onFailure string) (guard, error) {
	g := guard{returnOld: onFailure == "ALL_OLD"}
	if text == nil {
		return g, nil
	}
	var err error
	g.condition, err = x.Condition(expression.ConditionParameter, *text)
	return g, err
}

// param is a parameter's name and whether the request has it.
type param struct {
	name  string
	given bool
}

// exclusive refuses a request that mixes expressions with the parameters they replaced.
func exclusive(legacy, expressions []param) error {
	given := func(ps []param) string {
		var names []string
		for _, p := range ps {
			if p.given {
				names = append(names, p.name)
			}
		}
		return strings.Join(names, ", ")
	}
	old, now := given(legacy), given(expressions)
	if old == "" || now == "" {
		return nil
	}
	return validation("Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {" +
		old + "} Expression parameters: {" + now + "}")
}
