package expression

import (
	"github.com/ddb-cli/ddb/internal/attr"
)

// setOperand is a planned operand of SET, evaluated against the item before the update.
type setOperand interface {
	eval(old attr.Item) (attr.Value, *Error)
	cost() int // see Update.Cost
}

type (
	setConstant struct{ v *attr.Value }
	setPath     struct{ path Path }
	setDefault  struct { // if_not_exists
		path      Path
		otherwise setOperand
	}
	setAppend struct{ first, second setOperand } // list_append
	setSum    struct {
		op          Op
		left, right setOperand
	}
)

func (c *Context) setOperand(n Operand) (setOperand, *Error) {
	switch n := n.(type) {
	case ValueRef:
		v, err := c.value(n)
		if err != nil {
			return nil, err
		}
		return &setConstant{v}, nil
	case Path:
		p, err := c.path(n)
		return &setPath{p}, err
	case *Arithmetic:
		return c.setSum(n)
	default:
		return c.setFunction(n.(*Function))
	}
}

func (c *Context) setSum(n *Arithmetic) (setOperand, *Error) {
	c.operators++
	left, err := c.setTyped(n.Left, n.Op.String(), attr.N)
	if err != nil {
		return nil, err
	}
	right, err := c.setTyped(n.Right, n.Op.String(), attr.N)
	return &setSum{n.Op, left, right}, err
}

// setTyped plans an operand; a value of another type than wanted is refused now, an attribute of another type when it is read.
func (c *Context) setTyped(n Operand, op string, want attr.Kind) (setOperand, *Error) {
	o, err := c.setOperand(n)
	if err != nil {
		return nil, err
	}
	if v, ok := o.(*setConstant); ok && v.v.Kind != want {
		return nil, errOperand(op, v.v.Kind.String())
	}
	return o, nil
}

func (c *Context) setFunction(f *Function) (setOperand, *Error) {
	c.operators++
	if len(f.Args) != 2 {
		return nil, errOperands(f.Name, len(f.Args))
	}
	if f.Name == "list_append" {
		first, err := c.setTyped(f.Args[0], f.Name, attr.L)
		if err != nil {
			return nil, err
		}
		second, err := c.setTyped(f.Args[1], f.Name, attr.L)
		return &setAppend{first, second}, err
	}
	written, ok := f.Args[0].(Path)
	if !ok {
		return nil, errNeedsPath(f.Name)
	}
	path, err := c.path(written)
	if err != nil {
		return nil, err
	}
	otherwise, err := c.setOperand(f.Args[1])
	if err != nil {
		return nil, err
	}
	if p, ok := otherwise.(*setPath); ok && p.path.equal(path) {
		return nil, errDistinct(f.Name, path)
	}
	return &setDefault{path, otherwise}, nil
}

// find follows a path into an item, or gives nil.
func find(item attr.Item, p Path) *attr.Value {
	i := item.Index(p[0].Name)
	if i < 0 {
		return nil
	}
	return walk(&item[i].Value, p[1:])
}

func (o *setConstant) eval(attr.Item) (attr.Value, *Error) { return *o.v, nil }

func (o *setPath) eval(old attr.Item) (attr.Value, *Error) {
	if v := find(old, o.path); v != nil {
		return *v, nil
	}
	return attr.Value{}, fail(msgMissingAttribute)
}

func (o *setDefault) eval(old attr.Item) (attr.Value, *Error) {
	if v := find(old, o.path); v != nil {
		return *v, nil
	}
	return o.otherwise.eval(old)
}

func (o *setAppend) eval(old attr.Item) (attr.Value, *Error) {
	first, err := o.first.eval(old)
	if err != nil {
		return attr.Value{}, err
	}
	if first.Kind != attr.L {
		return attr.Value{}, fail(msgOperandType)
	}
	second, err := o.second.eval(old)
	if err != nil {
		return attr.Value{}, err
	}
	if second.Kind != attr.L {
		return attr.Value{}, fail(msgOperandType)
	}
	list := make([]attr.Value, 0, len(first.List)+len(second.List))
	return attr.List(append(append(list, first.List...), second.List...)...), nil
}

func (o *setSum) eval(old attr.Item) (attr.Value, *Error) {
	left, err := o.left.eval(old)
	if err != nil {
		return attr.Value{}, err
	}
	if left.Kind != attr.N {
		return attr.Value{}, fail(msgOperandType)
	}
	right, err := o.right.eval(old)
	if err != nil {
		return attr.Value{}, err
	}
	if right.Kind != attr.N {
		return attr.Value{}, fail(msgOperandType)
	}
	return sum(o.op, left.Str, right.Str)
}

// sum computes without loss; a result of more than 38 digits or out of range is an error.
func sum(op Op, left, right string) (attr.Value, *Error) {
	x, err := attr.ParseNumber(left)
	if err != nil {
		return attr.Value{}, fail(err.Error())
	}
	y, err := attr.ParseNumber(right)
	if err != nil {
		return attr.Value{}, fail(err.Error())
	}
	if op == OpMinus {
		y = y.Neg()
	}
	x, err = x.Add(y)
	if err != nil {
		return attr.Value{}, fail(err.Error())
	}
	return attr.Num(x), nil
}
