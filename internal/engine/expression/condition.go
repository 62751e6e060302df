package expression

import (
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
	operators int
	slots     map[string]int // where an attribute is in roots; nil unless there are many

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
	out.sum(c.operators)
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

// Operators is how many operators and functions the condition has, which is about how much work it is to evaluate. A nil Condition has none.
func (c *Condition) Operators() int {
	if c == nil {
		return 0
	}
	return c.operators
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
		slot := c.slot(&it)
		if slot < 0 || e.roots[slot] != nil {
			continue
		}
		var err error
		if e.values[slot], err = attr.ParseValue(it.Value); err != nil {
			return false, err
		}
		e.roots[slot] = &e.values[slot]
		missing--
	}
	return c.plan.eval(e), nil
}

// slot is where an attribute is in roots, -1 where it is not.
func (c *Condition) slot(it *attr.Iterator) int {
	if c.slots != nil {
		if slot, ok := c.slots[it.Name()]; ok {
			return slot
		}
		return -1
	}
	for slot, name := range c.roots {
		if it.Is(name) {
			return slot
		}
	}
	return -1
}

// sum notes what the whole condition comes to.
func (c *Condition) sum(operators int) {
	c.operators = operators
	if len(c.roots) > many {
		c.slots = make(map[string]int, len(c.roots))
		for slot, name := range c.roots {
			c.slots[name] = slot
		}
	}
}
