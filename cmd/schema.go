package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// A schema is what the terminal needs to know of a table to read keys as typed: the table's key, and that of the index in use.
type schema struct {
	table      string
	key        []attr.KeyPart       // of the table, partition key first
	hash, sort []attr.KeyPart       // of the index in use, or of the table
	kinds      map[string]attr.Kind // of every attribute that is part of a key of the table or of one of its indexes
	described  *types.TableDescription
}

// isText tells whether an attribute is a text for certain: part of some key, and of type S. It may be asked of no schema.
func (s *schema) isText(name string) bool { return s != nil && s.kinds[name] == attr.S }

// schema asks the service what the table's keys are. It is a read of its own, also under --dry-run.
func (a *app) schema(ctx context.Context, name, index string) (*schema, error) {
	env, err := a.env(ctx)
	if err != nil {
		return nil, err
	}
	d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
	if err != nil {
		return nil, err
	}
	kinds := make(map[string]attr.Kind)
	for _, def := range d.AttributeDefinitions {
		kinds[aws.ToString(def.AttributeName)], _ = attr.ParseKind(string(def.AttributeType))
	}
	s := &schema{table: name, kinds: kinds, described: d}
	a.described = d
	s.hash, s.sort = parts(d.KeySchema, kinds)
	s.key = append(slices.Clone(s.hash), s.sort...)
	if index == "" {
		return s, nil
	}
	var names []string
	for _, x := range d.GlobalSecondaryIndexes {
		names = append(names, aws.ToString(x.IndexName))
		if aws.ToString(x.IndexName) == index {
			s.hash, s.sort = parts(x.KeySchema, kinds)
			return s, nil
		}
	}
	for _, x := range d.LocalSecondaryIndexes {
		names = append(names, aws.ToString(x.IndexName))
		if aws.ToString(x.IndexName) == index {
			s.hash, s.sort = parts(x.KeySchema, kinds)
			return s, nil
		}
	}
	hint := "it has no indexes"
	if len(names) > 0 {
		hint = "it has " + strings.Join(names, ", ")
	}
	return nil, &op.Error{Code: "IndexNotFoundException", Message: fmt.Sprintf("table %q has no index %q", name, index), Hint: orNearest(index, names, hint)}
}

func parts(elements []types.KeySchemaElement, kinds map[string]attr.Kind) (hash, sort []attr.KeyPart) {
	for _, e := range elements {
		part := attr.KeyPart{Name: aws.ToString(e.AttributeName), Kind: kinds[aws.ToString(e.AttributeName)]}
		if e.KeyType == types.KeyTypeHash {
			hash = append(hash, part)
		} else {
			sort = append(sort, part)
		}
	}
	return hash, sort
}

// names are those of the table's key, then those of the index.
func (s *schema) names() []string {
	var names []string
	for _, list := range [][]attr.KeyPart{s.key, s.hash, s.sort} {
		for _, p := range list {
			if !slices.Contains(names, p.Name) {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

// keyOf is the key of an item, as far as it is there: what a query or scan goes on from.
func (s *schema) keyOf(item attr.Item) (key attr.Item, whole bool) {
	for _, name := range s.names() {
		v, ok := item.Get(name)
		if !ok {
			return nil, false
		}
		key = append(key, attr.Attribute{Name: name, Value: v})
	}
	return key, len(key) > 0
}

// ordered is an item from the service with its key in front.
func (s *schema) ordered(raw map[string]types.AttributeValue) attr.Item {
	item := op.FromSDK(raw)
	if s == nil {
		return item
	}
	at := 0
	for _, part := range s.key {
		if i := item.Index(part.Name); i > at {
			a := item[i]
			copy(item[at+1:i+1], item[at:i])
			item[at] = a
			at++
		} else if i == at {
			at++
		}
	}
	return item
}

// key reads the key of one item: positions, or --key.
func (a *app) key(ctx context.Context, name string, positions []string, text string) (attr.Item, *schema, error) {
	if text != "" && len(positions) > 0 {
		return nil, nil, usage("the key is given twice, by position and by --key", "leave one of them out")
	}
	if text != "" {
		raw, err := a.source(text)
		if err != nil {
			return nil, nil, err
		}
		if text = strings.TrimSpace(string(raw)); strings.HasPrefix(text, "{") {
			key, err := a.decodeItem([]byte(text)) // its types are in it: no need to ask what they are
			return key, nil, err
		}
	}
	s, err := a.schema(ctx, name, "")
	if err != nil {
		return nil, nil, err
	}
	var key attr.Item
	switch {
	case text != "":
		key, err = attr.ParseKey(text, s.key)
	case len(positions) == 1 && strings.HasPrefix(positions[0], "{"):
		key, err = a.decodeItem([]byte(positions[0]))
		if err == nil {
			err = attr.CheckKey(key, s.key)
		}
	default:
		key, err = attr.ParseKeyArgs(positions, s.key)
	}
	if err != nil {
		several := ""
		if len(positions) > len(s.key) {
			several = "; many keys are read from @FILE or -"
		}
		words := make([]string, len(s.key))
		for i, p := range s.key {
			words[i] = strings.ToUpper(p.Name)
		}
		return nil, nil, usage(err.Error(), "write it as: "+a.command+" "+name+" "+strings.Join(words, " ")+several)
	}
	return key, s, nil
}

// tableAt is what commands on one table begin with: the table of the first position, or the default one, and what the service says of it.
func (a *app) tableAt(ctx context.Context, args []string) (name string, env *op.Env, d *types.TableDescription, err error) {
	if name, err = a.table(append(args, ".")[0]); err != nil {
		return "", nil, nil, err
	}
	if env, err = a.env(ctx); err != nil {
		return "", nil, nil, err
	}
	d, err = table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
	return name, env, d, err
}
