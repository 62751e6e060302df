package expression

import (
	"slices"
)

// takeApart takes the condition apart.
func (c *Condition) takeApart(keys []KeyAttr) ([]keyTerm, *Error) {
	if c.legacyKeys != nil {
		return legacyTerms(c.legacyKeys), nil
	}
	k := keyReader{keys: keys}
	if err := k.test(c.plan); err != nil {
		return nil, err
	}
	return k.terms, nil
}

type keyReader struct {
	keys  []KeyAttr
	terms []keyTerm
}

func (k *keyReader) test(t test) *Error {
	switch t := t.(type) {
	case *andTest:
		if err := k.test(t.left); err != nil {
			return err
		}
		return k.test(t.right)
	case *orTest:
		return fail(inKeyOperator + "OR")
	case *notTest:
		return fail(inKeyOperator + "NOT")
	case *inTest:
		return fail(inKeyOperator + "IN")
	case *containsTest:
		return fail(inKeyOperator + "contains")
	case *typeTest:
		return fail(inKeyOperator + "attribute_type")
	case *existsTest:
		if t.want {
			return fail(inKeyOperator + "attribute_exists")
		}
		return fail(inKeyOperator + "attribute_not_exists")
	case *comparisonTest:
		return k.comparison(t)
	case *betweenTest:
		if _, ok := t.x.(*constant); ok {
			return fail(inKeyCondition + "BETWEEN operator must have the key attribute as its first operand")
		}
		return k.term(BetweenOp, t.x, t.low, t.high)
	case *prefixTest:
		if _, ok := t.x.(*constant); ok {
			return fail(inKeyCondition + "begins_with operator must have the key attribute as its first operand")
		}
		return k.term(BeginsWith, t.x, t.prefix)
	}
	return fail(msgNotSupported)
}

func (k *keyReader) comparison(t *comparisonTest) *Error {
	op := [...]SortOp{OpEq: Eq, OpNe: None, OpLt: Lt, OpLe: Le, OpGt: Gt, OpGe: Ge}[t.op]
	if op == None {
		return fail(inKeyOperator + t.op.String())
	}
	if _, ok := t.left.(*constant); ok {
		mirrored := [...]SortOp{Eq: Eq, Lt: Gt, Le: Ge, Gt: Lt, Ge: Le}[op]
		return k.term(mirrored, t.right, t.left)
	}
	return k.term(op, t.left, t.right)
}

// term adds a condition on x.
func (k *keyReader) term(op SortOp, x operand, values ...operand) *Error {
	term := keyTerm{Op: op}
	for _, o := range append([]operand{x}, values...) {
		if _, ok := o.(*sizeOperand); ok {
			return fail(msgNestedOperation)
		}
	}
	path, ok := x.(*pathOperand)
	if !ok {
		return fail(inKeyCondition + "No key attribute specified")
	}
	for i, o := range values {
		c, ok := o.(*constant)
		switch {
		case !ok:
			return fail(inKeyCondition + "Multiple attribute names used in one condition")
		case i == 0:
			term.A = *c.v
		default:
			term.B = *c.v
		}
	}
	term.Name = path.path[0].Name
	if len(path.path) > 1 {
		if slices.ContainsFunc(k.keys, func(a KeyAttr) bool { return a.Name == term.Name }) {
			return fail("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: " + term.Name)
		}
		return fail(msgNestedAttribute)
	}
	if slices.ContainsFunc(k.terms, func(t keyTerm) bool { return t.Name == term.Name }) {
		return fail(msgOnePerKey)
	}
	k.terms = append(k.terms, term)
	return nil
}
