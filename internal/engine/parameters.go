package engine

import (
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

// noNames refuses an empty name, of ExpressionAttributeNames and within ExpressionAttributeValues.
func (in *expressionInput) noNames() error {
	if err := emptyNames(in.ExpressionAttributeNames); err != nil {
		return err
	}
	if e, ok := in.refused.(*attr.Error); ok && e.Attribute != "" && attr.IsNoName(e) { //nolint:errorlint // as the decoder made it
		return e
	}
	return nil
}

// emptyNames refuses an empty name of ExpressionAttributeNames, in whatever request, before it is asked what they are for.
func emptyNames(names map[string]string) error {
	wrong := ""
	for key, name := range names {
		if name == "" && (wrong == "" || key < wrong) {
			wrong = key
		}
	}
	if wrong == "" {
		return nil
	}
	return validation("ExpressionAttributeNames contains invalid value: Empty attribute name for key " + wrong)
}

// param is a parameter's name and whether the request has it.
type param struct {
	name  string
	given bool
}

// parameterized is an input whose parameters may not go together. The service looks at that before it looks at attribute values, so decode does as well.
type parameterized interface{ parameters() error }

// together refuses parameters that do not go together: expressions with what they replaced, and substitutions without an expression that could use them.
func (in *expressionInput) together(legacy, expressions []param) error {
	if err := in.noNames(); err != nil {
		return err
	}
	given := in.substitutions()
	given.tellMissing = true
	return together(legacy, expressions, given)
}

// substitutions are which of the parameters a request has that stand for names and values in its expressions.
type substitutions struct {
	names, values bool
	tellMissing   bool // say of values without an expression what expression is missing
}

func (in *expressionInput) substitutions() substitutions {
	return substitutions{names: in.ExpressionAttributeNames != nil, values: in.ExpressionAttributeValues != nil}
}

func together(legacy, expressions []param, given substitutions) error {
	if err := exclusive(legacy, expressions); err != nil {
		return err
	}
	var some, takesValues bool
	for _, p := range expressions {
		some = some || p.given
		takesValues = takesValues || p.given && p.name != projectionParameter
	}
	switch {
	case given.names && !some:
		return validation("ExpressionAttributeNames can only be specified when using expressions")
	case given.values && !takesValues:
		message := "ExpressionAttributeValues can only be specified when using expressions"
		if given.tellMissing {
			message += ": " + areNull(expressions)
		}
		return validation(message)
	}
	return nil
}

// joinable refuses a ConditionalOperator without conditions to join, whatever it is. Its values come last, in the newer program's words.
func joinable(operator string, conditions int) error {
	switch {
	case operator == "":
		return nil
	case conditions == 0:
		return validation("ConditionalOperator cannot be used without Filter or Expected")
	case conditions == 1:
		return validation("ConditionalOperator can only be used when Filter or Expected has two or more elements")
	case operator != "AND" && operator != "OR":
		return validation("Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]")
	}
	return nil
}

// emptyAttribute refuses an empty name of AttributesToGet.
func emptyAttribute(names []string) error {
	if slices.Contains(names, "") {
		return attr.ErrNoName()
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
