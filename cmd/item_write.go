package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
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

func (x *existence) define(f *pflag.FlagSet) {
	f.BoolVar(&x.exists, "if-exists", false, "only if there is such an item")
}

// defineMissing is for what may also be about an item that is not there yet.
func (x *existence) defineMissing(f *pflag.FlagSet) {
	f.BoolVar(&x.missing, "if-not-exists", false, "only if there is no item with this key")
}

// condition adds the flags' condition, on the first attribute of the key.
func (x *existence) condition(e *expressions, key attr.Item, other string) (string, error) {
	if x.exists && x.missing {
		return "", usage("--if-exists and --if-not-exists exclude each other", "leave one of them out")
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

// writeFlags are those that update and delete have in common.
type writeFlags struct {
	key     string
	e       expressions
	x       existence
	returns returnFlag
}

// define adds them; words are the values of --return.
func (w *writeFlags) define(a *app, f *pflag.FlagSet, words ...string) {
	f.StringVarP(&w.key, "key", "k", "", "the key as name=value,name=value or JSON")
	w.e.conditionFlags(f)
	w.x.define(f)
	if slices.Contains(words, "new") {
		w.x.defineMissing(f)
	}
	w.returns.define(f, words...)
	w.e.placeholders(f)
	explainFlag(a, f)
	a.flags.returns.defineWrite(f)
}

// writeMany does what update and delete have in common for many items: table, placeholders and --if.
func (a *app) writeMany(c *cobra.Command, args []string, f *writeFlags, call func(ctx context.Context, table, condition string) error) error {
	if f.x.missing || f.returns.text != "" {
		return usage("--if-not-exists and --return are for one item", "ddb query --where prints the items")
	}
	ctx, cancel := a.timeout(c.Context())
	defer cancel()
	table, err := a.table(args[0])
	if err != nil {
		return err
	}
	if err := f.e.load(a); err != nil {
		return err
	}
	condition, err := f.e.conditionText()
	if err != nil {
		return err
	}
	a.bareWords(ctx, table, &f.e.holders)
	return call(ctx, table, condition)
}

// writing is what update and delete need before their call.
type writing struct {
	env         *op.Env
	table       string
	key         attr.Item
	condition   string
	returns     types.ReturnValue
	accounting  op.Accounting
	collections op.Collections
}

// written is what they know after it: how many items it was about, in words, and what the service tells.
type written struct {
	done       string
	attributes map[string]types.AttributeValue
	capacity   *types.ConsumedCapacity
	collection *types.ItemCollectionMetrics
}

// write does what update and delete have in common: table, key, condition and flags before the call, the item after it.
func (a *app) write(c *cobra.Command, args []string, f *writeFlags, call func(context.Context, *writing) (written, error)) error {
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
	if err := f.e.load(a); err != nil {
		return err
	}
	condition, err := f.e.conditionText()
	if err != nil {
		return err
	}
	key, s, err := a.key(ctx, w.table, args[1:], f.key)
	if err != nil {
		return err
	}
	w.key = key
	a.bareWords(ctx, w.table, &f.e.holders)
	if w.env, err = a.callEnv(ctx); err != nil {
		return err
	}
	if w.condition, err = f.x.condition(&f.e, w.key, condition); err != nil {
		return err
	}
	if w.returns, err = f.returns.value(); err != nil {
		return err
	}
	if w.accounting, err = a.flags.returns.accounting(); err != nil {
		return err
	}
	if w.collections, err = a.flags.returns.collectionMetrics(); err != nil {
		return err
	}
	began := time.Now()
	did, err := call(ctx, w)
	if done, err := a.showDry(err); done {
		return err
	}
	if err != nil {
		return err
	}
	a.collection(did.collection)
	a.spent(did.done, did.capacity, time.Since(began))
	if did.attributes == nil {
		return nil
	}
	if err := p.Item(s.ordered(did.attributes)); err != nil {
		return err
	}
	return p.Flush()
}
