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
