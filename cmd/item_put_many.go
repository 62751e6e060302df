package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/batch"
	"github.com/ddb-cli/ddb/internal/records"
)

// Limits of BatchWriteItem (API reference, BatchWriteItem): 25 requests, 16 MB; below that, to leave room for what JSON adds.
const (
	batchItems = 25
	batchBytes = 12 << 20
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

// A batchWriter puts items in batches. Two items with one key never share a batch, which the service would refuse; the later one wins.
type batchWriter struct {
	ctx      context.Context //nolint:containedctx // one writer, one run
	env      *op.Env
	table    string
	schema   *schema
	requests []types.WriteRequest
	keys     map[string]bool
	bytes    int
	pending  int // line of the last item added
	line     int // line up to which everything is written
	written  int
	capacity *types.ConsumedCapacity

	accounting op.Accounting
}

func (w *batchWriter) add(line int, it attr.Item) error {
	return w.addRequest(line, it, types.WriteRequest{PutRequest: &types.PutRequest{Item: op.ToSDK(it)}})
}

func (w *batchWriter) remove(line int, key attr.Item) error {
	return w.addRequest(line, key, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: op.ToSDK(key)}})
}

func (w *batchWriter) addRequest(line int, it attr.Item, request types.WriteRequest) error {
	var key []byte
	for _, part := range w.schema.key {
		v, _ := it.Get(part.Name)
		key = attr.AppendKey(key, v)
	}
	size := attr.ItemSize(it)
	if w.keys[string(key)] || len(w.requests) == batchItems || w.bytes+size > batchBytes {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if w.keys == nil {
		w.keys = make(map[string]bool, batchItems)
	}
	w.keys[string(key)] = true
	w.requests = append(w.requests, request)
	w.bytes += size
	w.pending = line
	return nil
}

// The service may leave part of a batch unwritten when it is throttled, or refuse the whole; what is left is sent again, after
// waits that double from 50 ms to 5 s.
const (
	firstWait  = 50 * time.Millisecond
	longWait   = 5 * time.Second
	fruitless  = 8 // waits without one item written, after which the service is believed
	codeStalls = "ThrottlingException"
)

func (w *batchWriter) flush() error {
	wait, idle := firstWait, 0
	for len(w.requests) > 0 {
		if err := w.ctx.Err(); err != nil {
			return context.Cause(w.ctx)
		}
		out, err := batch.Write.Call(w.ctx, w.env, &batch.WriteInput{RequestItems: map[string][]types.WriteRequest{w.table: w.requests}, Accounting: w.accounting})
		left := w.requests
		switch {
		case err == nil:
			for i := range out.ConsumedCapacity {
				w.capacity = op.SumCapacity(w.capacity, &out.ConsumedCapacity[i])
			}
			left = unwritten(out.UnprocessedItems)
		case codeOf(err) != exitThrottled || idle == fruitless-1:
			return err
		}
		w.written += len(w.requests) - len(left)
		if len(left) < len(w.requests) {
			wait, idle = firstWait, 0
		} else if idle++; idle == fruitless {
			return &op.Error{Code: codeStalls, Retryable: true, Message: fmt.Sprintf("the service takes no more writes to %s", w.table), Hint: "raise the table's capacity, or try again later"}
		}
		if w.requests = left; len(left) == 0 {
			break
		}
		select {
		case <-w.ctx.Done():
			return context.Cause(w.ctx)
		case <-time.After(wait):
		}
		wait = min(2*wait, longWait)
	}
	w.requests, w.bytes = w.requests[:0], 0
	clear(w.keys)
	w.line = w.pending
	return nil
}

// unwritten are the requests that came back, whatever the table is called there: a name, or the ARN it was given by.
func unwritten(items map[string][]types.WriteRequest) []types.WriteRequest {
	var all []types.WriteRequest
	for _, list := range items {
		all = append(all, list...)
	}
	return all
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
