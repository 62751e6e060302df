package bulk

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// ListInput asks for a page of bulk operations, at most 25.
type ListInput struct {
	MaxResults *int32 `json:"max_results,omitempty" flag:"page-size" help:"operations in one call"`
	NextToken  string `json:"next_token,omitempty" flag:"next-token" help:"go on where an earlier answer ended"`
	op.Region
}

// List lists the bulk operations of a region, those on allowed tables, with their states.
var List = op.NewStream(op.Spec{
	Tool: "list_bulk_operations", Title: "List bulk operations", Use: "bulk list",
	Short:   "List bulk operations of a region",
	API:     "ListBulkOperations",
	Toolset: "bulk", Actions: []string{"dynamodb:ListBulkOperations"},
	Effect: op.Read, Idempotent: true,
}, list, op.ListPages(
	func(out *dynamodb.ListBulkOperationsOutput) []types.BulkOperationSummary {
		return out.BulkOperationsSummaryList
	},
	func(in *ListInput) *string { return &in.NextToken },
	func(out *dynamodb.ListBulkOperationsOutput) **string { return &out.NextToken },
))

func list(ctx context.Context, env *op.Env, in *ListInput) (*dynamodb.ListBulkOperationsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.ListBulkOperations(ctx, op.Request[dynamodb.ListBulkOperationsInput](in))
	if err != nil {
		return nil, err
	}
	out.BulkOperationsSummaryList = slices.DeleteFunc(out.BulkOperationsSummaryList, func(x types.BulkOperationSummary) bool { return !env.Allowed(aws.ToString(x.BulkOperationArn)) })
	return out, nil
}
