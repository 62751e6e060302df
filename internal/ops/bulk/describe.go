package bulk

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// DescribeInput names a bulk operation by its ARN.
type DescribeInput struct {
	BulkOperationArn string `json:"bulk_operation_arn" arg:"operation"`
	op.Region
}

// Describe shows how far a bulk operation is, and what failed.
var Describe = op.New(op.Spec{
	Tool: "describe_bulk_operation", Title: "Describe bulk operation", Use: "bulk describe <operation>",
	Short:   "Show how far a bulk operation is",
	API:     "DescribeBulkOperation",
	Toolset: "bulk", Actions: []string{"dynamodb:DescribeBulkOperation"},
	Effect: op.Read, Idempotent: true,
}, describe, op.Table(func(in *DescribeInput) []string { return []string{in.BulkOperationArn} }))

func describe(ctx context.Context, env *op.Env, in *DescribeInput) (*dynamodb.DescribeBulkOperationOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.DescribeBulkOperation(ctx, op.Request[dynamodb.DescribeBulkOperationInput](in))
}
