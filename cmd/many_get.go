package cmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/batch"
	"github.com/ddb-cli/ddb/internal/ops/item"
)

// batchKeys is the most keys of a BatchGetItem (API reference, BatchGetItem).
const batchKeys = 100

// getMany prints the items of the keys of a source, in their order. A key without an item is counted, and then the exit code is 3.
func (a *app) getMany(ctx context.Context, in *item.GetInput, source, format string) error {
	p, err := a.printer()
	if err != nil {
		return err
	}
	s, err := a.schema(ctx, in.TableName, "")
	if err != nil {
		return err
	}
	env, err := a.callEnv(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	w := p.Items(s.names(), s.isText)
	g := &getter{
		env: env, schema: s, emit: w.Write, accounting: in.Accounting,
		ask: types.KeysAndAttributes{ConsistentRead: in.ConsistentRead, ExpressionAttributeNames: in.ExpressionAttributeNames},
	}
	if in.ProjectionExpression != "" {
		g.ask.ProjectionExpression = &in.ProjectionExpression
	}
	err = a.keysFrom(s, source, format, func(key attr.Item) error { return g.add(ctx, key) })
	if err == nil {
		err = g.flush(ctx)
	}
	if done, err := a.showDry(err); done {
		return err
	}
	if err := errors.Join(err, w.Close(), p.Flush()); err != nil {
		return err
	}
	a.spent(counted(g.found, "item"), g.capacity, time.Since(began))
	if missing := g.asked - g.found; missing > 0 {
		return &op.Error{Code: codeMissing, Message: fmt.Sprintf("%d of %s have no item in %s", missing, counted(g.asked, "key"), s.table)}
	}
	return nil
}

// A getter reads items in batches and hands them over in the order of their keys; where a projection leaves the key out, as they come.
type getter struct {
	env          *op.Env
	accounting   op.Accounting
	capacity     *types.ConsumedCapacity
	schema       *schema
	ask          types.KeysAndAttributes
	emit         func(attr.Item) error
	order        []string // the keys of the batch, encoded
	known        map[string]bool
	asked, found int
}

// encoded is a key as it sorts, "" for an item that does not hold the whole key.
func (g *getter) encoded(it attr.Item) string {
	var key []byte
	for _, part := range g.schema.key {
		v, ok := it.Get(part.Name)
		if !ok {
			return ""
		}
		key = attr.AppendKey(key, v)
	}
	return string(key)
}

// add asks for one key. A key given twice is answered once in a batch, because the service takes it once.
func (g *getter) add(ctx context.Context, key attr.Item) error {
	code := g.encoded(key)
	if g.known[code] {
		return nil
	}
	if g.known == nil {
		g.known = make(map[string]bool, batchKeys)
	}
	g.known[code] = true
	g.asked++
	g.order = append(g.order, code)
	g.ask.Keys = append(g.ask.Keys, op.ToSDK(key))
	if len(g.order) == batchKeys {
		return g.flush(ctx)
	}
	return nil
}

func (g *getter) flush(ctx context.Context) error {
	got := make(map[string]attr.Item, len(g.order))
	wait := firstWait
	for len(g.ask.Keys) > 0 {
		out, err := batch.Get.Call(ctx, g.env, &batch.GetInput{RequestItems: map[string]types.KeysAndAttributes{g.schema.table: g.ask}, Accounting: g.accounting})
		if err != nil {
			return err
		}
		for i := range out.ConsumedCapacity {
			g.capacity = op.SumCapacity(g.capacity, &out.ConsumedCapacity[i])
		}
		for _, list := range out.Responses {
			for _, raw := range list {
				it := g.schema.ordered(raw)
				code := g.encoded(it)
				g.found++
				if code == "" {
					if err := g.emit(it); err != nil {
						return err
					}
					continue
				}
				got[code] = it
			}
		}
		g.ask.Keys = nil
		for _, left := range out.UnprocessedKeys {
			g.ask.Keys = append(g.ask.Keys, left.Keys...)
		}
		if len(g.ask.Keys) == 0 {
			break
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(wait):
		}
		wait = min(2*wait, longWait)
	}
	for _, code := range g.order {
		if it, ok := got[code]; ok {
			if err := g.emit(it); err != nil {
				return err
			}
		}
	}
	g.order = g.order[:0]
	clear(g.known)
	return nil
}
