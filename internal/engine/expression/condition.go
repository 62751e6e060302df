package expression

import (
	"encoding/base64"
	"slices"
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Condition is a planned condition, filter or key condition. It may be evaluated any number of times, also concurrently.
type Condition struct {
	parameter string
	node      Cond
	plan      test
	roots     []string // top-level attributes, by slot
	nested    []string // those of them that were reached into

	legacyKeys []LegacyCondition // of KeyConditions
}

// Condition plans a condition, a filter or a key condition; parameter is the name of the request's parameter it came in, one of ConditionParameter, Filter
// and KeyConditions. Errors are of type *Error.
func (c *Context) Condition(parameter, text string) (*Condition, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	c.takesNames, c.takesValue = true, true
	if err := c.fits(text); err != nil {
		if c.tellsSize {
			err = fail(err.Message + " expression size: " + itoa(len(text)))
		}
		return nil, in(parameter, err)
	}
	node, err := conditions.get(text, parseCondition)
	if err != nil {
		return nil, in(parameter, err)
	}
	out := &Condition{parameter: parameter, node: node}
	c.operators = 0
	b := binder{Context: c, out: out}
	if out.plan, err = b.cond(node); err == nil {
		err = c.tooMany()
	}
	if err != nil {
		return nil, in(parameter, err)
	}
	return out, nil
}

// in says which parameter an error is in.
func in(parameter string, err *Error) *Error {
	return fail("Invalid " + parameter + ": " + err.Message)
}

// Attributes are the names of the top-level attributes the condition refers to.
func (c *Condition) Attributes() []string { return c.roots }

// Nested are those of Attributes that the condition reaches into with a dot or an index, which is not allowed for keys. A nil Condition has none.
func (c *Condition) Nested() []string {
	if c == nil {
		return nil
	}
	return c.nested
}

// String prints the condition as it was parsed, names and values unresolved.
func (c *Condition) String() string {
	if c.node == nil {
		return c.parameter
	}
	return c.node.String()
}

// Match evaluates the condition against an item; nil is an item that does not exist. The error is always nil today: what could be wrong is found when
// planning.
func (c *Condition) Match(item attr.Item) (bool, error) {
	e := newEnv(len(c.roots))
	defer e.free()
	for slot, name := range c.roots {
		if i := item.Index(name); i >= 0 {
			e.roots[slot] = &item[i].Value
		}
	}
	return c.plan.eval(e), nil
}

// MatchWire evaluates the condition against an item in canonical wire form, parsing only the attributes the condition refers to. Empty wire is an item
// that does not exist. An error means that the wire form is damaged.
func (c *Condition) MatchWire(wire []byte) (bool, error) {
	e := newEnv(len(c.roots))
	defer e.free()
	missing := len(c.roots)
	for it := attr.Iterate(wire); missing > 0 && it.Next(); {
		for slot, name := range c.roots {
			if e.roots[slot] != nil || !it.Is(name) {
				continue
			}
			var err error
			if e.values[slot], err = attr.ParseValue(it.Value); err != nil {
				return false, err
			}
			e.roots[slot] = &e.values[slot]
			missing--
			break
		}
	}
	return c.plan.eval(e), nil
}

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
	if len(c.List) > MaxInOperands {
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
