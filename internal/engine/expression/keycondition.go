package expression

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

// KeyAttr is one attribute of a key schema.
type KeyAttr struct {
	Name string
	Kind attr.Kind // S, N or B

	Index string // the index whose key it belongs to; empty for the table's
}

// SortOp is how a key condition restricts the last sort key attribute it names.
type SortOp uint8

// The ways. None: not at all; Between takes both bounds in.
const (
	None SortOp = iota
	Eq
	Lt
	Le
	Gt
	Ge
	BetweenOp
	BeginsWith
)

// KeyCondition is what a key condition asks of a table or an index: a value for each partition key attribute, equality for the first sort key attributes,
// and Op with A (and B, the upper bound of BetweenOp) for the one behind them. A sort key of one attribute that is equal to a value stands in SortEq.
type KeyCondition struct {
	Hash   []attr.Value
	SortEq []attr.Value
	Op     SortOp
	A, B   attr.Value
}

// Holds tells whether a value fits the condition on the last sort key attribute that has one, which is none for None.
func (k *KeyCondition) Holds(v attr.Value) bool {
	if k.Op != None && v.Kind != k.A.Kind {
		return false
	}
	switch k.Op {
	case Eq:
		return attr.Compare(v, k.A) == 0
	case Lt:
		return attr.Compare(v, k.A) < 0
	case Le:
		return attr.Compare(v, k.A) <= 0
	case Gt:
		return attr.Compare(v, k.A) > 0
	case Ge:
		return attr.Compare(v, k.A) >= 0
	case BetweenOp:
		return attr.Compare(v, k.A) >= 0 && attr.Compare(v, k.B) <= 0
	case BeginsWith:
		return strings.HasPrefix(v.Str, k.A.Str)
	}
	return true
}

// keyTerm is one condition on one key attribute.
type keyTerm struct {
	Name string
	Op   SortOp
	A, B attr.Value

	unindexed bool // a legacy operator that no key can be searched by; Op is None
}

// The service's words for key conditions. Most stand without "Invalid KeyConditionExpression: ", which the first has since 2026 (aws-amplify/amplify-category-api
// 3531; without it in awslabs/aws-athena-query-federation 1089 of 2023).
const (
	msgOnePerKey       = "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key"
	msgNestedOperation = "KeyConditionExpressions cannot contain nested operations"
	msgNestedAttribute = "KeyConditionExpressions cannot have conditions on nested attributes"
	msgNotSupported    = "Query key condition not supported"
	msgLength          = "Conditions can be of length 1 or 2 only"
	msgSchemaType      = "One or more parameter values were invalid: Condition parameter type does not match schema type"

	inKeyCondition = "Invalid condition in KeyConditionExpression: "
	inKeyOperator  = "Invalid operator used in KeyConditionExpression: "
)

// KeyCondition reads the condition as a key condition on a key schema: one to four partition key attributes, none to four sort key attributes. Each
// partition key attribute must equal a value; sort key attributes are given from the left, all but the last by equality (Developer Guide,
// "Multi-attribute keys"). Errors are of type *Error.
func (c *Condition) KeyCondition(hash, sort []KeyAttr) (KeyCondition, error) {
	keys := append(slices.Clone(hash), sort...)
	terms, err := c.takeApart(keys)
	switch {
	case err != nil:
		return KeyCondition{}, err
	case c.legacyKeys != nil && len(terms) > max(2, len(keys)):
		return KeyCondition{}, fail(msgLength)
	case c.legacyKeys == nil && len(terms) > len(keys):
		return KeyCondition{}, fail("The number of query conditions (" + strconv.Itoa(len(terms)) +
			") exceeds the number of key attributes defined in the schema (" + strconv.Itoa(len(keys)) + ")")
	}
	out, err := matchKeys(terms, hash, sort)
	if err != nil {
		return KeyCondition{}, err
	}
	return out, nil
}

// matchKeys fits conditions, one per attribute, to a key schema.
func matchKeys(terms keyTerms, hash, sort []KeyAttr) (KeyCondition, *Error) {
	keys := append(slices.Clone(hash), sort...)
	if len(hash) > 1 || len(sort) > 1 {
		if err := terms.checkSeveral(keys, hash, sort); err != nil {
			return KeyCondition{}, err
		}
	}
	var out KeyCondition
	used := 0
	for _, a := range hash {
		t := terms.of(a)
		if t == nil {
			return KeyCondition{}, errMissed(a.Name)
		}
		if t.Op != Eq {
			return KeyCondition{}, fail(msgNotSupported)
		}
		used++
		out.Hash = append(out.Hash, t.A)
	}
	for _, a := range sort {
		t := terms.of(a)
		if t == nil {
			if used < len(terms) {
				return KeyCondition{}, errMissed(a.Name)
			}
			break
		}
		if t.Op == None && !t.unindexed || out.Op != None {
			return KeyCondition{}, fail(msgNotSupported)
		}
		used++
		if t.Op == Eq {
			out.SortEq = append(out.SortEq, t.A)
			continue
		}
		out.Op, out.A, out.B = t.Op, t.A, t.B
	}
	if used < len(terms) {
		return KeyCondition{}, fail(msgNotSupported)
	}
	return out, terms.checkValues(keys)
}

// keyTerms are the conditions of a key condition, one per attribute.
type keyTerms []keyTerm

// of finds the condition on an attribute, nil where there is none.
func (ts keyTerms) of(a KeyAttr) *keyTerm {
	for i := range ts {
		if ts[i].Name == a.Name {
			return &ts[i]
		}
	}
	return nil
}

// unequal names the attributes that are not asked to equal a value.
func (ts keyTerms) unequal(keys []KeyAttr) string {
	var names []string
	for _, a := range keys {
		if t := ts.of(a); t == nil || t.Op != Eq {
			names = append(names, a.Name)
		}
	}
	return strings.Join(names, ", ")
}

// checkSeveral checks a key of several attributes, for which the service has words of its own (eu-central-1, us-east-1 and eu-west-2, October 2026:
// source of nubo-db/dynoxide 3.2).
func (ts keyTerms) checkSeveral(keys, hash, sort []KeyAttr) *Error {
	if names := ts.unequal(hash); names != "" {
		return fail("HASH key attributes " + names + " must have equality conditions specified in the query")
	}
	stray := slices.ContainsFunc(ts, func(t keyTerm) bool {
		return !slices.ContainsFunc(keys, func(a KeyAttr) bool { return a.Name == t.Name })
	})
	if stray {
		return nil
	}
	for i, a := range slices.Backward(sort) {
		if ts.of(a) == nil {
			continue
		}
		if names := ts.unequal(sort[:i]); names != "" {
			return fail("RANGE key attributes " + names +
				" must have equality conditions specified in the query because a condition is present on key attribute " + a.Name)
		}
		break
	}
	return nil
}

// checkValues compares the values of all conditions with their attributes' types.
func (ts keyTerms) checkValues(keys []KeyAttr) *Error {
	for _, a := range keys {
		t := ts.of(a)
		if t == nil {
			continue
		}
		if err := t.check(a); err != nil {
			return err
		}
		if t.unindexed {
			return fail(msgNotIndexable)
		}
	}
	return nil
}

func errMissed(name string) *Error {
	return fail("Query condition missed key schema element: " + name)
}

// check compares the values of a condition with the attribute's type.
func (t *keyTerm) check(a KeyAttr) *Error {
	if t.unindexed && t.A.Kind == attr.Invalid {
		return nil
	}
	if t.A.Kind != a.Kind || (t.Op == BetweenOp && t.B.Kind != a.Kind) || (t.Op == BeginsWith && a.Kind == attr.N) {
		return fail(msgSchemaType)
	}
	if a.Kind != attr.N && (t.A.Str == "" || t.Op == BetweenOp && t.B.Str == "") {
		return errEmptyKey(a)
	}
	return nil
}

func errEmptyKey(a KeyAttr) *Error {
	kind := "string"
	if a.Kind == attr.B {
		kind = "binary"
	}
	const invalid = "One or more parameter values are not valid. "
	empty := "The AttributeValue for a key attribute cannot contain an empty " + kind + " value."
	if a.Index == "" {
		return fail(invalid + empty + " Key: " + a.Name)
	}
	return fail(invalid + "A value specified for a secondary index key is not supported. " + empty + " IndexName: " + a.Index + ", IndexKey: " + a.Name)
}
