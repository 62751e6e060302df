package cmd

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/batch"
)

// Limits of BatchWriteItem (API reference, BatchWriteItem): 25 requests, 16 MB; below that, to leave room for what JSON adds.
const (
	batchItems = 25
	batchBytes = 12 << 20
)

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
