package mcp

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

func names(operations []op.Operation) []string {
	list := make([]string, len(operations))
	for i, o := range operations {
		list[i] = o.Spec().Tool
	}
	return list
}

func TestToolsAreChosenByToolset(t *testing.T) {
	cases := []struct {
		name                     string
		toolsets, tools, exclude []string
		has, lacks               []string
	}{
		{name: "default", has: []string{"get_item", "describe_table", "list_tables"}},
		{name: "a toolset", toolsets: []string{"item"}, has: []string{"get_item"}, lacks: []string{"describe_table"}},
		{name: "a tool", tools: []string{"get_item"}, has: []string{"get_item"}, lacks: []string{"describe_table"}},
		{name: "both", toolsets: []string{"item"}, tools: []string{"describe_table"}, has: []string{"get_item", "describe_table"}, lacks: []string{"list_tables"}},
		{name: "exclude wins", toolsets: []string{"all"}, tools: []string{"get_item"}, exclude: []string{"get_item"}, has: []string{"list_tables"}, lacks: []string{"get_item"}},
		{name: "blanks", toolsets: []string{" item ", ""}, has: []string{"get_item"}, lacks: []string{"list_tables"}},
		{name: "default and more", toolsets: []string{"default", "table"}, has: []string{"get_item", "list_tables"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			chosen, err := choose(ops.All, c.toolsets, c.tools, c.exclude)
			if err != nil {
				t.Fatal(err)
			}
			got := names(chosen)
			for _, want := range c.has {
				if !slices.Contains(got, want) {
					t.Errorf("%s is missing of %v", want, got)
				}
			}
			for _, not := range c.lacks {
				if slices.Contains(got, not) {
					t.Errorf("%s is among %v", not, got)
				}
			}
		})
	}
}

func TestChooseRefusesUnknownNames(t *testing.T) {
	cases := []struct {
		name                     string
		toolsets, tools, exclude []string
		message, hint            string
	}{
		{name: "toolset", toolsets: []string{"items"}, message: `unknown toolset "items"`, hint: `did you mean "item"?`},
		{name: "tool", tools: []string{"getItem"}, message: `unknown tool "getItem"`, hint: `did you mean "get_item"?`},
		{name: "excluded tool", exclude: []string{"describe_tables"}, message: `unknown tool "describe_tables"`, hint: `did you mean "describe_table"?`},
		{name: "far off", tools: []string{"zzzzzzzzzzzz"}, message: `unknown tool "zzzzzzzzzzzz"`, hint: "valid names: "},
		{name: "nothing left", tools: []string{"get_item"}, exclude: []string{"get_item"}, message: "no tool is left", hint: "exclude fewer"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := choose(ops.All, c.toolsets, c.tools, c.exclude)
			var refused *op.Error
			if !errors.As(err, &refused) {
				t.Fatalf("error %v, want an *op.Error", err)
			}
			if !strings.Contains(refused.Message, c.message) || !strings.HasPrefix(refused.Hint, c.hint) {
				t.Errorf("%q with the hint %q; want %q, %q", refused.Message, refused.Hint, c.message, c.hint)
			}
		})
	}
}
