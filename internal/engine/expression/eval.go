package expression

import (
	"strconv"
	"strings"
	"sync"

	"github.com/ddb-cli/ddb/internal/attr"
)

// env is what a plan is evaluated against: the values of the top-level attributes it refers to, nil where the item has none.
type env struct {
	roots  []*attr.Value
	values []attr.Value // what was parsed of a wire form; roots point into it
}

// envs are kept between evaluations.
var envs = sync.Pool{New: func() any { return new(env) }}

// newEnv gives an environment in which no attribute is present.
func newEnv(roots int) *env {
	e, ok := envs.Get().(*env)
	if !ok {
		e = new(env)
	}
	e.roots = append(e.roots[:0], make([]*attr.Value, roots)...)
	e.values = append(e.values[:0], make([]attr.Value, roots)...)
	return e
}

// free drops the values and returns the environment to the pool.
func (e *env) free() {
	clear(e.roots)
	clear(e.values)
	envs.Put(e)
}

// test is a planned condition.
type test interface{ eval(e *env) bool }

// operand is a planned operand; eval gives nil where the item has no such attribute.
type operand interface{ eval(e *env) *attr.Value }

type (
	constant    struct{ v *attr.Value }
	pathOperand struct {
		slot int
		path Path
	}
	sizeOperand struct{ arg operand }

	andTest        struct{ left, right test }
	orTest         struct{ left, right test }
	notTest        struct{ x test }
	comparisonTest struct {
		op          Op
		left, right operand
	}
	betweenTest struct{ x, low, high operand }
	inTest      struct {
		x    operand
		list []operand
	}
	existsTest struct {
		path *pathOperand
		want bool
	}
	typeTest struct {
		x    operand
		kind attr.Kind
	}
	prefixTest   struct{ x, prefix operand }
	containsTest struct{ x, part operand }
)

func (o *constant) eval(*env) *attr.Value { return o.v }

func (o *pathOperand) eval(e *env) *attr.Value { return walk(e.roots[o.slot], o.path[1:]) }

// walk follows the steps of a path from a value, which may be nil.
func walk(v *attr.Value, steps Path) *attr.Value {
	for i := range steps {
		if v == nil {
			return nil
		}
		v = child(v, steps[i])
	}
	return v
}

// child takes one step, or gives nil.
func child(v *attr.Value, s Step) *attr.Value {
	if s.Name != "" {
		if v.Kind != attr.M {
			return nil
		}
		if i := v.Map.Index(s.Name); i >= 0 {
			return &v.Map[i].Value
		}
		return nil
	}
	if v.Kind != attr.L || s.Index >= len(v.List) {
		return nil
	}
	return &v.List[s.Index]
}

// eval gives the size: of text in UTF-16 units, of binary in bytes, of sets, lists and maps in elements. Other types have none.
func (o *sizeOperand) eval(e *env) *attr.Value {
	v := o.arg.eval(e)
	if v == nil {
		return nil
	}
	var n int
	switch v.Kind {
	case attr.S:
		n = utf16Length(v.Str)
	case attr.B:
		n = len(v.Str)
	case attr.SS, attr.NS, attr.BS, attr.L:
		n = len(v.List)
	case attr.M:
		n = len(v.Map)
	default:
		return nil
	}
	return &attr.Value{Kind: attr.N, Str: strconv.Itoa(n)}
}

func utf16Length(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

func (t *andTest) eval(e *env) bool { return t.left.eval(e) && t.right.eval(e) }
func (t *orTest) eval(e *env) bool  { return t.left.eval(e) || t.right.eval(e) }
func (t *notTest) eval(e *env) bool { return !t.x.eval(e) }

// eval: = is false and <> true where an operand is missing or the types differ; the other comparisons are false.
func (t *comparisonTest) eval(e *env) bool {
	left, right := t.left.eval(e), t.right.eval(e)
	switch t.op {
	case OpEq:
		return equal(left, right)
	case OpNe:
		return !equal(left, right)
	}
	c, ok := order(left, right)
	if !ok {
		return false
	}
	switch t.op {
	case OpLt:
		return c < 0
	case OpLe:
		return c <= 0
	case OpGt:
		return c > 0
	default:
		return c >= 0
	}
}

func equal(a, b *attr.Value) bool { return a != nil && b != nil && a.Equal(*b) }

// order compares values of one ordered type.
func order(a, b *attr.Value) (c int, ok bool) {
	if a == nil || b == nil || a.Kind != b.Kind {
		return 0, false
	}
	switch a.Kind {
	case attr.S, attr.N, attr.B:
		return attr.Compare(*a, *b), true
	default:
		return 0, false
	}
}

func (t *betweenTest) eval(e *env) bool {
	x := t.x.eval(e)
	c, ok := order(x, t.low.eval(e))
	if !ok || c < 0 {
		return false
	}
	c, ok = order(x, t.high.eval(e))
	return ok && c <= 0
}

func (t *inTest) eval(e *env) bool {
	x := t.x.eval(e)
	for _, o := range t.list {
		if equal(x, o.eval(e)) {
			return true
		}
	}
	return false
}

func (t *existsTest) eval(e *env) bool { return (t.path.eval(e) != nil) == t.want }

func (t *typeTest) eval(e *env) bool {
	x := t.x.eval(e)
	return x != nil && x.Kind == t.kind
}

func (t *prefixTest) eval(e *env) bool {
	x, prefix := t.x.eval(e), t.prefix.eval(e)
	if x == nil || prefix == nil || x.Kind != prefix.Kind || (x.Kind != attr.S && x.Kind != attr.B) {
		return false
	}
	return strings.HasPrefix(x.Str, prefix.Str)
}

// eval: text in text, bytes in bytes, a member in a set, an element in a list.
func (t *containsTest) eval(e *env) bool {
	x, part := t.x.eval(e), t.part.eval(e)
	if x == nil || part == nil {
		return false
	}
	switch x.Kind {
	case attr.S, attr.B:
		return part.Kind == x.Kind && strings.Contains(x.Str, part.Str)
	case attr.SS, attr.NS, attr.BS, attr.L:
		return attr.Contains(x.List, *part)
	default:
		return false
	}
}
