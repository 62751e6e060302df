package engine

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
)

// The parameters that expressions replaced in 2014 (Developer Guide, "Legacy conditional parameters"). They are checked in
// their own words and then rewritten as expressions, so that there is one evaluation.

// legacyCondition is an entry of Expected, QueryFilter, ScanFilter or KeyConditions.
type legacyCondition struct {
	Value              *attr.Value  `wire:"Value"`
	Exists             *bool        `wire:"Exists"`
	ComparisonOperator string       `wire:"ComparisonOperator,enum=IN|NULL|BETWEEN|LT|NOT_CONTAINS|EQ|GT|NOT_NULL|NE|LE|BEGINS_WITH|GE|CONTAINS"`
	AttributeValueList []attr.Value `wire:"AttributeValueList"`
}

// filterCondition is a legacyCondition that must name its operator.
type filterCondition struct {
	AttributeValueList []attr.Value `wire:"AttributeValueList"`
	ComparisonOperator string       `wire:"ComparisonOperator,required,enum=IN|NULL|BETWEEN|LT|NOT_CONTAINS|EQ|GT|NOT_NULL|NE|LE|BEGINS_WITH|GE|CONTAINS"`
}

func filters(in map[string]filterCondition) map[string]legacyCondition {
	out := make(map[string]legacyCondition, len(in))
	for name, f := range in {
		out[name] = legacyCondition{ComparisonOperator: f.ComparisonOperator, AttributeValueList: f.AttributeValueList}
	}
	return out
}

// checkOperator refuses a ConditionalOperator that has nothing to connect.
func checkOperator(operator string, conditions int) error {
	switch {
	case operator == "":
		return nil
	case conditions == 0:
		return validation("ConditionalOperator cannot be used without Filter or Expected")
	case conditions == 1:
		return validation("ConditionalOperator can only be used when Filter or Expected has two or more elements")
	}
	return nil
}

// rewriter turns legacy conditions and updates into the text of expressions, with names and values of its own.
type rewriter struct {
	names  map[string]string
	values attr.Item
}

func (r *rewriter) name(name string) string {
	if r.names == nil {
		r.names = map[string]string{}
	}
	alias := "#n" + strconv.Itoa(len(r.names))
	r.names[alias] = name
	return alias
}

func (r *rewriter) value(v attr.Value) string {
	ref := ":v" + strconv.Itoa(len(r.values))
	r.values = append(r.values, attr.Attribute{Name: ref, Value: v})
	return ref
}

func (r *rewriter) context() *expression.Context { return expression.NewContext(r.names, r.values) }

// conditions rewrites a map of conditions, in the order of their names.
func (r *rewriter) conditions(in map[string]legacyCondition, operator string) (string, error) {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(in)) {
		c := in[name]
		if err := c.normalize(name); err != nil {
			return "", err
		}
		if err := c.check(); err != nil {
			return "", err
		}
		parts = append(parts, r.condition(name, c))
	}
	if operator == "" {
		operator = "AND"
	}
	return strings.Join(parts, " "+operator+" "), nil
}

// normalize turns Value and Exists into an operator with its list.
func (c *legacyCondition) normalize(name string) error {
	of := " for Attribute: " + name
	if c.ComparisonOperator != "" {
		switch {
		case c.Exists != nil:
			return invalidParameter("Exists and ComparisonOperator cannot be used together" + of)
		case c.Value != nil && c.AttributeValueList != nil:
			return invalidParameter("Value and AttributeValueList cannot be used together" + of)
		case c.Value != nil:
			c.AttributeValueList = []attr.Value{*c.Value}
		case c.AttributeValueList == nil && c.ComparisonOperator != "NULL" && c.ComparisonOperator != "NOT_NULL":
			return invalidParameter("Value or AttributeValueList must be used with ComparisonOperator: " + c.ComparisonOperator + of)
		}
		return nil
	}
	switch {
	case c.AttributeValueList != nil:
		return invalidParameter("AttributeValueList can only be used with a ComparisonOperator" + of)
	case c.Exists == nil && c.Value == nil:
		return invalidParameter("Value must be provided when Exists is null" + of)
	case c.Exists != nil && *c.Exists && c.Value == nil:
		return invalidParameter("Value must be provided when Exists is true" + of)
	case c.Exists != nil && !*c.Exists && c.Value != nil:
		return invalidParameter("Value cannot be used when Exists is false" + of)
	case c.Value == nil:
		c.ComparisonOperator = "NULL"
	default:
		c.ComparisonOperator, c.AttributeValueList = "EQ", []attr.Value{*c.Value}
	}
	return nil
}

// check checks number and types of an operator's values.
func (c *legacyCondition) check() error {
	op, n := c.ComparisonOperator, len(c.AttributeValueList)
	wrong := false
	switch op {
	case "NULL", "NOT_NULL":
		wrong = n != 0
	case "IN":
		wrong = n == 0
	case "BETWEEN":
		wrong = n != 2
	default:
		wrong = n != 1
	}
	if wrong {
		return invalidParameter("Invalid number of argument(s) for the " + op + " ComparisonOperator")
	}
	for _, v := range c.AttributeValueList {
		if !operatorTakes(op, v.Kind) {
			return invalidParameter("ComparisonOperator " + op + " is not valid for " + v.Kind.String() + " AttributeValue type")
		}
		if v.Kind != c.AttributeValueList[0].Kind {
			return invalidParameter("AttributeValues inside AttributeValueList must be of same type")
		}
	}
	if op == "BETWEEN" && attr.Compare(c.AttributeValueList[0], c.AttributeValueList[1]) > 0 {
		return validation("The BETWEEN condition was provided a range where the lower bound is greater than the upper bound")
	}
	return nil
}

func operatorTakes(op string, k attr.Kind) bool {
	switch op {
	case "LT", "LE", "GT", "GE", "BETWEEN", "IN":
		return k == attr.S || k == attr.N || k == attr.B
	case "BEGINS_WITH":
		return k == attr.S || k == attr.B
	case "CONTAINS", "NOT_CONTAINS":
		return k != attr.L && k != attr.M && !k.IsSet()
	}
	return true
}

func (r *rewriter) condition(name string, c legacyCondition) string {
	n := r.name(name)
	refs := make([]string, len(c.AttributeValueList))
	for i, v := range c.AttributeValueList {
		refs[i] = r.value(v)
	}
	switch c.ComparisonOperator {
	case "NULL":
		return "attribute_not_exists(" + n + ")"
	case "NOT_NULL":
		return "attribute_exists(" + n + ")"
	case "IN":
		return n + " IN (" + strings.Join(refs, ", ") + ")"
	case "BETWEEN":
		return n + " BETWEEN " + refs[0] + " AND " + refs[1]
	case "BEGINS_WITH":
		return "begins_with(" + n + ", " + refs[0] + ")"
	case "CONTAINS":
		return "contains(" + n + ", " + refs[0] + ")"
	case "NOT_CONTAINS":
		return "(attribute_exists(" + n + ") AND NOT contains(" + n + ", " + refs[0] + "))"
	}
	return n + " " + map[string]string{"EQ": "=", "NE": "<>", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}[c.ComparisonOperator] + " " + refs[0]
}

// legacyGuard plans Expected.
func (in *conditionInput) legacyGuard() (guard, error) {
	g := guard{returnOld: in.ReturnValuesOnConditionCheckFailure == "ALL_OLD"}
	if err := checkOperator(in.ConditionalOperator, len(in.Expected)); err != nil || len(in.Expected) == 0 {
		return g, err
	}
	var r rewriter
	text, err := r.conditions(in.Expected, in.ConditionalOperator)
	if err != nil {
		return g, err
	}
	g.condition, err = r.context().Condition(expression.ConditionParameter, text)
	return g, err
}

// attributeUpdate is an entry of AttributeUpdates.
type attributeUpdate struct {
	Value  *attr.Value `wire:"Value"`
	Action string      `wire:"Action,enum=ADD|PUT|DELETE"`
}

func (u attributeUpdate) check() error {
	switch {
	case u.Value == nil && u.Action != "DELETE":
		return invalidParameter("Only DELETE action is allowed when no attribute value is specified")
	case u.Value == nil:
		return nil
	case u.Action == "DELETE" && !u.Value.Kind.IsSet():
		return invalidParameter("DELETE action with value is not supported for the type " + u.Value.Kind.String())
	case u.Action == "ADD" && u.Value.Kind != attr.N && !u.Value.Kind.IsSet():
		return invalidParameter("ADD action is not supported for the type " + u.Value.Kind.String())
	}
	return nil
}

// legacyPlan plans AttributeUpdates and Expected.
func (in *updateItemInput) legacyPlan() (guard, changer, error) {
	g, err := in.legacyGuard()
	if err != nil || len(in.AttributeUpdates) == 0 {
		return g, nil, err
	}
	var r rewriter
	sections := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(in.AttributeUpdates)) {
		u := in.AttributeUpdates[name]
		if err := u.check(); err != nil {
			return g, nil, err
		}
		n := r.name(name)
		switch {
		case u.Value == nil:
			sections["REMOVE"] = append(sections["REMOVE"], n)
		case u.Action == "DELETE" || u.Action == "ADD":
			sections[u.Action] = append(sections[u.Action], n+" "+r.value(*u.Value))
		default:
			sections["SET"] = append(sections["SET"], n+" = "+r.value(*u.Value))
		}
	}
	var text []string
	for _, s := range slices.Sorted(maps.Keys(sections)) {
		text = append(text, s+" "+strings.Join(sections[s], ", "))
	}
	u, err := r.context().Update(strings.Join(text, " "))
	return g, legacyUpdate{u}, err
}

// legacyUpdate words what can go wrong the way AttributeUpdates does.
type legacyUpdate struct{ *expression.Update }

func (u legacyUpdate) Apply(old attr.Item) (attr.Item, error) {
	it, err := u.Update.Apply(old)
	var e *expression.Error
	if errors.As(err, &e) && e.Message == "An operand in the update expression has an incorrect data type" {
		return nil, validation("Type mismatch for attribute to update")
	}
	return it, err
}

// legacyPlan plans KeyConditions, QueryFilter and AttributesToGet.
func (in *queryInput) legacyPlan() (*queryPlan, error) {
	if err := checkOperator(in.ConditionalOperator, len(in.QueryFilter)); err != nil {
		return nil, err
	}
	plan := new(queryPlan)
	var err error
	if plan.filter, err = legacyFilter(in.QueryFilter, in.ConditionalOperator); err != nil {
		return nil, err
	}
	if in.KeyConditions == nil {
		return nil, validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	if in.AttributesToGet != nil {
		if plan.projection, err = projectAttributes(in.AttributesToGet); err != nil {
			return nil, err
		}
	}
	terms, err := keyTerms(filters(in.KeyConditions))
	if err != nil {
		return nil, err
	}
	plan.keys = func(hash, sort []expression.KeyAttr) (expression.KeyCondition, error) {
		k, err := expression.MatchKeys(terms, hash, sort)
		if err != nil {
			return k, err
		}
		return k, nil
	}
	return plan, nil
}

func keyTerms(in map[string]legacyCondition) ([]expression.KeyTerm, error) {
	ops := map[string]expression.SortOp{
		"EQ": expression.Eq, "LT": expression.Lt, "LE": expression.Le, "GT": expression.Gt, "GE": expression.Ge,
		"BETWEEN": expression.BetweenOp, "BEGINS_WITH": expression.BeginsWith,
	}
	var terms []expression.KeyTerm
	for _, name := range slices.Sorted(maps.Keys(in)) {
		c := in[name]
		op, ok := ops[c.ComparisonOperator]
		if !ok {
			return nil, validation("Attempted conditional constraint is not an indexable operation")
		}
		if err := c.check(); err != nil {
			return nil, err
		}
		t := expression.KeyTerm{Name: name, Op: op, A: c.AttributeValueList[0]}
		if op == expression.BetweenOp {
			t.B = c.AttributeValueList[1]
		}
		terms = append(terms, t)
	}
	return terms, nil
}

// legacyFilter plans QueryFilter or ScanFilter; nil when there is none.
func legacyFilter(in map[string]filterCondition, operator string) (*expression.Condition, error) {
	if len(in) == 0 {
		return nil, nil
	}
	var r rewriter
	text, err := r.conditions(filters(in), operator)
	if err != nil {
		return nil, err
	}
	return r.context().Condition(expression.Filter, text)
}

// legacyPlan plans ScanFilter and AttributesToGet.
func (in *scanInput) legacyPlan() (filter *expression.Condition, projection *expression.Projection, err error) {
	if err := checkOperator(in.ConditionalOperator, len(in.ScanFilter)); err != nil {
		return nil, nil, err
	}
	if filter, err = legacyFilter(in.ScanFilter, in.ConditionalOperator); err != nil {
		return nil, nil, err
	}
	if in.AttributesToGet != nil {
		projection, err = projectAttributes(in.AttributesToGet)
	}
	return filter, projection, err
}
