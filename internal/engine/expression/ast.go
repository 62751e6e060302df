package expression

import (
	"strconv"
	"strings"
)

// Node is a node of a parsed expression. Every node prints itself back as text that parses to an equal node. The set of nodes is closed.
type Node interface {
	node()
	String() string
}

// Cond is a node that is true or false: what stands in a condition, a filter or a key condition.
type Cond interface {
	Node
	cond()
}

// Operand is a node that has a value, or none where an attribute is missing: a path, a reference to a value, a function, a sum.
type Operand interface {
	Node
	operand()
}

// Path is a document path, such as a.#b[3], of at most MaxPathDepth steps.
type Path []Step

// Step is one step of a path: a name as it was written, or an index into a list.
type Step struct {
	Name  string // "" for an index; "#n" before names are resolved
	Index int
}

// ValueRef is a reference to a value, with its colon.
type ValueRef string

// Function is a call of a function. Some functions are conditions, some operands, so it is both until it is checked.
type Function struct {
	Name string
	Args []Operand
}

// Comparison compares two operands with one of OpEq to OpGe. Where one of them is missing, or their
// types differ, OpNe is true and the others are false.
type Comparison struct {
	Op          Op
	Left, Right Operand
}

// Between tells whether an operand lies between two others, both included.
type Between struct{ Operand, Low, High Operand }

// In tells whether an operand equals one of a list.
type In struct {
	Operand Operand
	List    []Operand
}

// And is true when both sides are.
type And struct{ Left, Right Cond }

// Or is true when one side is.
type Or struct{ Left, Right Cond }

// Not is true when its condition is false, also where that is for want of an attribute.
type Not struct{ Cond Cond }

// Arithmetic is a sum or a difference in an update expression.
type Arithmetic struct {
	Op          Op // OpPlus, OpMinus
	Left, Right Operand
}

// SetClause is one assignment of SET. Values are of the item as it was before the update.
type SetClause struct {
	Path  Path
	Value Operand
}

// ValueClause is an ADD or a DELETE: a path and a value.
type ValueClause struct {
	Path  Path
	Value ValueRef
}

// UpdateNode is a parsed update expression; sections that are not there are nil.
type UpdateNode struct {
	Set    []SetClause
	Remove []Path
	Add    []ValueClause
	Delete []ValueClause
	order  []kind // of the sections as written
}

// ProjectionNode is a parsed projection expression: the paths in the order written.
type ProjectionNode []Path

// Op is the operator of a Comparison or of an Arithmetic.
type Op uint8

// The operators: OpEq to OpGe compare, OpPlus and OpMinus belong to update expressions.
const (
	OpEq Op = iota
	OpNe
	OpLt
	OpLe
	OpGt
	OpGe
	OpPlus
	OpMinus
)

var opText = [...]string{"=", "<>", "<", "<=", ">", ">=", "+", "-"}

// String is the operator as it is written.
func (op Op) String() string { return opText[op] }

func (Path) node()           {}
func (ValueRef) node()       {}
func (*Function) node()      {}
func (*Comparison) node()    {}
func (*Between) node()       {}
func (*In) node()            {}
func (*And) node()           {}
func (*Or) node()            {}
func (*Not) node()           {}
func (*Arithmetic) node()    {}
func (*UpdateNode) node()    {}
func (ProjectionNode) node() {}

func (Path) operand()        {}
func (ValueRef) operand()    {}
func (*Function) operand()   {}
func (*Arithmetic) operand() {}

func (*Function) cond()   {}
func (*Comparison) cond() {}
func (*Between) cond()    {}
func (*In) cond()         {}
func (*And) cond()        {}
func (*Or) cond()         {}
func (*Not) cond()        {}

// String prints the path as it is written in an expression.
func (p Path) String() string {
	var b strings.Builder
	for i, s := range p {
		switch {
		case s.Name == "":
			b.WriteString("[" + strconv.Itoa(s.Index) + "]")
		case i > 0:
			b.WriteString("." + s.Name)
		default:
			b.WriteString(s.Name)
		}
	}
	return b.String()
}

// quoted prints the path as the service's messages do: [a, b, [3]].
func (p Path) quoted() string {
	var b strings.Builder
	b.WriteByte('[')
	for i, s := range p {
		if i > 0 {
			b.WriteString(", ")
		}
		if s.Name == "" {
			b.WriteString("[" + strconv.Itoa(s.Index) + "]")
		} else {
			b.WriteString(s.Name)
		}
	}
	b.WriteByte(']')
	return b.String()
}

// equal compares paths step by step.
func (p Path) equal(q Path) bool {
	if len(p) != len(q) {
		return false
	}
	for i := range p {
		if p[i] != q[i] {
			return false
		}
	}
	return true
}

// String prints the reference.
func (v ValueRef) String() string { return string(v) }

// String prints the call.
func (f *Function) String() string { return f.Name + "(" + join(f.Args) + ")" }

// String prints the comparison.
func (c *Comparison) String() string {
	return c.Left.String() + " " + c.Op.String() + " " + c.Right.String()
}

// String prints the condition.
func (b *Between) String() string {
	return b.Operand.String() + " BETWEEN " + b.Low.String() + " AND " + b.High.String()
}

// String prints the condition.
func (in *In) String() string { return in.Operand.String() + " IN (" + join(in.List) + ")" }

// String prints both sides, in parentheses where they bind less.
func (a *And) String() string {
	left, right := a.Left.String(), a.Right.String()
	if _, ok := a.Left.(*Or); ok {
		left = "(" + left + ")"
	}
	switch a.Right.(type) {
	case *Or, *And:
		right = "(" + right + ")"
	}
	return left + " AND " + right
}

// String prints both sides.
func (o *Or) String() string {
	right := o.Right.String()
	if _, ok := o.Right.(*Or); ok {
		right = "(" + right + ")"
	}
	return o.Left.String() + " OR " + right
}

// String prints the condition behind NOT.
func (n *Not) String() string {
	switch n.Cond.(type) {
	case *And, *Or:
		return "NOT (" + n.Cond.String() + ")"
	default:
		return "NOT " + n.Cond.String()
	}
}

// String prints the sum or difference.
func (a *Arithmetic) String() string {
	return a.Left.String() + " " + a.Op.String() + " " + a.Right.String()
}

// String prints the clause.
func (c SetClause) String() string { return c.Path.String() + " = " + c.Value.String() }

// String prints the clause.
func (c ValueClause) String() string { return c.Path.String() + " " + string(c.Value) }

// String prints the sections in the order SET, REMOVE, ADD, DELETE.
func (u *UpdateNode) String() string {
	var parts []string
	if len(u.Set) > 0 {
		parts = append(parts, "SET "+join(u.Set))
	}
	if len(u.Remove) > 0 {
		parts = append(parts, "REMOVE "+join(u.Remove))
	}
	if len(u.Add) > 0 {
		parts = append(parts, "ADD "+join(u.Add))
	}
	if len(u.Delete) > 0 {
		parts = append(parts, "DELETE "+join(u.Delete))
	}
	return strings.Join(parts, " ")
}

// String prints the paths.
func (p ProjectionNode) String() string { return join(p) }

func join[S ~[]E, E interface{ String() string }](list S) string {
	parts := make([]string, len(list))
	for i := range list {
		parts[i] = list[i].String()
	}
	return strings.Join(parts, ", ")
}
