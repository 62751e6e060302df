package expression

import (
	"sort"
	"strings"
)

// Finish reports names and values that no expression used, or that came without any expression. Parameters are the request's parameters that could have
// held the missing expression, such as "FilterExpression"; they end the message.
func (c *Context) Finish(parameters ...string) error {
	if c.names != nil && !c.takesNames {
		return fail("ExpressionAttributeNames can only be specified when using expressions")
	}
	if c.values != nil && !c.takesValue {
		return fail("ExpressionAttributeValues can only be specified when using expressions" + areNull(parameters))
	}
	if err := unused("ExpressionAttributeNames", c.unusedNames()); err != nil {
		return err
	}
	if err := unused("ExpressionAttributeValues", c.unusedValues()); err != nil {
		return err
	}
	return nil
}

func areNull(parameters []string) string {
	switch len(parameters) {
	case 0:
		return ""
	case 1:
		return ": " + parameters[0] + " is null"
	default:
		return ": " + strings.Join(parameters, " and ") + " are null"
	}
}

func unused(parameter string, keys []string) *Error {
	if len(keys) == 0 {
		return nil
	}
	sort.Strings(keys)
	return fail("Value provided in " + parameter + " unused in expressions: keys: {" + strings.Join(keys, ", ") + "}")
}

func (c *Context) unusedNames() []string {
	if len(c.usedNames) == len(c.names) {
		return nil
	}
	var keys []string
	for key := range c.names {
		if _, ok := c.usedNames[key]; !ok {
			keys = append(keys, key)
		}
	}
	return keys
}

func (c *Context) unusedValues() []string {
	var keys []string
	for i, used := range c.usedValue {
		if !used {
			keys = append(keys, c.values[i].Name)
		}
	}
	return keys
}
