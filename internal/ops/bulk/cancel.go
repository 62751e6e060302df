package bulk

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// CancelInput names a bulk operation by its ARN.
type CancelInput struct {
	BulkOperationArn string `json:"bulk_operation_arn" arg:"operation"`
	op.Region
}

// Cancel stops a bulk operation, which is CANCELLING until it has stopped. What is written stays. One that has ended is refused.
var Cancel = op.New(op.Spec{
	Tool: "cancel_bulk_operation", Title: "Cancel bulk operation", Use: "bulk cancel <operation>",
	Short:   "Stop a bulk operation",
	API:     "CancelBulkOperation",
	Toolset: "bulk", Actions: []string{"dynamodb:CancelBulkOperation"},
	Effect: op.Write, Idempotent: true,
}, cancel, op.Table(func(in *CancelInput) []string { return []string{in.BulkOperationArn} }))

func cancel(ctx context.Context, env *op.Env, in *CancelInput) (*dynamodb.CancelBulkOperationOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.CancelBulkOperation(ctx, op.Request[dynamodb.CancelBulkOperationInput](in))
}
