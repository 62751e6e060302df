package query

import (
	"context"
	"maps"
	"math"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// Page is what the answers of Query and Scan have in common, to be read and changed in place.
type Page struct {
	Items *[]Item
	Count *int32
	Last  *Item // LastEvaluatedKey
}

// PageOf gives the page in an answer of Query or Scan, false for any other answer.
func PageOf(out any) (Page, bool) {
	switch out := out.(type) {
	case *dynamodb.QueryOutput:
		return Page{&out.Items, &out.Count, &out.LastEvaluatedKey}, true
	case *dynamodb.ScanOutput:
		return Page{&out.Items, &out.Count, &out.LastEvaluatedKey}, true
	}
	return Page{}, false
}

// Cut leaves the first keep items of the answer out to the input in, with the key to go on behind them. Where no key of the
// service shows which attributes make one up, the table's description does. Its error says that the items lack them,
// because a projection left them out; then nothing is cut.
func Cut(ctx context.Context, env *op.Env, in, out any, keep int) error {
	page, ok := PageOf(out)
	if !ok || keep >= len(*page.Items) {
		return nil
	}
	names, err := keyNames(ctx, env, in, *page.Last)
	if err != nil {
		return err
	}
	key := make(Item, len(names))
	for name := range names {
		v, ok := (*page.Items)[keep-1][name]
		if !ok {
			return op.Invalid("the page must be cut, and the key to go on from within it is not known, because the projection leaves out "+name,
				"add the key's attributes to projection_expression, or ask for a smaller limit")
		}
		key[name] = v
	}
	*page.Items, *page.Count, *page.Last = (*page.Items)[:keep], int32(keep), key
	return nil
}

// keyNames are the attributes of a LastEvaluatedKey: the table's key, and the index's.
func keyNames(ctx context.Context, env *op.Env, in any, last Item) (map[string]types.AttributeValue, error) {
	if len(last) > 0 {
		return last, nil
	}
	var describe table.DescribeInput
	var index string
	switch in := in.(type) {
	case *QueryInput:
		if len(in.ExclusiveStartKey) > 0 {
			return op.ToSDK(in.ExclusiveStartKey), nil
		}
		describe, index = table.DescribeInput{TableName: in.TableName, Region: in.Region}, in.IndexName
	case *ScanInput:
		if len(in.ExclusiveStartKey) > 0 {
			return op.ToSDK(in.ExclusiveStartKey), nil
		}
		describe, index = table.DescribeInput{TableName: in.TableName, Region: in.Region}, in.IndexName
	}
	d, err := table.Describe.Call(ctx, env, &describe)
	if err != nil {
		return nil, err
	}
	names := keysOf(d.KeySchema)
	for _, x := range d.GlobalSecondaryIndexes {
		if aws.ToString(x.IndexName) == index {
			maps.Copy(names, keysOf(x.KeySchema))
		}
	}
	for _, x := range d.LocalSecondaryIndexes {
		if aws.ToString(x.IndexName) == index {
			maps.Copy(names, keysOf(x.KeySchema))
		}
	}
	return names, nil
}

func keysOf(schema []types.KeySchemaElement) map[string]types.AttributeValue {
	names := make(map[string]types.AttributeValue, len(schema))
	for _, k := range schema {
		names[aws.ToString(k.AttributeName)] = nil
	}
	return names
}

// AtMost keeps an input from reading more than so many items in one call, where they are all given: a filter or a count reads what
// it does not give, and a limit of the caller's own stays.
func AtMost(in any, most int) {
	n := int32(min(most, math.MaxInt32))
	switch in := in.(type) {
	case *QueryInput:
		if in.Limit == nil && in.FilterExpression == "" && in.Select != types.SelectCount {
			in.Limit = &n
		}
	case *ScanInput:
		if in.Limit == nil && in.FilterExpression == "" && in.Select != types.SelectCount {
			in.Limit = &n
		}
	}
}
