package cmd

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/render"
)

// terminalItems is where a query or scan stops on a terminal when no limit is given.
const terminalItems = 100

// reading is what query, scan and sql have in common: the flags, and the loop over pages.
type reading struct {
	expressions
	index, startKey            string
	limit, pageSize, maxRead   int
	consistent, count          bool
	selectText                 string
	table                      string
	schema                     *schema
	start                      attr.Item
	filterExpr, projectionExpr string
	where                      string
	scan                       bool
	guard                      *scanFlags // of a query, whose --where may come to reading everything
	larger                     byteSize
	keep                       func(attr.Item) bool // what of a page is wanted, beyond what the service can be told; nil for all
}

// A page is the part of an answer that the loop needs.
type page struct {
	items          []map[string]types.AttributeValue
	count, scanned int
	next           attr.Item
	more           bool // there is another page, where next cannot say so
	capacity       *types.ConsumedCapacity
}

func (r *reading) define(f *pflag.FlagSet) {
	f.StringVar(&r.index, "index", "", "read this `index` instead of the table")
	r.filterFlags(f)
	r.projectionFlags(f)
	r.limits(f)
	f.BoolVar(&r.count, "count", false, "print how many items there are, not the items")
	f.BoolVar(&r.consistent, "consistent", false, "see all writes before this moment, at twice the cost")
	f.StringVar(&r.startKey, "start-key", "", "go on behind this `key`, as an earlier run printed it")
	f.Var(&r.larger, "larger", "only items of more than this `size`, as the service counts it: 100KB")
	f.StringVar(&r.selectText, "select", "", "what the API's Select takes, such as ALL_PROJECTED_ATTRIBUTES")
	r.placeholders(f)
}

func (r *reading) limits(f *pflag.FlagSet) {
	f.Var((*positive)(&r.limit), "limit", "return at most `N` items")
	f.Var((*positive)(&r.pageSize), "page-size", "read `N` items a call (the API's Limit)")
	f.Var((*positive)(&r.maxRead), "max-items-read", "stop when `N` items have been read, filtered out or not")
}

// byteSize is a flag's number of bytes: 400, 100KB, 1.5MB.
type byteSize int

func (b *byteSize) Set(text string) error {
	upper, unit := strings.ToUpper(strings.TrimSpace(text)), 1
	for suffix, n := range map[string]int{"KB": 1 << 10, "K": 1 << 10, "MB": 1 << 20, "M": 1 << 20} {
		if number, ok := strings.CutSuffix(upper, suffix); ok {
			upper, unit = strings.TrimSpace(number), n
			break
		}
	}
	upper = strings.TrimSuffix(upper, "B")
	n, err := strconv.ParseFloat(upper, 64)
	if err != nil || n <= 0 || n*float64(unit) > 1<<30 {
		return errors.New("expected a size such as 400, 100KB or 1MB")
	}
	*b = byteSize(n * float64(unit))
	return nil
}

func (b *byteSize) Type() string { return "size" }

func (b *byteSize) String() string { return strconv.Itoa(int(*b)) }

// positive is a flag's number that counts items. None at all is no number of them: taken for "unset" it would read
// everything.
type positive int

func (p *positive) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return errors.New("expected a whole number from 1 up; leave it out for everything")
	}
	*p = positive(n)
	return nil
}

func (p *positive) Type() string { return "int" }

func (p *positive) String() string { return strconv.Itoa(int(*p)) }

// prepare reads the flags that do not depend on the table.
func (r *reading) prepare(a *app) error {
	if strings.EqualFold(r.selectText, string(types.SelectCount)) { // another way to say it
		r.count, r.selectText = true, ""
	}
	if r.count && r.selectText != "" {
		return usage("--count and --select cannot be used together", "")
	}
	if r.larger > 0 {
		if r.proj != "" || r.rawProjection != "" || r.selectText != "" {
			return usage("--larger weighs whole items, and stands without --project and --select", "--columns shows a part of each")
		}
		r.keep = func(it attr.Item) bool { return attr.ItemSize(it) > int(r.larger) }
	}
	if err := r.load(a); err != nil {
		return err
	}
	if r.startKey != "" {
		raw, err := a.source(r.startKey)
		if err != nil {
			return err
		}
		if r.start, err = a.decodeItem(raw); err != nil {
			return inFlag("start-key", err)
		}
	}
	var err error
	if r.filterExpr, err = r.filterText(); err != nil {
		return err
	}
	r.projectionExpr, err = r.projectionText()
	return err
}

func (r *reading) selection() (types.Select, error) {
	if r.count && r.larger == 0 { // weighing takes the items
		return types.SelectCount, nil
	}
	if r.selectText == "" {
		return "", nil
	}
	v, err := oneOf(r.selectText, enumOf(selectType))
	return types.Select(v), err
}

// callLimit is the Limit of the next call: not more than is still wanted, where nothing is filtered out of it.
func (r *reading) callLimit(taken, read, stop int) *int32 {
	n := r.pageSize
	least := func(m int) {
		if n == 0 || m < n {
			n = m
		}
	}
	if stop > 0 && r.filterExpr == "" {
		least(stop - taken)
	}
	if r.maxRead > 0 {
		least(r.maxRead - read)
	}
	if n <= 0 {
		return nil
	}
	limit := int32(min(n, 1<<30))
	return &limit
}

// follow prints the items of page after page, until there are no more, a limit is reached or a signal comes. What was done, and how to go on, is said on standard error.
func (a *app) follow(ctx context.Context, p *render.Printer, r *reading, read fetch) error {
	a.bareWords(ctx, r.table, &r.holders)
	if a.dryRun() {
		_, err := read(r.start, r.callLimit(0, 0, r.limit))
		_, err = a.showDry(err)
		return err
	}
	stop := r.limit
	short := stop == 0 && p.Terminal() && !r.count
	if short {
		stop = terminalItems
	}
	var (
		w        = p.Items(r.keyNames(), r.schema.isText)
		seen     = a.glance()
		at       = r.start
		taken    int
		scanned  int
		matched  int
		capacity *types.ConsumedCapacity
		began    = time.Now()
		more     bool
	)
	for {
		got, err := read(at, r.callLimit(taken, scanned, stop))
		if err != nil {
			return a.cutShort(ctx, p, w, r, taken, at, err)
		}
		scanned += got.scanned
		matched += got.count
		capacity = op.SumCapacity(capacity, got.capacity)
		for _, raw := range got.items {
			if stop > 0 && taken == stop {
				more = true
				break
			}
			item := r.schema.ordered(raw)
			seen.at(item)
			if r.keep != nil && !r.keep(item) {
				matched--
				continue
			}
			if !r.count {
				if err := w.Write(item); err != nil {
					return err
				}
			}
			taken++
			if key, whole := r.keyOf(item); whole {
				at = key
			}
		}
		if !more {
			at = got.next
			more = len(got.next) > 0 || got.more
			if !more || stop > 0 && taken >= stop || r.maxRead > 0 && scanned >= r.maxRead {
				break
			}
			more = false
		} else {
			break
		}
		if !p.Terminal() {
			if err := p.Flush(); err != nil {
				return err
			}
		}
	}
	if r.count {
		if err := p.Document(fmt.Appendf(nil, "%d", matched), nil); err != nil {
			return err
		}
	} else if err := w.Close(); err != nil {
		return err
	}
	if err := p.Flush(); err != nil {
		return err
	}
	seen.keep(a, r.table)
	a.summarize(r, taken, scanned, capacity, time.Since(began))
	if more {
		a.goOn(r, at, short)
	}
	return nil
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
func (a *app) cutShort(ctx context.Context, p *render.Printer, w render.ItemWriter, r *reading, taken int, at attr.Item, err error) error {
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
		a.goOn(r, at, false)
		return &errQuiet{signaled.code}
	}
	if taken > 0 {
		a.io.notef("ddb: %s came before the error", counted(taken, "item"))
		a.goOn(r, at, false)
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

// goOn prints the key to go on from, quoted for a shell.
func (a *app) goOn(r *reading, at attr.Item, short bool) {
	text := "there may be more"
	if short {
		text += "; --limit N returns N of them, and a pipe all"
	}
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
