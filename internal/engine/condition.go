package engine

import (
	"errors"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
)

// expressionInput are the substitutions of a request's expressions.
type expressionInput struct {
	ExpressionAttributeNames  map[string]string `wire:"ExpressionAttributeNames"`
	ExpressionAttributeValues attr.Item         `wire:"ExpressionAttributeValues,values"`

	refused error // what is wrong with a value; reported when an expression is read, since names and other parameters come first
}

func (in *expressionInput) context() *expression.Context {
	x := expression.NewContext(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	if e, ok := errors.AsType[*attr.Error](in.refused); ok {
		x.Refuse(e)
	}
	return x
}

// refuseValues keeps what is wrong with a value until the expressions are read.
func (in *expressionInput) refuseValues(err error) { in.refused = err }

// conditionInput are the parameters that make a write conditional.
type conditionInput struct {
	Expected            map[string]legacyCondition `wire:"Expected"`
	ConditionalOperator string                     `wire:"ConditionalOperator"`
	ConditionExpression *string                    `wire:"ConditionExpression"`
	expressionInput
	ReturnValuesOnConditionCheckFailure string `wire:"ReturnValuesOnConditionCheckFailure,enum=ALL_OLD|NONE"`

	body []byte // of the request
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
