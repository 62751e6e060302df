package engine

import (
	"maps"
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
)

// The parameters that expressions replaced in 2014 (Developer Guide, "Legacy conditional parameters"). Package expression checks them in their own words
// and plans them as it plans expressions.

// legacyCondition is an entry of Expected, QueryFilter, ScanFilter or KeyConditions.
type legacyCondition struct {
	Value              *attr.Value  `wire:"Value"`
	Exists             *bool        `wire:"Exists"`
	ComparisonOperator string       `wire:"ComparisonOperator"`
	AttributeValueList []attr.Value `wire:"AttributeValueList"`
}

// filterCondition is a legacyCondition that must name its operator.
type filterCondition struct {
	AttributeValueList []attr.Value `wire:"AttributeValueList"`
	ComparisonOperator string       `wire:"ComparisonOperator,required"`
}

// conditions lists entries in the order of their names.
func conditions(in map[string]legacyCondition) []expression.LegacyCondition {
	out := make([]expression.LegacyCondition, 0, len(in))
	for _, name := range slices.Sorted(maps.Keys(in)) {
		c := in[name]
		out = append(out, expression.LegacyCondition{
			Name: name, Operator: c.ComparisonOperator, Values: c.AttributeValueList, Value: c.Value, Exists: c.Exists,
		})
	}
	return out
}

func filters(in map[string]filterCondition) []expression.LegacyCondition {
	out := make([]expression.LegacyCondition, 0, len(in))
	for _, name := range slices.Sorted(maps.Keys(in)) {
		out = append(out, expression.LegacyCondition{Name: name, Operator: in[name].ComparisonOperator, Values: in[name].AttributeValueList})
	}
	return out
}

// legacyGuard plans Expected.
func (in *conditionInput) legacyGuard() (guard, error) {
	g := guard{returnOld: in.ReturnValuesOnConditionCheckFailure == "ALL_OLD"}
	var err error
	g.condition, err = expression.LegacyExpected(conditions(in.Expected), in.ConditionalOperator)
	return g, err
}

// attributeUpdate is an entry of AttributeUpdates.
type attributeUpdate struct {
	Value  *attr.Value `wire:"Value"`
	Action string      `wire:"Action"`
}

// legacyPlan plans AttributeUpdates and Expected.
func (in *updateItemInput) legacyPlan() (guard, changer, error) {
	g, err := in.legacyGuard()
	if err != nil || len(in.AttributeUpdates) == 0 {
		return g, nil, err
	}
	entries := make([]expression.LegacyUpdate, 0, len(in.AttributeUpdates))
	for _, name := range slices.Sorted(maps.Keys(in.AttributeUpdates)) {
		u := in.AttributeUpdates[name]
		entries = append(entries, expression.LegacyUpdate{Name: name, Action: u.Action, Value: u.Value})
	}
	u, err := expression.LegacyUpdates(entries)
	if err != nil {
		return g, nil, err
	}
	return g, u, nil
}

// legacyPlan plans KeyConditions and QueryFilter.
func (in *queryInput) legacyPlan(plan *queryPlan) (err error) {
	if in.FilterExpression == nil {
		if plan.filter, err = expression.LegacyFilter("QueryFilter", filters(in.QueryFilter), in.ConditionalOperator); err != nil {
			return err
		}
	}
	plan.keys, err = expression.LegacyKeyConditions(filters(in.KeyConditions))
	return err
}
