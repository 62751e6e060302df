package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// operation is one line of the table: how often it is called, and its i-th call, which looks whether the answer is true.
type operation struct {
	name    string
	calls   int
	call    func(ctx context.Context, i int) error
	clients int // who call it at the same time; 0 is all of the workload's
}

// workload is one run on one server.
type workload struct {
	client         *dynamodb.Client
	items, clients int
	work           int            // how many calls of one item there are; 0 is as many as items
	check          bool           // false for the limit, whose answers are of the right size only
	cpu            func() float64 // seconds of processor the server has used
}

// operations are the calls of one item or a few; Scan is measured by itself.
func (w *workload) operations() []operation {
	// A stride that shares no factor with items visits each once, in an order the store does not keep them in.
	stride := 7919
	for w.items%stride == 0 {
		stride += 2
	}
	pick := func(i int) int { return i * stride % w.items }
	c := w.client
	work := cmp.Or(w.work, w.items)
	batches, transactions := work/20, work/10
	if w.work > 0 { // many, see scaleWork
		batches, transactions = work*3/10, work/2
	}
	return []operation{
		{name: "PutItem", calls: work, call: func(ctx context.Context, i int) error {
			_, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: tableName, Item: itemOf(pick(i))})
			return err
		}},
		{name: "GetItem", calls: work, call: func(ctx context.Context, i int) error {
			out, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: tableName, Key: keyOf(pick(i))})
			return w.want(err, "attributes", func() (int, int) { return len(out.Item), attributes })
		}},
		{name: "UpdateItem", calls: work, call: func(ctx context.Context, i int) error {
			out, err := c.UpdateItem(ctx, &dynamodb.UpdateItemInput{
				TableName: tableName, Key: keyOf(pick(i)), ReturnValues: types.ReturnValueUpdatedNew,
				UpdateExpression:         aws.String("SET #v = if_not_exists(#v, :none) + :one"),
				ExpressionAttributeNames: names, ExpressionAttributeValues: values{":none": num(0), ":one": num(1)},
			})
			return w.want(err, "attributes", func() (int, int) { return len(out.Attributes), 1 })
		}},
		{name: "Query", calls: max(work/10, 50), call: func(ctx context.Context, i int) error {
			out, err := c.Query(ctx, &dynamodb.QueryInput{
				TableName: tableName, Limit: aws.Int32(partition), KeyConditionExpression: aws.String("#o = :o"),
				ExpressionAttributeNames:  map[string]string{"#o": "owner"},
				ExpressionAttributeValues: values{":o": owner(i * partition % (w.items - w.items%partition))},
			})
			return w.want(err, "items", func() (int, int) { return int(out.Count), partition })
		}},
		{name: "BatchWriteItem", calls: max(batches, 20), call: func(ctx context.Context, i int) error {
			puts := make([]types.WriteRequest, 25)
			for j := range puts {
				puts[j].PutRequest = &types.PutRequest{Item: itemOf((i*25 + j) % w.items)}
			}
			out, err := c.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{*tableName: puts}})
			return w.want(err, "unprocessed items", func() (int, int) { return len(out.UnprocessedItems), 0 })
		}},
		{name: "TransactWriteItems", calls: max(transactions, 20), call: func(ctx context.Context, i int) error {
			first := i * 4 % (w.items - w.items%4)
			_, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
				{Put: &types.Put{TableName: tableName, Item: itemOf(first)}},
				{Update: &types.Update{TableName: tableName, Key: keyOf(first + 1), UpdateExpression: aws.String("ADD #v :one"), ExpressionAttributeNames: names, ExpressionAttributeValues: one}},
				{ConditionCheck: &types.ConditionCheck{TableName: tableName, Key: keyOf(first + 2), ConditionExpression: aws.String("attribute_exists(#v)"), ExpressionAttributeNames: names}},
				{Update: &types.Update{TableName: tableName, Key: keyOf(first + 3), UpdateExpression: aws.String("SET #v = :one"), ExpressionAttributeNames: names, ExpressionAttributeValues: one}},
			}})
			return err
		}},
	}
}

// want is err, or an error where an answer of a server that is checked holds another number of things.
func (w *workload) want(err error, things string, count func() (got, want int)) error {
	if err != nil || !w.check {
		return err
	}
	if got, want := count(); got != want {
		return fmt.Errorf("the answer has %d %s, want %d", got, things, want)
	}
	return nil
}

// result is what one operation cost on one server.
type result struct {
	name        string
	calls       int
	cpu         float64 // the server's own, in microseconds a call; milliseconds a whole Scan
	median, p99 time.Duration
}

// drive makes the table and runs the whole: the operations one after the other, and scans last.
func (w *workload) drive(ctx context.Context) ([]result, error) {
	if _, err := w.client.CreateTable(ctx, createTable()); err != nil {
		return nil, err
	}
	var results []result
	for _, op := range w.operations() {
		r, err := w.run(ctx, op)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", op.name, err)
		}
		results = append(results, r)
	}
	r, err := w.scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("Scan: %w", err)
	}
	return append(results, r), nil
}

func (w *workload) run(ctx context.Context, op operation) (result, error) {
	return w.runFrom(ctx, op, 0)
}

// runFrom makes op.calls calls, the first of which is the one with number first.
func (w *workload) runFrom(ctx context.Context, op operation, first int) (result, error) {
	took := make([]time.Duration, op.calls)
	failures := make([]error, cmp.Or(op.clients, w.clients))
	var next atomic.Int64
	var group sync.WaitGroup
	before := w.cpu()
	for k := range failures {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < op.calls && failures[k] == nil; i = int(next.Add(1)) - 1 {
				began := time.Now()
				failures[k] = op.call(ctx, first+i)
				took[i] = time.Since(began)
			}
		})
	}
	group.Wait()
	used := w.cpu() - before
	slices.Sort(took)
	r := result{name: op.name, calls: op.calls, cpu: used * 1e6 / float64(op.calls), median: took[op.calls/2], p99: took[op.calls*99/100]}
	return r, errors.Join(failures...)
}

// scans of the whole table, of which the mean is told.
const scans = 10

func (w *workload) scan(ctx context.Context) (result, error) {
	took := make([]time.Duration, scans)
	before := w.cpu()
	for i := range took {
		began := time.Now()
		for page := w.pages(); ; {
			more, err := page(ctx)
			if err != nil {
				return result{}, err
			}
			if !more {
				break
			}
		}
		took[i] = time.Since(began)
	}
	used := w.cpu() - before
	slices.Sort(took)
	return result{name: "Scan, ms", calls: scans, cpu: used * 1e3 / scans, median: took[scans/2], p99: took[scans-1]}, nil
}

// pages reads the whole table page by page, and begins anew behind the last, when more is false and all items must have been seen.
func (w *workload) pages() func(ctx context.Context) (more bool, err error) {
	var (
		p    *dynamodb.ScanPaginator
		seen int
	)
	return func(ctx context.Context) (bool, error) {
		if p == nil || !p.HasMorePages() {
			p, seen = dynamodb.NewScanPaginator(w.client, &dynamodb.ScanInput{TableName: tableName}), 0
		}
		page, err := p.NextPage(ctx)
		if err != nil {
			return false, err
		}
		seen += int(page.Count)
		if !p.HasMorePages() && seen != w.items {
			return false, fmt.Errorf("saw %d items of %d", seen, w.items)
		}
		return p.HasMorePages(), nil
	}
}
