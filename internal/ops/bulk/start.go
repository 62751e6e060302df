package bulk

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// StartInput says from where, into which table, and how fast.
type StartInput struct {
	TableName             string                             `json:"table_name" arg:"table"`
	InputS3Configuration  *types.InputS3Configuration        `json:"input_s3_configuration" flag:"input"`
	OutputS3Configuration *types.OutputS3Configuration       `json:"output_s3_configuration" flag:"output-to"`
	ClientToken           string                             `json:"client_token,omitempty" flag:"client-token" help:"makes a repetition harmless"`
	MaxWriteRequestUnits  *int64                             `json:"max_write_request_units,omitempty" flag:"max-write-units" help:"write units a second at most"`
	PerformanceTier       types.BulkOperationPerformanceTier `json:"performance_tier,omitempty" flag:"performance-tier"`
	op.Region
}

// Start puts the items of files in S3 into a table, and writes what failed to S3.
var Start = op.New(op.Spec{
	Tool: "start_bulk_put_items", Title: "Start bulk put", Use: "bulk start <table>",
	Short:   "Put items from S3 into a table in bulk",
	API:     "StartBulkPutItems",
	Toolset: "bulk", Actions: []string{"dynamodb:StartBulkPutItems", "s3:GetObject", "s3:ListBucket", "s3:PutObject"},
	Effect: op.Write,
}, start, op.Table(func(in *StartInput) []string { return []string{in.TableName} }))

func start(ctx context.Context, env *op.Env, in *StartInput) (*dynamodb.StartBulkPutItemsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.StartBulkPutItems(ctx, op.Request[dynamodb.StartBulkPutItemsInput](in))
}
