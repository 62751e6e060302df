package cmd

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// tableWords are the names a table brings into statements and flags. Values are those of texts of few values, as far as they are known.
type tableWords struct {
	attributes, indexes []string
	values              map[string][]string
	arn                 string
}

// sampled is how many items of a table of the embedded engine are looked at for names of attributes. On AWS, where reading costs,
// DescribeTable tells some, and what a person has read before the others.
const sampled = 20

// seenKept is how long the names that a person has read are remembered, seenItems of how many items, and seenNames how many names.
const (
	seenKept  = 30 * 24 * time.Hour
	seenItems = 100
	seenNames = 200
)

// describedWords asks for the names that the description of a table has.
func describedWords(ctx context.Context, env *op.Env, name string) (tableWords, error) {
	d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
	if err != nil {
		return tableWords{}, err
	}
	w := wordsOf(d)
	slices.Sort(w.attributes)
	return w, nil
}

// knownWords are describedWords, and those of some items where reading them is free: on the embedded engine.
func (a *app) knownWords(ctx context.Context, env *op.Env, name string) (tableWords, error) {
	w, err := describedWords(ctx, env, name)
	if err != nil || !a.cfg.Local {
		return w, err
	}
	limit := int32(sampled)
	if out, err := query.Scan.Call(ctx, env, &query.ScanInput{TableName: name, Limit: &limit}); err == nil {
		w.sample(out.Items)
	}
	slices.Sort(w.attributes)
	return w, nil
}

func wordsOf(d *types.TableDescription) tableWords {
	w := tableWords{arn: aws.ToString(d.TableArn)}
	for _, def := range d.AttributeDefinitions {
		w.attributes = append(w.attributes, aws.ToString(def.AttributeName))
	}
	for _, x := range d.GlobalSecondaryIndexes {
		w.indexes = append(w.indexes, aws.ToString(x.IndexName))
	}
	for _, x := range d.LocalSecondaryIndexes {
		w.indexes = append(w.indexes, aws.ToString(x.IndexName))
	}
	for _, x := range d.VectorIndexes {
		w.indexes = append(w.indexes, aws.ToString(x.IndexName))
	}
	return w
}

// A text attribute of at most this many values, in a sample, is taken for one that has a few values only.
const fewValues = 6

// sample takes names, and the values of texts that have few, from items.
func (w *tableWords) sample(items []map[string]types.AttributeValue) {
	w.values = make(map[string][]string)
	for _, item := range items {
		for name, value := range item {
			if !slices.Contains(w.attributes, name) {
				w.attributes = append(w.attributes, name)
			}
			if text, ok := value.(*types.AttributeValueMemberS); ok && !slices.Contains(w.values[name], text.Value) {
				w.values[name] = append(w.values[name], text.Value)
			}
		}
	}
	for name, list := range w.values {
		if len(list) > fewValues || slices.ContainsFunc(list, func(s string) bool { return len(s) > 40 || strings.ContainsAny(s, "'\"\\\n") }) {
			delete(w.values, name) // each has its own, or they are no words
			continue
		}
		slices.Sort(list)
	}
}

// attributeCompletion completes the last name in an expression to an attribute of the table, followed by suffix. What stands before it stays.
func (a *app) attributeCompletion(suffix string) completion {
	return func(c *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
		name := a.namedTable(c, args)
		if name == "" {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		names := a.completed(c, "attributes of "+name, func(ctx context.Context, env *op.Env) ([]string, error) {
			w, err := a.knownWords(ctx, env, name)
			return w.attributes, err
		})
		seen, _ := rememberedFor(a.seenFile(name), seenKept)
		for _, n := range seen {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
		at := strings.LastIndexAny(text, ` ,()=<>"'`+"`") + 1
		if suffix == "=" && strings.LastIndexByte(text, '=') > strings.LastIndexByte(text, ',') {
			return nil, cobra.ShellCompDirectiveNoFileComp // a value is being written
		}
		before := strings.TrimLeft(text[:at], `'"`)
		var list []string
		for _, n := range names {
			if strings.HasPrefix(n, text[at:]) && plainName(n) {
				list = append(list, before+n+suffix)
			}
		}
		return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

// plainName tells whether a name can be written in an expression as it is.
func plainName(name string) bool {
	return name != "" && !strings.ContainsAny(name, " \t\n,()=<>\"'`:")
}

// seenFile remembers the names of a table's attributes that a person has read.
func (a *app) seenFile(name string) string { return completionFile(a.cfg, "seen in "+name) }

// A glance takes the names of attributes out of the first items that a person reads from AWS, where a completion does not read.
type glance struct {
	names []string
	items int
}

func (g *glance) at(item attr.Item) {
	if g == nil || g.items >= seenItems {
		return
	}
	g.items++
	for _, at := range item {
		if len(g.names) < seenNames && !slices.Contains(g.names, at.Name) {
			g.names = append(g.names, at.Name)
		}
	}
}

// glance is nil where nobody will complete what is read: in a script, and on the embedded engine, which is asked itself.
func (a *app) glance() *glance {
	if a.cfg.Local || !a.io.ErrTerminal || a.dryRun() {
		return nil
	}
	return new(glance)
}

// keep adds what was seen to what is remembered.
func (g *glance) keep(a *app, table string) {
	if g == nil || len(g.names) == 0 || table == "" {
		return
	}
	file := a.seenFile(table)
	known, _ := rememberedFor(file, seenKept)
	all := slices.Clone(g.names)
	for _, n := range known {
		if len(all) < seenNames && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	remember(file, all)
}
