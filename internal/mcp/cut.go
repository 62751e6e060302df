package mcp

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/batch"
	"github.com/ddb-cli/ddb/internal/ops/partiql"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/ops/stream"
	"github.com/ddb-cli/ddb/internal/wire"
)

// errUncut says that nothing can be taken from an answer so that the caller could still get at it.
var errUncut = errors.New("the answer cannot be cut")

// cutting is one answer on its way to a size that fits.
type cutting struct {
	s       *Server
	env     *op.Env
	o       op.Operation
	in, out any
	r       *record
	dropped []attribute          // attributes that were left out
	left    []attribute          // those that could be, once they are looked at
	stages  []func() []attribute // of a description: those that could be after them
	scale   float64              // how much larger they are in the result than in compact JSON

	whole     *dynamodb.BatchGetItemOutput // a batch of keys as it was answered
	wholeSize int
	byPlace   bool // its keys do not fit either; whole is what is left of it then
}

// shorten takes from an answer of so many bytes what does not fit, in a way that the caller can go on from, and gives the
// members that say so. errUncut where there is no such way.
func (c *cutting) shorten(ctx context.Context, size int) (string, error) {
	switch out := c.out.(type) {
	case *dynamodb.BatchGetItemOutput:
		return c.batch(out, size)
	case *dynamodb.ExecuteStatementOutput:
		return c.statement(ctx, out, size)
	case *dynamodbstreams.GetRecordsOutput:
		return c.records(ctx, out, size)
	case *dynamodb.BatchExecuteStatementOutput:
		return c.statements(out, size)
	case *dynamodb.TransactGetItemsOutput:
		return c.responses(out.Responses, size)
	case *dynamodb.ExecuteTransactionOutput:
		return c.responses(out.Responses, size)
	case *dynamodb.SearchVectorsOutput:
		keep := c.fitting(len(out.SearchResults), size, func(i int) any { return out.SearchResults[i] })
		if keep == 0 {
			return "", errUncut
		}
		out.SearchResults = out.SearchResults[:keep]
		return cutNote("holds the nearest " + strconv.Itoa(keep) + " only, to fit: ask for fewer attributes with projection_expression to see more"), nil
	case *dynamodb.BatchWriteItemOutput:
		if in, ok := c.in.(*batch.WriteInput); ok && len(out.UnprocessedItems) > 0 {
			return unprocessed(in, out), nil
		}
	}
	if page, ok := query.PageOf(c.out); ok {
		if len(*page.Items) > 1 {
			return c.page(ctx, page, size)
		}
		return "", errUncut
	}
	if c.scale > 0 {
		return c.parts(size)
	}
	notes, err := c.listing(ctx, size)
	if errors.Is(err, errUncut) {
		return c.parts(size)
	}
	return notes, err
}

func cutNote(hint string) string { return `,"truncated":true` + member("hint", hint) }

// page cuts an answer of Query or Scan behind an item.
func (c *cutting) page(ctx context.Context, page query.Page, size int) (string, error) {
	whole := len(*page.Items)
	keep := min(max(1, whole*c.s.maxBytes/size), whole-1)
	if err := query.Cut(ctx, c.env, c.in, c.out, keep); err != nil {
		return "", err
	}
	notes := cutNote("cut to " + strconv.Itoa(keep) + " items to fit: go on with exclusive_start_key = LastEvaluatedKey, " +
		"or ask for less with projection_expression, max_items or format plain")
	if p := suggestProjection(c.in, *page.Items, *page.Last); p != nil {
		notes += member("suggested_projection", p)
	}
	return notes, nil
}

// fitting is how many of n parts of an answer fit, from the first on, if each takes its share of the answer's size. It is
// fewer than n.
func (c *cutting) fitting(n, size int, part func(int) any) int {
	sizes, sum := make([]int, n), 0
	for i := range n {
		text, err := wire.Append(nil, part(i))
		if err != nil {
			return 0
		}
		sizes[i], sum = len(text)+1, sum+len(text)+1
	}
	room, keep := c.s.maxBytes*sum/max(1, size), 0
	for keep < n-1 && room >= sizes[keep] {
		room -= sizes[keep]
		keep++
	}
	return keep
}

// statement reads a page of a SELECT again with a limit: the service's token leads behind a page only.
func (c *cutting) statement(ctx context.Context, out *dynamodb.ExecuteStatementOutput, size int) (string, error) {
	in, ok := c.in.(*partiql.ExecuteInput)
	keep := c.fitting(len(out.Items), size, func(i int) any { return out.Items[i] })
	if !ok || keep == 0 {
		return "", errUncut
	}
	fewer := *in
	fewer.Limit = aws.Int32(int32(keep))
	again, err := c.again(ctx, &fewer)
	if err != nil {
		return "", err
	}
	if page, ok := again.(*dynamodb.ExecuteStatementOutput); ok {
		page.ConsumedCapacity = op.SumCapacity(out.ConsumedCapacity, page.ConsumedCapacity)
	}
	c.in, c.out = &fewer, again
	return cutNote(fmt.Sprintf("read again with limit %d to fit: go on with next_token = NextToken, or select fewer attributes", keep)), nil
}

// records reads a part of the records again, so that the iterator behind them is the service's. Of a single one that does
// not fit, the largest attributes of its images are left out.
func (c *cutting) records(ctx context.Context, out *dynamodbstreams.GetRecordsOutput, size int) (string, error) {
	in, ok := c.in.(*stream.RecordsInput)
	if !ok {
		return "", errUncut
	}
	if len(out.Records) > 1 {
		keep := max(1, c.fitting(len(out.Records), size, func(i int) any { return out.Records[i] }))
		fewer := *in
		fewer.Limit = aws.Int32(int32(keep))
		again, err := c.again(ctx, &fewer)
		if err != nil {
			return "", err
		}
		c.in, c.out, c.left = &fewer, again, nil
		return cutNote(fmt.Sprintf("cut to %d records to fit: go on with shard_iterator = NextShardIterator", keep)), nil
	}
	if c.left == nil {
		for _, r := range out.Records {
			if d := r.Dynamodb; d != nil {
				c.left = append(imageAttributes("NewImage", d.NewImage), imageAttributes("OldImage", d.OldImage)...)
			}
		}
	}
	return c.withoutAttributes(size, "the record's largest attributes are left out to fit; what the item holds now, get_item reads by the record's Keys, with a projection_expression that names some of it; go on with shard_iterator = NextShardIterator")
}

// withoutAttributes drops the largest attributes there are.
func (c *cutting) withoutAttributes(size int, hint string) (string, error) {
	if len(c.left) == 0 {
		return "", errUncut
	}
	var more []attribute
	c.left, more = leaveOut(c.left, size-c.s.maxBytes)
	c.dropped = append(c.dropped, more...)
	return cutNote(hint) + member("left_out", namesLeftOut(c.dropped)), nil
}

// statements keeps the first answers of a batch that reads. Of one that writes, which is done, the items that failed
// conditions brought along are cut.
func (c *cutting) statements(out *dynamodb.BatchExecuteStatementOutput, size int) (string, error) {
	if c.o.EffectOf(c.in) == op.Read {
		keep := c.fitting(len(out.Responses), size, func(i int) any { return out.Responses[i] })
		if keep == 0 {
			return "", errUncut
		}
		whole := len(out.Responses)
		if in, ok := c.in.(*partiql.BatchExecuteInput); ok {
			whole = len(in.Statements)
		}
		out.Responses = out.Responses[:keep]
		return cutNote(fmt.Sprintf("holds the answers of the first %d of %d statements, to fit: call again with the others, or select fewer attributes", keep, whole)), nil
	}
	if c.left == nil {
		for i := range out.Responses {
			r := &out.Responses[i]
			c.left = append(c.left, attributesOf(fmt.Sprintf("Responses[%d].Item", i), r.Item, func(m query.Item) { r.Item = m })...)
			if r.Error != nil {
				c.left = append(c.left, attributesOf(fmt.Sprintf("Responses[%d].Error.Item", i), r.Error.Item, func(m query.Item) { r.Error.Item = m })...)
			}
		}
	}
	return c.withoutAttributes(size, "the largest attributes of the items are left out to fit: read them with get_item, and a projection_expression that names some of them")
}

// responses leaves the largest attributes out of the items that a transaction read at one moment: reading them in parts would
// be several moments.
func (c *cutting) responses(list []types.ItemResponse, size int) (string, error) {
	if c.left == nil {
		for i := range list {
			r := &list[i]
			c.left = append(c.left, attributesOf(fmt.Sprintf("Responses[%d].Item", i), r.Item, func(m query.Item) { r.Item = m })...)
		}
		c.left = slices.DeleteFunc(c.left, func(a attribute) bool { return a.size < leastPart }) // an item of a few crumbs is of no use
	}
	return c.withoutAttributes(size, "the largest attributes are left out to fit: do not write these items back as they stand; ask for fewer items at once, or for fewer attributes")
}

// unprocessed tells by their places in the request which items a batch did not get to: the caller has them.
func unprocessed(in *batch.WriteInput, out *dynamodb.BatchWriteItemOutput) string {
	later := map[string][]types.WriteRequest{}
	for name, list := range out.UnprocessedItems {
		later[op.TableName(name)] = list // it may have been named by its ARN
	}
	places := map[string][]int{}
	for name, list := range in.RequestItems {
		for i, asked := range list {
			if slices.ContainsFunc(later[op.TableName(name)], func(w types.WriteRequest) bool { return reflect.DeepEqual(w, asked) }) {
				places[name] = append(places[name], i)
			}
		}
	}
	out.UnprocessedItems = nil
	return cutNote("not all was written: unprocessed tells which, by their places (from 0) in request_items; call again with those") + member("unprocessed", places)
}

// again repeats a call that reads, and accounts for what it takes. It warns of nothing a second time, and the scan guard counts
// it without stopping it: what it reads is given already.
func (c *cutting) again(ctx context.Context, in any) (any, error) {
	if c.o.EffectOf(in) != op.Read {
		return nil, errUncut
	}
	quiet := *c.env
	quiet.Warn, quiet.Scans = nil, c.env.Scans.Again()
	out, err := c.o.Invoke(ctx, &quiet, in)
	c.r.capacity += op.Consumed(out)
	return out, err
}
