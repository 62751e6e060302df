package expression

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
)

// The parameters that expressions replaced give the same plans as expressions do. A caller hands over the parameter as it stands in the request:
//
//	cond, err := LegacyExpected(in.Expected, in.ConditionalOperator)              // PutItem, UpdateItem, DeleteItem
//	update, err := LegacyUpdates(in.AttributeUpdates)                             // UpdateItem
//	keys, err := LegacyKeyConditions(in.KeyConditions)                            // Query; then keys.KeyCondition(hash, sort) as with an expression
//	filter, err := LegacyFilter("QueryFilter", in.QueryFilter, in.ConditionalOperator) // Query, and "ScanFilter" for Scan
//	projection := ProjectAttributes(in.AttributesToGet)
//
// A parameter that is absent or {} gives a nil plan (but LegacyKeyConditions, which refuses it, and LegacyUpdates, whose plan changes nothing). Errors
// are of type *Error, or *attr.Error for values and JSON of the wrong shape. That a QueryFilter names no key attribute is for the caller to see to, by
// Condition.Attributes: "QueryFilter can only contain non-primary key attributes: Primary key attribute: pk".

const (
	parameters       = "One or more parameter values were invalid: "
	msgSameType      = parameters + "AttributeValues inside AttributeValueList must be of same type"
	msgBounds        = "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"
	msgNotIndexable  = "Attempted conditional constraint is not an indexable operation"
	msgNothingToJoin = "ConditionalOperator cannot be used without Filter or Expected"
	msgOneToJoin     = "ConditionalOperator can only be used when Filter or Expected has two or more elements"
	msgMismatch      = "Type mismatch for attribute to update"
	msgOnlyDelete    = parameters + "Only DELETE action is allowed when no attribute value is specified"
	legacyOperators  = "[IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]"
	legacyActions    = "[ADD, PUT, DELETE]"
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
		"BETWEEN": {2, 2, orderedKind}, "IN": {1, MaxInOperands, orderedKind}, "BEGINS_WITH": {1, 1, prefixKind},
		"CONTAINS": {1, 1, partKind}, "NOT_CONTAINS": {1, 1, partKind}, "NULL": {0, 0, anyKind}, "NOT_NULL": {0, 0, anyKind},
	}
)

// LegacyExpected plans Expected, joined by ConditionalOperator (AND where it is empty).
func LegacyExpected(raw []byte, operator string) (*Condition, error) {
	entries, err := readLegacy("expected", raw)
	if err != nil {
		return nil, err
	}
	for i := range entries {
		if err := entries[i].expect(); err != nil {
			return nil, err
		}
	}
	return joined("Expected", entries, operator)
}

// LegacyFilter plans QueryFilter or ScanFilter; parameter is its name.
func LegacyFilter(parameter string, raw []byte, operator string) (*Condition, error) {
	field := "scanFilter"
	if parameter == "QueryFilter" {
		field = "queryFilter"
	}
	entries, err := readLegacy(field, raw)
	if err != nil {
		return nil, err
	}
	return joined(parameter, entries, operator)
}

// LegacyKeyConditions plans KeyConditions, for KeyCondition to read.
func LegacyKeyConditions(raw []byte) (*Condition, error) {
	entries, err := readLegacy("keyConditions", raw)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, fail(msgLength)
	}
	c, err := joined("KeyConditions", entries, "")
	if err != nil {
		return nil, err
	}
	for i := range entries {
		switch entries[i].operator {
		case "EQ", "LE", "LT", "GE", "GT", "BEGINS_WITH", "BETWEEN":
		case "NE":
			return nil, fail(msgNotSupported)
		default:
			return nil, fail(msgNotIndexable)
		}
	}
	return c, nil
}

// expect turns Value and Exists of an entry of Expected into an operator with values.
func (l *legacyEntry) expect() *Error {
	wrong := func(text string) *Error { return fail(parameters + text + " for Attribute: " + l.name) }
	hasList := l.values != nil
	switch {
	case l.exists != nil && l.operator != "":
		return wrong("Exists and ComparisonOperator cannot be used together")
	case l.value != nil && hasList:
		return wrong("Value and AttributeValueList cannot be used together")
	case l.operator == "" && hasList:
		return wrong("AttributeValueList can only be used with a ComparisonOperator")
	case l.operator != "":
		if l.value != nil {
			l.values = []attr.Value{*l.value}
		} else if !hasList && l.operator != "NULL" && l.operator != "NOT_NULL" {
			return wrong("Value or AttributeValueList must be used with ComparisonOperator: " + l.operator)
		}
	case l.exists != nil && !*l.exists:
		if l.value != nil {
			return wrong("Value cannot be used when Exists is false")
		}
		l.operator = "NULL"
	case l.value == nil && l.exists == nil:
		return wrong("Value must be provided when Exists is null")
	case l.value == nil:
		return wrong("Value must be provided when Exists is true")
	default:
		l.operator, l.values = "EQ", []attr.Value{*l.value}
	}
	return nil
}

// check compares an entry's values with its operator.
func (l *legacyEntry) check() *Error {
	op := comparisonOperators[l.operator]
	if len(l.values) < op.least || len(l.values) > op.most {
		return fail(parameters + "Invalid number of argument(s) for the " + l.operator + " ComparisonOperator")
	}
	for i := range l.values {
		if k := l.values[i].Kind; op.kinds != nil && !slices.Contains(op.kinds, k) {
			return fail(parameters + "ComparisonOperator " + l.operator + " is not valid for " + k.String() + " AttributeValue type")
		}
	}
	for i := range l.values {
		if l.values[i].Kind != l.values[0].Kind {
			return fail(msgSameType)
		}
	}
	if l.operator == "BETWEEN" && attr.Compare(l.values[0], l.values[1]) > 0 {
		return fail(msgBounds)
	}
	return nil
}

// joined plans entries, of which all must hold, or with OR one.
func joined(parameter string, entries []legacyEntry, operator string) (*Condition, error) {
	switch {
	case operator != "" && len(entries) == 0:
		return nil, fail(msgNothingToJoin)
	case operator != "" && len(entries) == 1:
		return nil, fail(msgOneToJoin)
	case len(entries) == 0:
		return nil, nil
	}
	c := &Condition{parameter: parameter}
	for i := range entries {
		l := &entries[i]
		if err := l.check(); err != nil {
			return nil, err
		}
		c.roots = append(c.roots, l.name)
		t := l.test(&pathOperand{slot: i, path: Path{{Name: l.name}}})
		switch {
		case i == 0:
			c.plan = t
		case operator == "OR":
			c.plan = &orTest{c.plan, t}
		default:
			c.plan = &andTest{c.plan, t}
		}
	}
	return c, nil
}

// test plans one entry. NE holds for a missing attribute, NOT_CONTAINS does not.
func (l *legacyEntry) test(x *pathOperand) test {
	values := make([]operand, len(l.values))
	for i := range l.values {
		values[i] = &constant{&l.values[i]}
	}
	switch l.operator {
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
		op := map[string]Op{"EQ": OpEq, "NE": OpNe, "LE": OpLe, "LT": OpLt, "GE": OpGe, "GT": OpGt}[l.operator]
		return &comparisonTest{op, x, values[0]}
	}
}
