package batch

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// WriteInput lists up to 25 puts and deletes by table.
type WriteInput struct {
	RequestItems map[string][]types.WriteRequest `json:"request_items" flag:"request-items" jsonschema:"table name to puts and deletes"`
	op.Accounting
	op.Collections
	op.Region
}

// Write puts and deletes up to 25 items, each by itself. What the service did not get to comes back in UnprocessedItems.
var Write = op.New(op.Spec{
	Tool: "batch_write_item", Title: "Batch write items", Use: "item batch-write",
	Short:   "Put and delete up to 25 items, each by itself",
	API:     "BatchWriteItem",
	Toolset: "item", Actions: []string{"dynamodb:BatchWriteItem"},
	Effect: op.Destroy, Idempotent: true,
}, write,
	op.Table(func(in *WriteInput) []string { return slices.Sorted(maps.Keys(in.RequestItems)) }),
	op.EffectOf(writeEffect))

// writeEffect is Destroy where an item is deleted, Write for puts alone.
func writeEffect(in *WriteInput) (op.Effect, error) {
	for _, requests := range in.RequestItems {
		for _, r := range requests {
			if r.DeleteRequest != nil {
				return op.Destroy, nil
			}
		}
	}
	return op.Write, nil
}

func write(ctx context.Context, env *op.Env, in *WriteInput) (*dynamodb.BatchWriteItemOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.BatchWriteItemInput](in)
	req.ReturnConsumedCapacity = in.Capacity()
	return c.DynamoDB.BatchWriteItem(ctx, req)
}
