package engine

import "strings"

// param is a parameter's name and whether the request has it.
type param struct {
	name  string
	given bool
}

// parameterized is an input whose parameters may not go together. The service looks at that before it looks at attribute values, so decode does as well.
type parameterized interface{ parameters() error }

// together refuses parameters that do not go together: expressions with what they replaced, and substitutions without an expression that could use them.
func (in *expressionInput) together(legacy, expressions []param) error {
	return together(legacy, expressions, in.ExpressionAttributeNames != nil, in.ExpressionAttributeValues != nil)
}

func together(legacy, expressions []param, names, values bool) error {
	if err := exclusive(legacy, expressions); err != nil {
		return err
	}
	var some, takesValues bool
	for _, p := range expressions {
		some = some || p.given
		takesValues = takesValues || p.given && p.name != projectionParameter
	}
	switch {
	case names && !some:
		return validation("ExpressionAttributeNames can only be specified when using expressions")
	case values && !takesValues:
		return validation("ExpressionAttributeValues can only be specified when using expressions: " + areNull(expressions))
	}
	return nil
}

const projectionParameter = "ProjectionExpression"

// areNull says that none of the expressions that take values is given.
func areNull(expressions []param) string {
	var names []string
	for _, p := range expressions {
		if p.name != projectionParameter {
			names = append(names, p.name)
		}
	}
	if len(names) == 1 {
		return names[0] + " is null"
	}
	return strings.Join(names, " and ") + " are null"
}

// exclusive refuses a request that mixes expressions with the parameters they replaced.
func exclusive(legacy, expressions []param) error {
	old, now := given(legacy), given(expressions)
	if old == "" || now == "" {
		return nil
	}
	return validation("Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {" +
		old + "} Expression parameters: {" + now + "}")
}

func given(ps []param) string {
	var names string
	for _, p := range ps {
		switch {
		case !p.given:
		case names == "":
			names = p.name
		default:
			names += ", " + p.name
		}
	}
	return names
}
