package expression

import (
	"encoding/base64"
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
)

// binder plans the nodes of one condition.
type binder struct {
	*Context
	out *Condition
}

// slot finds or adds a top-level attribute.
func (b *binder) slot(name string) int {
	if i := slices.Index(b.out.roots, name); i >= 0 {
		return i
	}
	b.out.roots = append(b.out.roots, name)
	return len(b.out.roots) - 1
}

func (b *binder) cond(c Cond) (test, *Error) {
	switch c := c.(type) {
	case *And:
		left, right, err := b.pair(c.Left, c.Right)
		return &andTest{left, right}, err
	case *Or:
		left, right, err := b.pair(c.Left, c.Right)
		return &orTest{left, right}, err
	case *Not:
		b.operators++
		x, err := b.cond(c.Cond)
		return &notTest{x}, err
	case *Comparison:
		return b.comparison(c)
	case *Between:
		return b.between(c)
	case *In:
		return b.in(c)
	default:
		return b.function(c.(*Function))
	}
}

func (b *binder) pair(left, right Cond) (l, r test, err *Error) {
	b.operators++
	if l, err = b.cond(left); err != nil {
		return nil, nil, err
	}
	r, err = b.cond(right)
	return l, r, err
}

// operands plans operands in order.
func (b *binder) operands(nodes ...Operand) ([]operand, *Error) {
	out := make([]operand, len(nodes))
	for i, n := range nodes {
		o, err := b.operand(n)
		if err != nil {
			return nil, err
		}
		out[i] = o
	}
	return out, nil
}

func (b *binder) operand(n Operand) (operand, *Error) {
	switch n := n.(type) {
	case ValueRef:
		v, err := b.value(n)
		if err != nil {
			return nil, err
		}
		v.OrderSet()
		return &constant{v}, nil
	case Path:
		p, err := b.path(n)
		if err != nil {
			return nil, err
		}
		name := p[0].Name
		if len(p) > 1 && !slices.Contains(b.out.nested, name) {
			b.out.nested = append(b.out.nested, name)
		}
		return &pathOperand{slot: b.slot(name), path: p}, nil
	default:
		return b.size(n.(*Function))
	}
}

func (b *binder) size(f *Function) (operand, *Error) {
	b.operators++
	if len(f.Args) != 1 {
		return nil, errOperands(f.Name, len(f.Args))
	}
	arg, err := b.operand(f.Args[0])
	if err != nil {
		return nil, err
	}
	if k := kindOf(arg); k == attr.N || k == attr.BOOL || k == attr.NULL {
		return nil, errOperand(f.Name, k.String())
	}
	return &sizeOperand{arg}, nil
}

func (b *binder) comparison(c *Comparison) (test, *Error) {
	b.operators++
	ops, err := b.operands(c.Left, c.Right)
	if err != nil {
		return nil, err
	}
	if err := distinct(c.Op.String(), ops); err != nil {
		return nil, err
	}
	if c.Op >= OpLt {
		if err := ordered(c.Op.String(), ops); err != nil {
			return nil, err
		}
	}
	return &comparisonTest{c.Op, ops[0], ops[1]}, nil
}

// distinct refuses a path as first operand that is one of the others too.
func distinct(op string, ops []operand) *Error {
	first, ok := ops[0].(*pathOperand)
	if !ok {
		return nil
	}
	for _, o := range ops[1:] {
		if p, ok := o.(*pathOperand); ok && p.path.equal(first.path) {
			return errDistinct(op, first.path)
		}
	}
	return nil
}

// kindOf is the type of an operand as far as it is known without an item.
func kindOf(o operand) attr.Kind {
	switch o := o.(type) {
	case *constant:
		return o.v.Kind
	case *sizeOperand:
		return attr.N
	default:
		return attr.Invalid
	}
}

// ordered refuses operands whose type has no order.
func ordered(op string, ops []operand) *Error {
	for _, o := range ops {
		switch k := kindOf(o); k {
		case attr.Invalid, attr.S, attr.N, attr.B:
		default:
			return errOperand(op, k.String())
		}
	}
	return nil
}

func (b *binder) between(c *Between) (test, *Error) {
	const op = "BETWEEN"
	b.operators++
	ops, err := b.operands(c.Operand, c.Low, c.High)
	if err != nil {
		return nil, err
	}
	if err := ordered(op, ops); err != nil {
		return nil, err
	}
	if err := distinct(op, ops); err != nil {
		return nil, err
	}
	low, isLow := ops[1].(*constant)
	high, isHigh := ops[2].(*constant)
	if isLow && isHigh {
		if err := bounds(low.v, high.v); err != nil {
			return nil, err
		}
	}
	return &betweenTest{ops[0], ops[1], ops[2]}, nil
}

func bounds(low, high *attr.Value) *Error {
	var rule string
	switch {
	case low.Kind != high.Kind:
		rule = "same data type for lower and upper bounds"
	case attr.Compare(*low, *high) > 0:
		rule = "upper bound to be greater than or equal to lower bound"
	default:
		return nil
	}
	return fail("The BETWEEN operator requires " + rule + "; lower bound operand: AttributeValue: " + describe(low) +
		", upper bound operand: AttributeValue: " + describe(high))
}

// describe prints a value of kind S, N or B as messages do.
func describe(v *attr.Value) string {
	text := v.Str
	if v.Kind == attr.B {
		text = base64.StdEncoding.EncodeToString([]byte(text))
	}
	return "{" + v.Kind.String() + ":" + text + "}"
}

func (b *binder) in(c *In) (test, *Error) {
	b.operators++
	if len(c.List) > maxInOperands {
		return nil, errInOperands(len(c.List))
	}
	first, err := b.operand(c.Operand)
	if err != nil {
		return nil, err
	}
	ops, err := b.operands(c.List...)
	if err != nil {
		return nil, err
	}
	for _, o := range ops {
		if err := distinct("IN", []operand{first, o}); err != nil {
			return nil, err
		}
	}
	return &inTest{first, ops}, nil
}
