package cmd

import (
	"errors"
	"fmt"
	"maps"

	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/attr"
)

// expressions are the flags by which a command takes conditions and paths: in the terminal's language, and as the API has them.
type expressions struct {
	holders                 attr.Placeholders
	condition, filter, proj string
	rawCondition, rawFilter string
	rawProjection           string
	names, values           string
}

// placeholders defines --names and --values, which belong to every expression, under their API names too.
func (e *expressions) placeholders(f *pflag.FlagSet) {
	f.StringVar(&e.names, "names", "", `names for #placeholders: '#n=name,#m=other' or JSON`)
	f.StringVar(&e.values, "values", "", `values for :placeholders as JSON: '{":v": 5}'`)
	f.SetNormalizeFunc(longNames)
}

// longNames lets a flag be written as the API's parameter is called.
func longNames(_ *pflag.FlagSet, name string) pflag.NormalizedName {
	switch name {
	case "expression-attribute-names":
		name = "names"
	case "expression-attribute-values":
		name = "values"
	case "consistent-read":
		name = "consistent"
	case "index-name":
		name = "index"
	case "return-values":
		name = "return"
	case "exclusive-start-key":
		name = "start-key"
	}
	return pflag.NormalizedName(name)
}

func (e *expressions) conditionFlags(f *pflag.FlagSet) {
	f.StringVar(&e.condition, "if", "", `only if this holds: 'status = "open"'`)
	f.StringVar(&e.rawCondition, "condition-expression", "", "the same in the API's own language")
}

func (e *expressions) filterFlags(f *pflag.FlagSet) {
	f.StringVar(&e.filter, "filter", "", `only items for which this holds: 'total > 100'`)
	f.StringVar(&e.rawFilter, "filter-expression", "", "the same in the API's own language")
}

func (e *expressions) projectionFlags(f *pflag.FlagSet) {
	f.StringVar(&e.proj, "project", "", `fetch only these attributes: 'total, address.city'`)
	f.StringVar(&e.rawProjection, "projection-expression", "", "the same in the API's own language")
}

// load reads --names and --values, so that placeholders of ddb's own making do not collide with them.
func (e *expressions) load(a *app) error {
	if e.names != "" {
		names, err := a.parseNames(e.names)
		if err != nil {
			return inFlag("names", err)
		}
		e.holders.Names = maps.Clone(names)
	}
	if e.values != "" {
		values, err := a.parseItem(e.values)
		if err != nil {
			return inFlag("values", err)
		}
		e.holders.Values = values
	}
	return nil
}

// translated gives the expression of one pair of flags.
func (e *expressions) translated(flag, text, rawFlag, raw string, translate func(string) (string, error)) (string, error) {
	switch {
	case text != "" && raw != "":
		return "", usage(fmt.Sprintf("--%s and --%s cannot be used together", flag, rawFlag), "leave one of them out")
	case text == "":
		return raw, nil
	}
	out, err := translate(text)
	if err != nil {
		return "", inFlag(flag, err)
	}
	return out, nil
}

func (e *expressions) conditionText() (string, error) {
	return e.translated("if", e.condition, "condition-expression", e.rawCondition, e.holders.Condition)
}

func (e *expressions) filterText() (string, error) {
	return e.translated("filter", e.filter, "filter-expression", e.rawFilter, e.holders.Condition)
}

func (e *expressions) projectionText() (string, error) {
	return e.translated("project", e.proj, "projection-expression", e.rawProjection, e.holders.Projection)
}

// both joins two conditions.
func both(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return "(" + a + ") AND " + b
}

// inFlag names the flag in an error about its value.
func inFlag(flag string, err error) error {
	if syntax, ok := errors.AsType[*attr.SyntaxError](err); ok {
		named := *syntax
		named.Message = "--" + flag + ": " + syntax.Message
		return &named
	}
	if plain, ok := errors.AsType[*attr.PlainError](err); ok {
		return &attr.PlainError{Message: "--" + flag + ": " + plain.Error(), Hint: plain.Hint}
	}
	return err
}
