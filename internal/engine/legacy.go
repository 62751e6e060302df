package engine

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
