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

// bind makes a command of an operation: positions from arg tags, flags from flag tags, help from the Spec.
func bind(a *app, o op.Operation) *cobra.Command {
	spec := o.Spec()
	ad := a.adornments()[spec.Tool]
	words := strings.Fields(spec.Path())
	in := o.NewInput()
	args, flags := fieldsOf(reflect.ValueOf(in).Elem())
	line := usageLine(args)
	if ad.args != "" {
		line = ad.args
	}
	c := &cobra.Command{
		Hidden:  spec.Tool == "update_time_to_live" || spec.Tool == "update_continuous_backups", // two verbs stand for each
		Use:     strings.TrimSpace(words[len(words)-1] + " " + line),
		Aliases: ad.aliases,
		Short:   spec.Short + " [API: " + apiName(spec) + "]",
		Long:    longText(spec, ad),
		Example: example(ad.example),
	}
	if spec.Effect == op.Read && spec.API != "" {
		spread(c, placesRows, listRow[spec.Tool])
	}
	_, streaming := o.(op.Streaming)
	limit := 0
	for _, f := range flags {
		if streaming && (f.name == "limit" || f.name == "max-results") {
			continue
		}
		f.define(c.Flags())
		if values := enumOf(f.elem()); len(values) > 0 {
			_ = c.RegisterFlagCompletionFunc(f.name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
				return values, cobra.ShellCompDirectiveNoFileComp
			})
		}
		if slices.Contains(ad.hide, f.name) {
			_ = c.Flags().MarkHidden(f.name)
		}
	}
	if streaming {
		c.Flags().IntVar(&limit, "limit", 0, "at most `N` in all; every page is fetched otherwise")
	}
	var fill func(context.Context, *app, any, []string) error
	if ad.flags != nil {
		fill = ad.flags(c.Flags())
	}
	if ad.args == "" {
		c.Args = countArgs(args)
		c.ValidArgsFunction = completePositions(a, args)
	} else {
		c.ValidArgsFunction = completeTables(a)
	}
	c.RunE = func(c *cobra.Command, given []string) error {
		if ad.args == "" {
			for i, text := range given {
				if err := args[i].set(a, text); err != nil {
					return err
				}
			}
			if len(given) == 0 && len(args) > 0 && args[0].name == "table" && args[0].required {
				if err := args[0].set(a, "."); err != nil {
					return err
				}
			}
		}
		for _, f := range flags {
			if err := f.finish(a); err != nil {
				return err
			}
		}
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		if fill != nil {
			if err := fill(ctx, a, in, given); err != nil {
				return err
			}
		}
		for _, f := range flags {
			if err := f.needed(c); err != nil {
				return err
			}
		}
		return a.invoke(ctx, o, ad, in, limit)
	}
	return c
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
