package mcp

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// completer completes arguments of prompts and of the table's resource: names of tables, and of the indexes and attributes of
// the table that was already given. They come through the gate, and only where the tools that show them are offered.
type completer struct{ s *Server }

// CompletePromptArgument completes an argument of a prompt.
func (c completer) CompletePromptArgument(ctx context.Context, prompt string, argument mcp.CompleteArgument, given mcp.CompleteContext) (*mcp.Completion, error) {
	switch known, _ := c.s.promptArguments(prompt); {
	case !slices.Contains(known, argument.Name):
		return complete(nil, ""), nil
	case prompt == modelingTool:
		return complete(sectionNames(), argument.Value), nil
	}
	return c.complete(ctx, argument, given), nil
}

// CompleteResourceArgument completes the name in the URI of a table.
func (c completer) CompleteResourceArgument(ctx context.Context, uri string, argument mcp.CompleteArgument, given mcp.CompleteContext) (*mcp.Completion, error) {
	if uri != tableTemplate || argument.Name != "name" {
		return complete(nil, ""), nil
	}
	argument.Name = "table"
	return c.complete(ctx, argument, given), nil
}

// complete gives no names where they cannot be had: a completion is a help, and never an error. One that asks the service is
// accounted for as a call.
func (c completer) complete(ctx context.Context, argument mcp.CompleteArgument, given mcp.CompleteContext) *mcp.Completion {
	named := given.Arguments["table"]
	lists := argument.Name == "table" && c.s.offers(table.List.Spec().Tool)
	describes := (argument.Name == "index" || argument.Name == "attribute") && named != "" && c.s.offers(table.Describe.Spec().Tool)
	if !lists && !describes {
		return complete(nil, "")
	}
	var names []string
	r := &record{caller: callerOf(ctx), tool: "completion", effect: op.Read}
	err := c.s.observed(ctx, r, func() (err error) {
		defer c.s.recovered("completion", &err)
		if lists {
			names, _, err = c.s.tableNames(ctx, maxListed)
			return err
		}
		in := &table.DescribeInput{TableName: named}
		r.tables = table.Describe.TablesOf(in)
		d, err := table.Describe.Call(ctx, c.s.env, in)
		if err != nil {
			return err
		}
		indexes, attributes := namesOf(d)
		if names = attributes; argument.Name == "index" {
			names = indexes
		}
		return nil
	})
	if err != nil {
		return complete(nil, "")
	}
	return complete(names, argument.Value)
}

// namesOf are the names of a table's indexes, and of the attributes its keys and projections name. Items are not read.
func namesOf(d *types.TableDescription) (indexes, attributes []string) {
	for _, a := range d.AttributeDefinitions {
		attributes = append(attributes, *a.AttributeName)
	}
	projected := func(p *types.Projection) {
		if p != nil {
			attributes = append(attributes, p.NonKeyAttributes...)
		}
	}
	for _, x := range d.GlobalSecondaryIndexes {
		indexes = append(indexes, *x.IndexName)
		projected(x.Projection)
	}
	for _, x := range d.LocalSecondaryIndexes {
		indexes = append(indexes, *x.IndexName)
		projected(x.Projection)
	}
	return indexes, attributes
}

// complete picks the names that begin with what was typed, each once. One with a character that cannot be seen is left
// out: escaped it would name nothing.
func complete(names []string, typed string) *mcp.Completion {
	seen, out := map[string]bool{}, &mcp.Completion{Values: []string{}}
	for _, name := range names {
		if seen[name] || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || hidden(r) }) || !strings.HasPrefix(strings.ToLower(name), strings.ToLower(typed)) {
			continue
		}
		seen[name] = true
		out.Total++
		if len(out.Values) < maxComplete {
			out.Values = append(out.Values, name)
		}
	}
	out.HasMore = out.Total > len(out.Values)
	return out
}
