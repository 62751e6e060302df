package expression

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
)

// SearchConditions is the parameter of SearchVectors that narrows a search.
const SearchConditions = "SearchConditionExpression"

// Equality asks that a top-level attribute has a value.
type Equality struct {
	Name  string
	Value attr.Value
}

// Equalities reads the condition as one of a vector search, which compares attributes of the search schema with values by
// "=" and joins the comparisons by AND (API reference, SearchVectors: SearchConditionExpression). Errors are of type *Error.
func (c *Condition) Equalities() ([]Equality, error) {
	out, err := equalities(nil, c.plan)
	if err != nil {
		return nil, in(SearchConditions, err)
	}
	return out, nil
}

func equalities(out []Equality, t test) ([]Equality, *Error) {
	switch t := t.(type) {
	case *andTest:
		out, err := equalities(out, t.left)
		if err != nil {
			return nil, err
		}
		return equalities(out, t.right)
	case *comparisonTest:
		if t.op == OpEq {
			return equality(out, t.left, t.right)
		}
		return nil, fail("Invalid comparator used in " + SearchConditions)
	}
	// BETWEEN and IN are operators, too (measured by a user of the service in August 2026), and unlike in key conditions not named.
	return nil, fail("Invalid operator used in " + SearchConditions)
}

func equality(out []Equality, left, right operand) ([]Equality, *Error) {
	path, ok := left.(*pathOperand)
	value := right
	if !ok {
		path, ok = right.(*pathOperand)
		value = left
	}
	v, constant := value.(*constant)
	switch {
	case !ok:
		return nil, fail("No attribute of the search schema specified in a condition")
	case !constant:
		return nil, fail("Multiple attribute names used in one condition")
	case len(path.path) > 1:
		return nil, fail(SearchConditions + " cannot have conditions on nested attributes")
	}
	name := path.path[0].Name
	if slices.ContainsFunc(out, func(e Equality) bool { return e.Name == name }) {
		return nil, fail(SearchConditions + " must only contain one condition per attribute")
	}
	return append(out, Equality{name, *v.v}), nil
}
