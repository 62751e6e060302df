package expression

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
)

// The parameters that expressions replaced give the same plans as expressions do: the caller decodes them, the functions here check and plan them. An
// empty parameter gives a nil plan (but LegacyKeyConditions, which refuses it, and LegacyUpdates, whose plan changes nothing). Errors are of type *Error.
// Entries are checked in the order given; requests hold them as JSON objects, so a caller sorts them by name to be predictable.

// LegacyCondition is an entry of Expected, QueryFilter, ScanFilter or KeyConditions.
type LegacyCondition struct {
	Name     string
	Operator string       // ComparisonOperator
	Values   []attr.Value // AttributeValueList; nil if absent
	Value    *attr.Value  // Expected only
	Exists   *bool        // Expected only
}

// LegacyUpdate is an entry of AttributeUpdates (API reference, AttributeValueUpdate).
type LegacyUpdate struct {
	Name   string
	Action string // PUT where it is empty
	Value  *attr.Value
}

const (
	parameters      = "One or more parameter values were invalid: "
	msgSameType     = parameters + "AttributeValues inside AttributeValueList must be of same type"
	msgBounds       = "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"
	msgNotIndexable = "Attempted conditional constraint is not an indexable operation"
	msgMismatch     = "Type mismatch for attribute to update"
	msgOnlyDelete   = parameters + "Only DELETE action is allowed when no attribute value is specified"
)

// legacyOperator says what a comparison operator takes.
type legacyOperator struct {
	least, most int // values
	kinds       []attr.Kind
}

var (
	anyKind     []attr.Kind
	orderedKind = []attr.Kind{attr.S, attr.N, attr.B}
	prefixKind  = []attr.Kind{attr.S, attr.B}
	partKind    = []attr.Kind{attr.S, attr.N, attr.B, attr.BOOL, attr.NULL}

	comparisonOperators = map[string]legacyOperator{
		"EQ": {1, 1, anyKind}, "NE": {1, 1, anyKind},
		"LE": {1, 1, orderedKind}, "LT": {1, 1, orderedKind}, "GE": {1, 1, orderedKind}, "GT": {1, 1, orderedKind},
		"BETWEEN": {2, 2, orderedKind}, "IN": {1, maxInOperands, orderedKind}, "BEGINS_WITH": {1, 1, prefixKind},
		"CONTAINS": {1, 1, partKind}, "NOT_CONTAINS": {1, 1, partKind}, "NULL": {0, 0, anyKind}, "NOT_NULL": {0, 0, anyKind},
	}
)

// LegacyExpected plans Expected, joined by ConditionalOperator (AND where it is empty). That there are at least two to join is for the caller to see to.
func LegacyExpected(entries []LegacyCondition, operator string) (*Condition, error) {
	entries = slices.Clone(entries)
	for i := range entries {
		if err := entries[i].expect(); err != nil {
			return nil, err
		}
	}
	return joined("Expected", entries, operator)
}

// LegacyFilter plans QueryFilter or ScanFilter; parameter is its name. That a QueryFilter names no key attribute is for the caller to see to.
func LegacyFilter(parameter string, entries []LegacyCondition, operator string) (*Condition, error) {
	return joined(parameter, entries, operator)
}

// LegacyKeyConditions plans KeyConditions, for Condition.KeyCondition to fit to a key schema.
func LegacyKeyConditions(entries []LegacyCondition) (*Condition, error) {
	if len(entries) == 0 {
		return nil, fail(msgLength)
	}
	c, err := joined("KeyConditions", entries, "")
	if err != nil {
		return nil, err
	}
	c.legacyKeys = entries
	return c, nil
}

// legacyTerms are the conditions of KeyConditions on one attribute each. Which operators a key can be searched by is asked when the key is known.
func legacyTerms(entries []LegacyCondition) []keyTerm {
	ops := map[string]SortOp{"EQ": Eq, "LE": Le, "LT": Lt, "GE": Ge, "GT": Gt, "BEGINS_WITH": BeginsWith, "BETWEEN": BetweenOp}
	terms := make([]keyTerm, len(entries))
	for i, l := range entries {
		t := keyTerm{Name: l.Name, Op: ops[l.Operator]}
		t.unindexed = t.Op == None
		if len(l.Values) > 0 {
			t.A = l.Values[0]
		}
		if len(l.Values) > 1 {
			t.B = l.Values[1]
		}
		terms[i] = t
	}
	return terms
}

// expect turns Value and Exists of an entry of Expected into an operator with values.
func (l *LegacyCondition) expect() *Error {
	wrong := func(text string) *Error { return fail(parameters + text + " for Attribute: " + l.Name) }
	hasList := l.Values != nil
	switch {
	case l.Exists != nil && l.Operator != "":
		return wrong("Exists and ComparisonOperator cannot be used together")
	case l.Value != nil && hasList:
		return wrong("Value and AttributeValueList cannot be used together")
	case l.Operator == "" && hasList:
		return wrong("AttributeValueList can only be used with a ComparisonOperator")
	case l.Operator != "":
		if l.Value != nil {
			l.Values = []attr.Value{*l.Value}
		} else if !hasList && l.Operator != "NULL" && l.Operator != "NOT_NULL" {
			return wrong("Value or AttributeValueList must be used with ComparisonOperator: " + l.Operator)
		}
	case l.Exists != nil && !*l.Exists:
		if l.Value != nil {
			return wrong("Value cannot be used when Exists is false")
		}
		l.Operator = "NULL"
	case l.Value == nil && l.Exists == nil:
		return wrong("Value must be provided when Exists is null")
	case l.Value == nil:
		return wrong("Value must be provided when Exists is true")
	default:
		l.Operator, l.Values = "EQ", []attr.Value{*l.Value}
	}
	return nil
}

// check compares an entry's values with its operator.
func (l *LegacyCondition) check() *Error {
	op, ok := comparisonOperators[l.Operator]
	if !ok {
		return fail(parameters + "Invalid comparison operator")
	}
	if len(l.Values) < op.least || len(l.Values) > op.most {
		return fail(parameters + "Invalid number of argument(s) for the " + l.Operator + " ComparisonOperator")
	}
	for i := range l.Values {
		if k := l.Values[i].Kind; op.kinds != nil && !slices.Contains(op.kinds, k) {
			return fail(parameters + "ComparisonOperator " + l.Operator + " is not valid for " + k.String() + " AttributeValue type")
		}
	}
	for i := range l.Values {
		if l.Values[i].Kind != l.Values[0].Kind {
			return fail(msgSameType)
		}
	}
	if l.Operator == "BETWEEN" && attr.Compare(l.Values[0], l.Values[1]) > 0 {
		return fail(msgBounds)
	}
	return nil
}

// joined plans entries, of which all must hold, or with OR one.
func joined(parameter string, entries []LegacyCondition, operator string) (*Condition, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	for i := range entries {
		if err := entries[i].check(); err != nil {
			return nil, err
		}
	}
	c, operators := &Condition{parameter: parameter}, 0
	tests := make([]test, len(entries)) // side by side, as there may be so many that one below the other were too deep
	for i := range entries {
		l := &entries[i]
		c.roots = append(c.roots, l.Name)
		operators += 1 + len(l.Values)
		tests[i] = l.test(&pathOperand{slot: i, path: Path{{Name: l.Name}}})
	}
	c.plan = &joinedTest{tests, operator == "OR"}
	c.sum(operators)
	return c, nil
}

// test plans one entry. NE holds for a missing attribute, NOT_CONTAINS does not.
func (l *LegacyCondition) test(x *pathOperand) test {
	values := make([]operand, len(l.Values))
	for i := range l.Values {
		values[i] = &constant{&l.Values[i]}
	}
	switch l.Operator {
	case "NULL":
		return &existsTest{x, false}
	case "NOT_NULL":
		return &existsTest{x, true}
	case "IN":
		return &inTest{x, values}
	case "BETWEEN":
		return &betweenTest{x, values[0], values[1]}
	case "BEGINS_WITH":
		return &prefixTest{x, values[0]}
	case "CONTAINS":
		return &containsTest{x, values[0]}
	case "NOT_CONTAINS":
		return &andTest{&existsTest{x, true}, &notTest{&containsTest{x, values[0]}}}
	default:
		op := map[string]Op{"EQ": OpEq, "NE": OpNe, "LE": OpLe, "LT": OpLt, "GE": OpGe, "GT": OpGt}[l.Operator]
		return &comparisonTest{op, x, values[0]}
	}
}

// joinedTest holds when one of its tests does, or when all do.
type joinedTest struct {
	tests []test
	one   bool
}

func (t *joinedTest) eval(e *env) bool {
	for _, part := range t.tests {
		if part.eval(e) == t.one {
			return t.one
		}
	}
	return !t.one
}
