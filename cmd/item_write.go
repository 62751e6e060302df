package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
)

// returnFlag reads --return, in the terminal's short words or the API's own.
type returnFlag struct {
	text    string
	allowed map[string]types.ReturnValue
}

func (r *returnFlag) define(f *pflag.FlagSet, words ...string) {
	all := map[string]types.ReturnValue{
		"none": types.ReturnValueNone, "old": types.ReturnValueAllOld, "new": types.ReturnValueAllNew,
		"updated-old": types.ReturnValueUpdatedOld, "updated-new": types.ReturnValueUpdatedNew,
		"all-old": types.ReturnValueAllOld, "all-new": types.ReturnValueAllNew,
	}
	r.allowed = make(map[string]types.ReturnValue)
	for _, w := range words {
		r.allowed[w] = all[w]
		if w == "old" || w == "new" {
			r.allowed["all-"+w] = all[w]
		}
	}
	f.StringVar(&r.text, "return", "", "print the item: "+strings.Join(words, ", "))
}

func (r *returnFlag) value() (types.ReturnValue, error) {
	if r.text == "" {
		return "", nil
	}
	v, ok := r.allowed[strings.ReplaceAll(strings.ToLower(r.text), "_", "-")]
	if !ok {
		return "", usage(fmt.Sprintf("--return %s is not known here", r.text), "it is none, old or new; for update also updated-old and updated-new")
	}
	return v, nil
}

// existence is the pair of flags for the commonest conditions.
type existence struct{ exists, missing bool }

func (x *existence) define(f *pflag.FlagSet, withMissing bool) {
	f.BoolVar(&x.exists, "if-exists", false, "only if there is such an item")
	if withMissing {
		f.BoolVar(&x.missing, "if-not-exists", false, "only if there is no item with this key")
	}
}

// condition adds the flags' condition, on the first attribute of the key.
func (x *existence) condition(e *expressions, key attr.Item, other string) (string, error) {
	if x.exists && x.missing {
		return "", usage("--if-exists and --if-not-exists exclude each other", "")
	}
	if !x.exists && !x.missing || len(key) == 0 {
		return other, nil
	}
	function := "attribute_exists"
	if x.missing {
		function = "attribute_not_exists"
	}
	return both(other, function+"("+e.holders.Name(key[0].Name)+")"), nil
}

func updateCommand(a *app) *cobra.Command {
	var (
		e       expressions
		x       existence
		returns returnFlag
		clauses attr.UpdateClauses
		every   many
		key     string
		raw     string
	)
	c := &cobra.Command{
		Use: "update TABLE KEY…|-|@FILE", Short: "Change attributes of an item, or of many [API: UpdateItem]",
		Long: heredoc.Doc(`
			Change attributes of one item, or make the item. Attributes are written with their names and values with literals;
			reserved words and nested paths need no care. See: ddb help expressions

			With --where all items of a condition are changed, or with - or @file those whose keys are in it; ddb asks first, and
			in a script --yes is needed. Each is changed only if the condition still holds of it.

			[API: UpdateItem]
		`),
		Example: example(`
			ddb update Orders c#1 2026-01-01 --set 'status="paid"' --add version=1 --remove note
			ddb update Orders c#1 2026-01-01 --set 'total = total + 2.5' --if 'status = "open"' --return new
			ddb update Orders c#1 2026-01-01 --set 'log = list_append(if_not_exists(log, []), ["seen"])'
			ddb update Orders c#1 2026-01-01 --add 'tags=["gift"]'
			ddb update Orders c#1 2026-01-01 --delete 'tags=["new"]' --return updated-new
			ddb update Orders --where 'status = "open"' --set 'status="late"' --yes
		`),
		Args: a.needTable, ValidArgsFunction: completeTables(a),
	}
	f := c.Flags()
	f.StringVarP(&key, "key", "k", "", "the key as name=value,name=value or JSON")
	f.StringArrayVar(&clauses.Set, "set", nil, `'path = value, …'; also list_append(…), if_not_exists(…), + and -`)
	f.StringArrayVar(&clauses.Add, "add", nil, `'path = number' to add, 'path = ["a"]' to put into a set`)
	f.StringArrayVar(&clauses.Remove, "remove", nil, `'path, …' to take away`)
	f.StringArrayVar(&clauses.Delete, "delete", nil, `'path = ["a"]' to take out of a set`)
	f.StringVar(&raw, "update-expression", "", "the same in the API's own language")
	every.define(f, "change")
	formatFlag(c, &every.format)
	e.conditionFlags(f)
	x.define(f, true)
	returns.define(f, "none", "old", "new", "updated-old", "updated-new")
	e.placeholders(f)
	explainFlag(a, f)
	a.flags.returns.define(f, true)
	c.RunE = func(c *cobra.Command, args []string) error {
		in := &item.UpdateInput{UpdateExpression: raw}
		if !clauses.Empty() && raw != "" {
			return usage("--update-expression stands alone", "leave it, or --set, --add, --remove and --delete, out")
		}
		if clauses.Empty() && raw == "" {
			return usage("nothing to change", `say what: --set 'status="paid"', --add version=1, --remove note`)
		}
		translate := func() (err error) {
			if !clauses.Empty() {
				in.UpdateExpression, err = e.holders.Update(clauses)
			}
			if syntax, ok := errors.AsType[*attr.SyntaxError](err); ok && syntax.Clause != "" {
				return inFlag(syntax.Clause, err)
			}
			return err
		}
		if all, err := every.wanted(args[1:], key); err != nil {
			return err
		} else if all {
			return a.writeMany(c, args, &e, &x, &returns, func(ctx context.Context, table, condition string) error {
				if err := translate(); err != nil {
					return err
				}
				in.TableName = table
				return a.updateMany(ctx, &every, in, &e, condition, args[1:])
			})
		}
		return a.write(c, args, key, &e, func(ctx context.Context, w *writing) (map[string]types.AttributeValue, *types.ConsumedCapacity, error) {
			err := translate()
			if err != nil {
				return nil, nil, err
			}
			if in.ConditionExpression, err = x.condition(&e, w.key, w.condition); err != nil {
				return nil, nil, err
			}
			if in.ReturnValues, err = returns.value(); err != nil {
				return nil, nil, err
			}
			in.TableName, in.Key = w.table, w.key
			in.ExpressionAttributeNames, in.ExpressionAttributeValues = e.holders.Names, e.holders.Values
			if in.Accounting, err = a.flags.returns.accounting(); err != nil {
				return nil, nil, err
			}
			if in.Collections, err = a.flags.returns.collectionMetrics(); err != nil {
				return nil, nil, err
			}
			out, err := item.Update.Call(ctx, w.env, in)
			if err != nil {
				return nil, nil, explainUpdate(err)
			}
			a.collection(out.ItemCollectionMetrics)
			return out.Attributes, out.ConsumedCapacity, nil
		})
	}
	return c
}

// explainUpdate adds the likeliest reason to a message that puzzles: a text without its quotes is read as the name of an attribute.
func explainUpdate(err error) error {
	if e, ok := errors.AsType[*op.Error](err); ok && e.Hint == "" && strings.Contains(e.Message, "refers to an attribute that does not exist") {
		e.Hint = `text stands in quotes: --set 'status="paid"'; for a first value write if_not_exists(n, 0)`
	}
	return err
}

func deleteCommand(a *app) *cobra.Command {
	var (
		e       expressions
		x       existence
		returns returnFlag
		every   many
		key     string
	)
	c := &cobra.Command{
		Use: "delete TABLE KEY…|-|@FILE", Short: "Delete one item, or many [API: DeleteItem, BatchWriteItem]",
		Long: heredoc.Doc(`
			Delete one item by its key, all items of a condition with --where, or with - or @file those whose keys are in it: JSON
			lines, CSV, or lines that are a key of one part. On a terminal ddb asks first; in a script --yes is needed.
			Deleting what is not there is no error, unless --if-exists is given.

			[API: DeleteItem, BatchWriteItem]
		`),
		Example: example(`
			ddb delete Orders c#1 2026-01-01 --yes
			ddb delete Orders c#1 2026-01-01 --if 'status = "cancelled"' --return old --yes
			ddb delete Orders --where 'customer = "c#1"' --yes
			ddb delete Orders --where 'status = "cancelled"' --dry-run
		`),
		Args: a.needTable, ValidArgsFunction: completeTables(a),
	}
	f := c.Flags()
	f.StringVarP(&key, "key", "k", "", "the key as name=value,name=value or JSON")
	every.define(f, "delete")
	formatFlag(c, &every.format)
	e.conditionFlags(f)
	x.define(f, false)
	returns.define(f, "none", "old")
	e.placeholders(f)
	explainFlag(a, f)
	a.flags.returns.define(f, true)
	c.RunE = func(c *cobra.Command, args []string) error {
		in := &item.DeleteInput{}
		if all, err := every.wanted(args[1:], key); err != nil {
			return err
		} else if all {
			return a.writeMany(c, args, &e, &x, &returns, func(ctx context.Context, table, condition string) error {
				in.TableName = table
				return a.deleteMany(ctx, &every, in, &e, condition, args[1:])
			})
		}
		return a.write(c, args, key, &e, func(ctx context.Context, w *writing) (map[string]types.AttributeValue, *types.ConsumedCapacity, error) {
			var err error
			if in.ConditionExpression, err = x.condition(&e, w.key, w.condition); err != nil {
				return nil, nil, err
			}
			if in.ReturnValues, err = returns.value(); err != nil {
				return nil, nil, err
			}
			in.TableName, in.Key = w.table, w.key
			in.ExpressionAttributeNames, in.ExpressionAttributeValues = e.holders.Names, e.holders.Values
			if in.Accounting, err = a.flags.returns.accounting(); err != nil {
				return nil, nil, err
			}
			if in.Collections, err = a.flags.returns.collectionMetrics(); err != nil {
				return nil, nil, err
			}
			out, err := item.Delete.Call(ctx, w.env, in)
			if err != nil {
				return nil, nil, err
			}
			a.collection(out.ItemCollectionMetrics)
			return out.Attributes, out.ConsumedCapacity, nil
		})
	}
	return c
}

// writeMany does what update and delete have in common for many items: table, placeholders and --if.
func (a *app) writeMany(c *cobra.Command, args []string, e *expressions, x *existence, returns *returnFlag, call func(ctx context.Context, table, condition string) error) error {
	if x.missing || returns.text != "" {
		return usage("--if-not-exists and --return are for one item", "ddb query --where prints the items")
	}
	ctx, cancel := a.timeout(c.Context())
	defer cancel()
	table, err := a.table(args[0])
	if err != nil {
		return err
	}
	if err := e.load(a); err != nil {
		return err
	}
	condition, err := e.conditionText()
	if err != nil {
		return err
	}
	a.bareWords(ctx, table, &e.holders)
	return call(ctx, table, condition)
}

// writing is what update and delete need before their call.
type writing struct {
	env       *op.Env
	table     string
	key       attr.Item
	condition string
}

// write does what update and delete have in common: table, key and condition before the call, the item after it.
func (a *app) write(c *cobra.Command, args []string, keyText string, e *expressions,
	call func(context.Context, *writing) (map[string]types.AttributeValue, *types.ConsumedCapacity, error),
) error {
	ctx, cancel := a.timeout(c.Context())
	defer cancel()
	p, err := a.printer()
	if err != nil {
		return err
	}
	w := &writing{}
	if w.table, err = a.table(args[0]); err != nil {
		return err
	}
	if err := e.load(a); err != nil {
		return err
	}
	if w.condition, err = e.conditionText(); err != nil {
		return err
	}
	key, s, err := a.key(ctx, w.table, args[1:], keyText)
	if err != nil {
		return err
	}
	w.key = key
	a.bareWords(ctx, w.table, &e.holders)
	if w.env, err = a.callEnv(ctx); err != nil {
		return err
	}
	began := time.Now()
	attributes, capacity, err := call(ctx, w)
	if done, err := a.showDry(err); done {
		return err
	}
	if err != nil {
		return err
	}
	a.spent("1 item", capacity, time.Since(began))
	if attributes == nil {
		return nil
	}
	if err := p.Item(s.ordered(attributes)); err != nil {
		return err
	}
	return p.Flush()
}
