package cmd

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/render"
)

// follow prints the items of page after page, until there are no more, a limit is reached or a signal comes. What was done, and how to go on, is said on standard error.
func (a *app) follow(ctx context.Context, p *render.Printer, r *reading, read fetch) error {
	a.bareWords(ctx, r.table, &r.holders)
	if a.dryRun() {
		_, err := read(r.start, r.callLimit(0, 0, r.limit))
		_, err = a.showDry(err)
		return err
	}
	short := r.limit == 0 && p.Terminal() && !r.count
	f := &following{r: r, w: p.Items(r.keyNames(), r.schema.isText), seen: a.glance(), stop: r.limit, at: r.start}
	if short {
		f.stop = terminalItems
	}
	began := time.Now()
	for done := false; !done; {
		got, err := read(f.at, r.callLimit(f.taken, f.scanned, f.stop))
		if err != nil {
			return a.cutShort(ctx, p, f.w, f.taken, f.at, err)
		}
		if done, err = f.take(got); err != nil {
			return err
		}
		if !done && !p.Terminal() {
			if err := p.Flush(); err != nil {
				return err
			}
		}
	}
	if r.count {
		if err := p.Document(fmt.Appendf(nil, "%d", f.matched), nil); err != nil {
			return err
		}
	} else if err := f.w.Close(); err != nil {
		return err
	}
	if err := p.Flush(); err != nil {
		return err
	}
	f.seen.keep(a, r.table)
	a.summarize(r, f.taken, f.scanned, f.capacity, time.Since(began))
	if f.more {
		if short {
			a.hintAt(f.at, "; --limit N returns N of them, and a pipe all")
		} else {
			a.goOn(f.at)
		}
	}
	return nil
}

// following is how far a reading has come.
type following struct {
	r    *reading
	w    render.ItemWriter
	seen *glance
	stop int       // the most items wanted, 0 for all
	at   attr.Item // the key to go on from

	taken, scanned, matched int
	capacity                *types.ConsumedCapacity
	more                    bool // that there may be some behind what was wanted
}

// take prints the items of a page, as far as they are wanted, and reports whether it was the last.
func (f *following) take(got page) (done bool, err error) {
	r := f.r
	f.scanned += got.scanned
	f.matched += got.count
	f.capacity = op.SumCapacity(f.capacity, got.capacity)
	for _, raw := range got.items {
		if f.stop > 0 && f.taken == f.stop {
			f.more = true
			return true, nil
		}
		item := r.schema.ordered(raw)
		f.seen.at(item)
		if r.keep != nil && !r.keep(item) {
			f.matched--
			continue
		}
		if !r.count {
			if err := f.w.Write(item); err != nil {
				return true, err
			}
		}
		f.taken++
		if key, whole := r.keyOf(item); whole {
			f.at = key
		}
	}
	f.at = got.next
	if len(got.next) == 0 && !got.more {
		return true, nil
	}
	f.more = f.stop > 0 && f.taken >= f.stop || r.maxRead > 0 && f.scanned >= r.maxRead
	return f.more, nil
}

func (r *reading) keyNames() []string {
	if r.schema == nil {
		return nil
	}
	return r.schema.names()
}

func (r *reading) keyOf(item attr.Item) (attr.Item, bool) {
	if r.schema == nil {
		return nil, false
	}
	return r.schema.keyOf(item)
}

// cutShort ends the output in order and says how far it came.
func (a *app) cutShort(ctx context.Context, p *render.Printer, w render.ItemWriter, taken int, at attr.Item, err error) error {
	if errors.Is(err, errPipe) || errors.Is(context.Cause(ctx), errPipe) {
		return errPipe
	}
	signaled := interruption(ctx)
	if taken > 0 || signaled != nil {
		if closing := errors.Join(w.Close(), p.Flush()); closing != nil {
			return closing
		}
	}
	if signaled != nil {
		a.io.notef("ddb: %s after %s", signaled.name, counted(taken, "item"))
		a.goOn(at)
		return &errQuiet{signaled.code}
	}
	if taken > 0 {
		a.io.notef("ddb: %s came before the error", counted(taken, "item"))
		a.goOn(at)
	}
	return err
}

// summarize tells what was read and what it cost.
func (a *app) summarize(r *reading, taken, read int, capacity *types.ConsumedCapacity, took time.Duration) {
	var done []string
	if !r.count {
		done = append(done, counted(taken, "item"))
	}
	if read > taken && r.filterExpr != "" {
		done = append(done, counted(read, "item")+" read")
	}
	a.spent(strings.Join(done, ", "), capacity, took)
}

// goOn prints the key to go on from.
func (a *app) goOn(at attr.Item) { a.hintAt(at, "") }

// hintAt says that there may be more, how to have it, and the key to go on from, quoted for a shell.
func (a *app) hintAt(at attr.Item, how string) {
	text := "there may be more" + how
	if len(at) > 0 {
		key := attr.AppendPlainItem(nil, at)
		if a.flags.typed {
			key = attr.AppendItem(nil, at)
		}
		text += "; go on with --start-key " + shellQuote(string(key))
	}
	a.hint(text)
}

// shellQuote quotes a word for the shell that people use on the system: PowerShell on Windows, where a quote inside is written twice.
func shellQuote(s string) string { return shellQuoteOn(runtime.GOOS, s) }

func shellQuoteOn(system, s string) string {
	quote := `'\''`
	if system == "windows" {
		quote = "''"
	}
	return "'" + strings.ReplaceAll(s, "'", quote) + "'"
}
