package cmd

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/records"
)

// writersAtOnce is how many single writes are under way together. More would be throttled sooner, on a table that grows with its traffic.
const writersAtOnce = 8

// many is what update and delete need to do their work on many items: the ones of a condition, or the keys of a file.
type many struct {
	where, format string
	scan          bool
}

func (m *many) define(f *pflag.FlagSet, verb string) {
	f.StringVar(&m.where, "where", "", verb+` all items for which this holds: 'status = "open"'`)
	f.BoolVar(&m.scan, "scan", false, "read the whole of a large table where --where has no key in it")
}

// wanted tells whether many items are meant, and checks that the key is not given twice.
func (m *many) wanted(positions []string, key string) (bool, error) {
	source := isSource(positions)
	switch {
	case m.where == "" && !source:
		return false, nil
	case m.where != "" && (len(positions) > 0 || key != ""):
		return false, usage("--where says which items, and stands without a key", "leave one of them out")
	case key != "":
		return false, usage("the key is given twice, by position and by --key", "leave one of them out")
	}
	return true, nil
}

// A tally is what came of many writes. Its numbers are written by several at once.
type tally struct {
	done, changed atomic.Int64
}

// write does one thing to every item, several at once, and returns at the first failure. A condition that no longer holds is counted and is none.
func (t *tally) write(ctx context.Context, keys func(func(attr.Item) error) error, do func(context.Context, attr.Item) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan attr.Item, writersAtOnce)
	var wait sync.WaitGroup
	for range writersAtOnce {
		wait.Go(func() {
			for key := range queue {
				if ctx.Err() != nil {
					continue
				}
				err := do(ctx, key)
				switch {
				case err == nil:
					t.done.Add(1)
				case codeOf(err) == exitCondition:
					t.changed.Add(1)
				default:
					cancel(err)
				}
			}
		})
	}
	err := keys(func(key attr.Item) error {
		select {
		case queue <- key:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	close(queue)
	wait.Wait()
	if cause := context.Cause(ctx); cause != nil && (err == nil || errors.Is(err, context.Canceled)) {
		return cause
	}
	return err
}

// meant are the items that are meant: what to call them in a question, and their keys. Fixed tells that no write of others can take an item out of them.
type meant struct {
	schema *schema
	words  string
	fixed  bool
	each   func(func(attr.Item) error) error
}

// itemsMeant finds the items of a condition, or of a source of keys.
func (a *app) itemsMeant(ctx context.Context, m *many, table string, positions []string) (*meant, error) {
	s, err := a.schema(ctx, table, "")
	if err != nil {
		return nil, err
	}
	if m.where == "" {
		each := func(take func(attr.Item) error) error { return a.keysFrom(s, positions[0], m.format, take) }
		return &meant{s, "the items of " + table + " with the keys of " + positions[0], true, each}, nil
	}
	r := &reading{table: table, where: m.where, scan: m.scan}
	for _, part := range s.key {
		r.projectionExpr = joined(r.projectionExpr, r.holders.Name(part.Name))
	}
	r.proj = "`" + s.key[0].Name + "`" // which every index holds
	env, err := a.env(ctx)
	if err != nil {
		return nil, err
	}
	l, err := a.lookup(ctx, env, r, false)
	if err != nil {
		return nil, err
	}
	a.bareWords(ctx, table, &r.holders)
	fixed := !l.plan.Scan && l.plan.Access.Index == "" && l.plan.Filter == ""
	return &meant{s, fmt.Sprintf("all items of %s where %s", table, m.where), fixed, func(take func(attr.Item) error) error { return eachKey(l, r, s, take) }}, nil
}

func joined(list, name string) string {
	if list == "" {
		return name
	}
	return list + ", " + name
}

// eachKey follows the pages of a lookup.
func eachKey(l *lookup, r *reading, s *schema, take func(attr.Item) error) error {
	var at attr.Item
	for {
		got, err := l.pages(at, nil)
		if err != nil {
			return err
		}
		for _, raw := range got.items {
			it := s.ordered(raw)
			if r.keep != nil && !r.keep(it) {
				continue
			}
			if err := take(s.tableKey(it)); err != nil {
				return err
			}
		}
		if at = got.next; len(at) == 0 {
			return nil
		}
	}
}

// keysFrom reads keys from a source, all of them before the first is handed over: a bad line ends it before anything is done.
func (a *app) keysFrom(s *schema, source, format string, take func(attr.Item) error) error {
	lines, err := a.openRecords(source, format, false, s.names()...)
	if err != nil {
		return err
	}
	defer func() { _ = lines.Close() }() // it was read only
	lines.Text = s.isText
	bad := &badLines{app: a, name: lines.Name()}
	total := 0
	err = lines.Each(func(r records.Record) error {
		total++
		if _, err := a.keyIn(s, r); err != nil {
			bad.add(r.Line, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if bad.n > 0 {
		return &op.Error{Code: "BadLines", Message: fmt.Sprintf("%d of %s are no keys of %s; nothing was done", bad.n, counted(total, "line"), s.table)}
	}
	return lines.Each(func(r records.Record) error {
		key, err := a.keyIn(s, r)
		if err != nil {
			return err
		}
		return take(key)
	})
}

// manyDone says what was done, whatever the end, and with --dry-run what would have been.
func (a *app) manyDone(ctx context.Context, t *tally, done, table string, err error) error {
	n, left := int(t.done.Load()), int(t.changed.Load())
	if a.dryRun() {
		a.io.notef("ddb: %s of %s would be %s", counted(n, "item"), table, done)
		if a.dry != nil && len(a.dry.requests) > 1 {
			a.dry.requests = a.dry.requests[:1]
		}
		_, err = a.showDry(err)
		return err
	}
	text := fmt.Sprintf("%s of %s %s", counted(n, "item"), table, done)
	if left > 0 {
		text += fmt.Sprintf("; %s changed meanwhile and left alone", counted(left, "item"))
	}
	a.io.notef("ddb: %s", text)
	if s := interruption(ctx); err != nil && s != nil {
		a.io.notef("ddb: %s", s.name)
		return &errQuiet{s.code}
	}
	return err
}

// agreed asks once for many writes that the gate admits, and gives an environment in which nobody is asked again.
func (a *app) agreed(ctx context.Context, spec op.Spec, table, what string) (*op.Env, error) {
	env, err := a.callEnv(ctx)
	if err != nil {
		return nil, err
	}
	if !a.dryRun() {
		if err := env.Admits(spec.Effect, spec, table); err != nil {
			return nil, err
		}
		if err := a.confirmText(ctx, what, ""); err != nil {
			return nil, err
		}
	}
	quiet := *env
	quiet.Confirm = nil
	return &quiet, nil
}
