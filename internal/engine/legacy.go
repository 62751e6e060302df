package engine

import "github.com/ddb-cli/ddb/internal/engine/expression"

// errLegacy refuses the parameters that expressions replaced.
func errLegacy(names string) error {
	return validation("The parameters " + names + " are not supported by this engine: use expressions, which replaced them")
}

func (in *conditionInput) legacyGuard() (guard, error) {
	return guard{}, errLegacy("Expected and ConditionalOperator")
}

func (in *updateItemInput) legacyPlan() (guard, changer, error) {
	return guard{}, nil, errLegacy("AttributeUpdates, Expected and ConditionalOperator")
}

func (in *queryInput) legacyPlan() (*queryPlan, error) {
	if in.KeyConditions == nil {
		return nil, validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	return nil, errLegacy("KeyConditions, QueryFilter and ConditionalOperator")
}

func (in *scanInput) legacyPlan() (filter *expression.Condition, projection *expression.Projection, err error) {
	if in.ScanFilter != nil || in.ConditionalOperator != "" {
		return nil, nil, errLegacy("ScanFilter and ConditionalOperator")
	}
	projection, err = projectAttributes(in.AttributesToGet)
	return nil, projection, err
}
