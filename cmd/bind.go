package cmd

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/wire"
)

// A bound is an operation as a command: its input, and the positions and flags that fill it.
type bound struct {
	app         *app
	o           op.Operation
	ad          adornment
	in          any
	args, flags []*boundField
	fill        func(context.Context, *app, any, []string) error // of the adornment's own flags; may be nil
	limit       int
}

// bind makes a command of an operation: positions from arg tags, flags from flag tags, help from the Spec.
func bind(a *app, o op.Operation) *cobra.Command {
	spec := o.Spec()
	b := &bound{app: a, o: o, ad: a.adornments()[spec.Tool], in: o.NewInput()}
	b.args, b.flags = fieldsOf(reflect.ValueOf(b.in).Elem())
	words := strings.Fields(spec.Path())
	line := usageLine(b.args)
	if b.ad.args != "" {
		line = b.ad.args
	}
	c := &cobra.Command{
		Hidden:  spec.Tool == "update_time_to_live" || spec.Tool == "update_continuous_backups", // two verbs stand for each
		Use:     strings.TrimSpace(words[len(words)-1] + " " + line),
		Aliases: b.ad.aliases,
		Short:   spec.Short + " [API: " + apiName(spec) + "]",
		Long:    longText(spec, b.ad),
		Example: example(b.ad.example),
		RunE:    b.run,
	}
	if spec.Effect == op.Read && spec.API != "" {
		spread(c, placesRows, listRow[spec.Tool])
	}
	b.define(c)
	if b.ad.args == "" {
		c.Args = countArgs(b.args)
		c.ValidArgsFunction = completePositions(a, b.args)
	} else {
		c.ValidArgsFunction = completeTables(a)
	}
	return c
}

// define adds the flags. Where pages are followed the flags of one page make place for a limit of all.
func (b *bound) define(c *cobra.Command) {
	_, streaming := b.o.(op.Streaming)
	for _, f := range b.flags {
		if streaming && (f.name == "limit" || f.name == "max-results") {
			continue
		}
		f.define(c.Flags())
		if values := enumOf(f.elem()); len(values) > 0 {
			_ = c.RegisterFlagCompletionFunc(f.name, fixedCompletion(values...))
		}
		if slices.Contains(b.ad.hide, f.name) {
			_ = c.Flags().MarkHidden(f.name)
		}
	}
	if streaming {
		c.Flags().IntVar(&b.limit, "limit", 0, "at most `N` in all; every page is fetched otherwise")
	}
	if b.ad.flags != nil {
		b.fill = b.ad.flags(c.Flags())
	}
}

// run fills the input and invokes the operation.
func (b *bound) run(c *cobra.Command, given []string) error {
	if b.ad.args == "" {
		for i, text := range given {
			if err := b.args[i].set(b.app, text); err != nil {
				return err
			}
		}
		if len(given) == 0 && len(b.args) > 0 && b.args[0].name == "table" && b.args[0].required {
			if err := b.args[0].set(b.app, "."); err != nil {
				return err
			}
		}
	}
	for _, f := range b.flags {
		if err := f.finish(b.app); err != nil {
			return err
		}
	}
	ctx, cancel := b.app.timeout(c.Context())
	defer cancel()
	if b.fill != nil {
		if err := b.fill(ctx, b.app, b.in, given); err != nil {
			return err
		}
	}
	for _, f := range b.flags {
		if err := f.needed(c); err != nil {
			return err
		}
	}
	return b.app.invoke(ctx, b.o, b.ad, b.in, b.limit)
}

// listRow names the rows of lists of texts, where a row needs a name.
var listRow = map[string]string{"list_tables": "TableName"}

func apiName(spec op.Spec) string {
	if spec.API == "" {
		return "none, ddb's own"
	}
	return spec.API
}

func longText(spec op.Spec, ad adornment) string {
	text := spec.Long
	if ad.long != "" {
		text = ad.long
	}
	if text == "" {
		text = spec.Short + "."
	}
	return strings.TrimSpace(text) + "\n\n[API: " + apiName(spec) + "]"
}

// example indents by two, as cobra shows it.
func example(text string) string {
	var lines []string
	for line := range strings.Lines(strings.TrimSpace(text)) {
		lines = append(lines, "  "+strings.TrimSpace(line))
	}
	return strings.Join(lines, "\n")
}

// invoke runs an operation and shows its answer.
func (a *app) invoke(ctx context.Context, o op.Operation, ad adornment, in any, limit int) error {
	p, err := a.printer()
	if err != nil {
		return err
	}
	env, err := a.callEnv(ctx)
	if err != nil {
		return err
	}
	var out any
	if s, ok := o.(op.Streaming); ok {
		out, err = gather(ctx, env, s, in, limit, ad.keep)
	} else {
		out, err = o.Invoke(ctx, env, in)
	}
	if done, err := a.showDry(err); done {
		return err
	}
	if err != nil {
		a.tellUnderWay(ctx, o, in, err)
		return err
	}
	if ad.after != nil {
		if out, err = ad.after(ctx, a, in, out); err != nil {
			return err
		}
	}
	if text, ok := out.(*op.Text); ok {
		_, err := fmt.Fprintln(a.io.Out, strings.TrimSuffix(text.Text, "\n"))
		return err
	}
	doc, err := wire.Marshal(out, o.Spec().Nulls...)
	if err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	if string(doc) != "{}" || p.Terminal() {
		if err := p.Document(doc, ad.view); err != nil {
			return err
		}
	}
	return p.Flush()
}

// tellUnderWay says of a call that a signal cut off that nobody knows what came of it. What asks first, and was not answered, has sent nothing.
func (a *app) tellUnderWay(ctx context.Context, o op.Operation, in any, err error) {
	if interruption(ctx) == nil || !errors.Is(err, context.Canceled) {
		return
	}
	if e := o.EffectOf(in); e == op.Write || e == op.Destroy && a.flags.yes {
		a.io.notef("ddb: %s was under way and may have been carried out", o.Spec().API)
	}
}

// gather follows all pages and puts the rows back where one page would hold them, so that a list of any length is one document.
func gather(ctx context.Context, env *op.Env, s op.Streaming, in any, limit int, keep func(any) bool) (any, error) {
	var rows []any
	out, err := s.Stream(ctx, env, in, func(row any) error {
		if keep != nil && !keep(row) {
			return nil
		}
		rows = append(rows, row)
		if limit > 0 && len(rows) == limit {
			return op.ErrStop
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	v := reflect.ValueOf(out).Elem()
	for _, f := range wire.Fields(v.Type()) {
		if f.Type.Kind() != reflect.Slice || len(rows) > 0 && f.Type.Elem() != reflect.TypeOf(rows[0]) {
			continue
		}
		list := reflect.MakeSlice(f.Type, 0, len(rows))
		for _, r := range rows {
			list = reflect.Append(list, reflect.ValueOf(r))
		}
		v.FieldByIndex(f.Index).Set(list)
		return out, nil
	}
	return out, errors.New("the answer has no place for its rows")
}
