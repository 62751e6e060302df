package expression

import (
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

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
