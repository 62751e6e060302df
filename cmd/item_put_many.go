package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/records"
)

// namedBad is how many bad lines are shown one by one.
const namedBad = 20

// badLines counts and shows the records that are no items of the table.
type badLines struct {
	app  *app
	name string
	n    int
}

func (b *badLines) add(line int, err error) {
	b.n++
	if b.n <= namedBad {
		text, _, _ := strings.Cut(err.Error(), "\n")
		b.app.io.notef("ddb: %s, line %d: %s", b.name, line, text)
	}
	if b.n == namedBad+1 {
		b.app.io.notef("ddb: … further bad lines are only counted")
	}
}

// putMany checks all records, then writes them in batches. With skip good ones are written as they come.
func (a *app) putMany(ctx context.Context, table string, lines *records.Source, skip bool) error {
	s, err := a.schema(ctx, table, "")
	if err != nil {
		return err
	}
	lines.Text = s.isText
	bad := &badLines{app: a, name: lines.Name()}
	if !skip {
		total := 0
		err := lines.Each(func(r records.Record) error {
			total++
			if _, err := a.itemOf(s, r); err != nil {
				bad.add(r.Line, err)
			}
			return ctx.Err()
		})
		if err != nil {
			return err
		}
		if bad.n > 0 {
			return &op.Error{
				Code: "BadLines", Message: fmt.Sprintf("%d of %s cannot be put into %s; nothing was written", bad.n, counted(total, "item"), table),
				Hint: "correct them, or add --skip-bad to write the others",
			}
		}
	}
	env, err := a.callEnv(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	w := &batchWriter{ctx: ctx, env: env, table: table, schema: s}
	if w.accounting, err = a.flags.returns.accounting(); err != nil {
		return err
	}
	err = lines.Each(func(r records.Record) error {
		it, err := a.itemOf(s, r)
		if err != nil {
			bad.add(r.Line, err)
			return nil
		}
		return w.add(r.Line, it)
	})
	if err == nil {
		err = w.flush()
	}
	if done, err := a.showDry(err); done {
		return err
	}
	err = a.putDone(ctx, w, bad, err)
	a.spent("", w.capacity, time.Since(began))
	return err
}

// putDone says what was written, whatever the end.
func (a *app) putDone(ctx context.Context, w *batchWriter, bad *badLines, err error) error {
	if err != nil {
		a.io.notef("ddb: %s written to %s before that, up to line %d", counted(w.written, "item"), w.table, w.line)
		if s := interruption(ctx); s != nil {
			a.io.notef("ddb: %s", s.name)
			return &errQuiet{s.code}
		}
		return err
	}
	a.io.notef("ddb: %s written to %s", counted(w.written, "item"), w.table)
	if bad.n > 0 {
		return &op.Error{Code: "BadLines", Message: fmt.Sprintf("%d of %s could not be put into %s", bad.n, counted(w.written+bad.n, "item"), w.table)}
	}
	return nil
}

// putEach writes items one by one, because each has a condition to meet or an old item to show.
func (a *app) putEach(ctx context.Context, w *putting, lines *records.Source) error {
	s, err := a.schema(ctx, w.table, "")
	if err != nil {
		return err
	}
	bad := &badLines{app: a, name: lines.Name()}
	total, written := 0, 0
	w.quiet = true
	began := time.Now()
	lines.Text = s.isText
	err = lines.Each(func(r records.Record) error {
		total++
		it, err := a.itemOf(s, r)
		if err == nil {
			err = w.put(ctx, it)
		}
		var known *op.Error
		switch {
		case err == nil:
			written++
		case ctx.Err() != nil:
			return err
		case errors.As(err, &known) && codes[known.Code] != exitCondition:
			return err
		default:
			bad.add(r.Line, err)
		}
		return nil
	})
	a.io.notef("ddb: %s written to %s", counted(written, "item"), w.table)
	a.spent("", w.capacity, time.Since(began))
	if err != nil {
		return err
	}
	if bad.n > 0 {
		return &op.Error{Code: "SomeFailed", Message: fmt.Sprintf("%d of %s were not written", bad.n, counted(total, "item"))}
	}
	return nil
}
