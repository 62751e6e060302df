package batch

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// GetInput names up to 100 items by table and key.
type GetInput struct {
	RequestItems map[string]types.KeysAndAttributes `json:"request_items" flag:"request-items" jsonschema:"table name to keys"`
	op.Accounting
	op.Region
}

// Get reads up to 100 items by their keys. What the service did not get to comes back in UnprocessedKeys.
var Get = op.New(op.Spec{
	Tool: "batch_get_item", Title: "Batch get items", Use: "item batch-get",
	Short:   "Get up to 100 items by their keys",
	API:     "BatchGetItem",
	Toolset: "item", Actions: []string{"dynamodb:BatchGetItem"},
	Effect: op.Read, Idempotent: true,
}, get, op.Table(func(in *GetInput) []string { return slices.Sorted(maps.Keys(in.RequestItems)) }))

func get(ctx context.Context, env *op.Env, in *GetInput) (*dynamodb.BatchGetItemOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.BatchGetItemInput](in)
	req.ReturnConsumedCapacity = in.Capacity()
	return c.DynamoDB.BatchGetItem(ctx, req)
}
