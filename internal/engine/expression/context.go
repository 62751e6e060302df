// Package expression holds DynamoDB's expression language: conditions, filters, key conditions, projections and updates. A text is scanned and parsed
// to a closed AST that prints itself back; a Context resolves its names and values and checks it, which gives a plan; the plan is evaluated against items,
// in tree or in wire form, without reflection. What is wrong is said in the service's words, and when several things are wrong the one the service says
// first. The words, and their order, were checked against the published emulator where the API reference does not give them.
//
// A request makes one Context, plans all its expressions with it and calls Finish, which reports names and values that none of them used:
//
//	c := expression.NewContext(names, values)
//	filter, err := c.Condition(expression.Filter, text)
//	projection, err := c.Projection(text)
//	err = c.Finish()
//
// Parsed texts are kept in a bounded cache; plans belong to a request, since values do.
package expression

import (
	"github.com/ddb-cli/ddb/internal/attr"
)

// The parameters that hold conditions, as their names stand in messages.
const (
	ConditionParameter = "ConditionExpression"
	Filter             = "FilterExpression"
	KeyConditions      = "KeyConditionExpression"
	projectionName     = "ProjectionExpression"
	updateName         = "UpdateExpression"
)

// Context resolves the names and values of one request's expressions and remembers which of them were used. It is not for concurrent use.
type Context struct {
	names     map[string]string
	values    attr.Item
	usedNames map[string]struct{}
	usedValue []bool
	byName    map[string]int // of values, when there are many

	translated bool   // the texts are no request's
	tellsSize  bool   // see TellSize
	refused    *Error // what is wrong with a value
	checked    bool   // names and values themselves are valid
	takesNames bool   // an expression was planned
	takesValue bool   // an expression was planned that may refer to values
	operators  int    // of the expression being planned
}

// NewContext makes a Context of ExpressionAttributeNames and ExpressionAttributeValues; nil means that the parameter is absent.
func NewContext(names map[string]string, values attr.Item) *Context {
	return &Context{names: names, values: values}
}

// Refuse notes an invalid value of ExpressionAttributeValues, as attr.ScanItem reports it. It is reported where values are checked: behind names and keys.
func (c *Context) Refuse(err *attr.Error) { c.refused = valueError(err) }

// Refused is what was noted with Refuse, for a request without an expression that would report it.
func (c *Context) Refused() error {
	if c.refused == nil {
		return nil
	}
	return c.refused
}

// TellSize has a condition that is too long refused with its size, as transactions still do (us-east-1 in October 2026: source of nubo-db/dynoxide 3.2).
func (c *Context) TellSize() { c.tellsSize = true }

// Check reports names or values that are wrong in themselves. Condition, Projection and Update call it; a request without expressions need not.
func (c *Context) Check() error {
	if err := c.check(); err != nil {
		return err
	}
	return nil
}

func (c *Context) check() *Error {
	if c.checked {
		return nil
	}
	if err := c.checkNames(); err != nil {
		return err
	}
	if err := c.checkValues(); err != nil {
		return err
	}
	c.checked = true
	c.usedValue = make([]bool, len(c.values))
	if len(c.values) > 16 {
		c.byName = make(map[string]int, len(c.values))
		for i := range c.values {
			c.byName[c.values[i].Name] = i
		}
	}
	return nil
}

func (c *Context) checkNames() *Error {
	if c.names == nil {
		return nil
	}
	if len(c.names) == 0 {
		return fail("ExpressionAttributeNames must not be empty")
	}
	wrong := ""
	for key, name := range c.names {
		if !validKey(key, '#') || name == "" || len(name) > attr.MaxNameSize {
			if wrong == "" || key < wrong {
				wrong = key
			}
		}
	}
	switch {
	case wrong == "":
		return c.checkEmptyKey()
	case len(wrong) > maxKeySize:
		return fail("ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is too long; size of key: " + itoa(len(wrong)))
	case !validKey(wrong, '#'):
		return fail(`ExpressionAttributeNames contains invalid key: Syntax error; key: "` + wrong + `"`)
	case c.names[wrong] == "":
		return fail("ExpressionAttributeNames contains invalid value: Empty attribute name for key " + wrong)
	default:
		return fail("Attribute name is too large, must be less than 65536 bytes") // ExtendDB/extenddb 365, measured in September 2026
	}
}

func (c *Context) checkEmptyKey() *Error {
	if _, ok := c.names[""]; ok {
		return fail(`ExpressionAttributeNames contains invalid key: Syntax error; key: ""`)
	}
	return nil
}

func (c *Context) checkValues() *Error {
	if c.values == nil {
		return nil
	}
	if len(c.values) == 0 {
		return fail("ExpressionAttributeValues must not be empty")
	}
	for i := range c.values {
		key := c.values[i].Name
		if len(key) > maxKeySize {
			return fail("ExpressionAttributeValues contains invalid key: The expression attribute map contains a key that is too long; size of key: " + itoa(len(key)))
		}
		if !validKey(key, ':') {
			return fail(`ExpressionAttributeValues contains invalid key: Syntax error; key: "` + key + `"`)
		}
	}
	if c.refused != nil {
		return c.refused
	}
	if attr.ItemSize(c.values) > maxValuesSize {
		return fail("ExpressionAttributeValues exceeds max size")
	}
	return nil
}

// validKey tells whether a key is # or : and a word.
func validKey(key string, sigil byte) bool {
	return len(key) > 1 && len(key) <= maxKeySize && key[0] == sigil && wordLength(key[1:]) == len(key)-1
}

// valueError words an invalid value of ExpressionAttributeValues the way the service does.
func valueError(err *attr.Error) *Error {
	if err.Attribute == "" {
		return fail(`ExpressionAttributeValues contains invalid key: Syntax error; key: ""`)
	}
	message := "ExpressionAttributeValues contains invalid value: " + err.Message + " for key " + err.Attribute
	if err.Unnamed {
		message = err.Message
	}
	return &Error{Message: message, Value: err}
}

// name resolves the name of a step and marks it as used.
func (c *Context) name(written string) (string, *Error) {
	if written[0] != '#' && written[0] != ':' {
		return written, nil
	}
	name, ok := c.names[written]
	if !ok {
		return "", errName(written)
	}
	if c.usedNames == nil {
		c.usedNames = make(map[string]struct{}, len(c.names))
	}
	c.usedNames[written] = struct{}{}
	return name, nil
}

// value resolves a reference and marks it as used.
func (c *Context) value(ref ValueRef) (*attr.Value, *Error) {
	var i int
	var ok bool
	if c.byName != nil {
		i, ok = c.byName[string(ref)]
	} else {
		i = c.values.Index(string(ref))
		ok = i >= 0
	}
	if !ok {
		return nil, errValue(string(ref))
	}
	c.usedValue[i] = true
	return &c.values[i].Value, nil
}

// path resolves the names of a path.
func (c *Context) path(p Path) (Path, *Error) {
	if len(p) > MaxPathDepth {
		return nil, errDepth(len(p))
	}
	out := p
	for i, s := range p {
		if s.Name == "" || (s.Name[0] != '#' && s.Name[0] != ':') {
			continue
		}
		name, err := c.name(s.Name)
		if err != nil {
			return nil, err
		}
		if i == 0 || &out[0] == &p[0] {
			out = append(Path(nil), out...)
		}
		out[i].Name = name
	}
	return out, nil
}

// tooMany reports too many operators, once the rest was found right.
func (c *Context) tooMany() *Error {
	if c.operators > maxOperators {
		return errOperators()
	}
	return nil
}
