package kinesis

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// UpdateInput names a destination and what to change of it.
type UpdateInput struct {
	TableName                           string                                     `json:"table_name" arg:"table"`
	StreamArn                           string                                     `json:"stream_arn" arg:"stream"`
	UpdateKinesisStreamingConfiguration *types.UpdateKinesisStreamingConfiguration `json:"update_kinesis_streaming_configuration,omitempty" flag:"configuration"`
	op.Region
}

// Update changes a destination: the precision of the times it is sent.
var Update = op.New(op.Spec{
	Tool: "update_kinesis_streaming_destination", Title: "Update Kinesis destination", Use: "kinesis update <table> <stream>",
	Short:   "Change the precision of times sent to Kinesis",
	API:     "UpdateKinesisStreamingDestination",
	Toolset: "kinesis", Actions: []string{"dynamodb:UpdateKinesisStreamingDestination", "kinesis:DescribeStream", "kinesis:PutRecords"},
	Effect: op.Write, Idempotent: true,
}, update, op.Table(func(in *UpdateInput) []string { return []string{in.TableName} }))

func update(ctx context.Context, env *op.Env, in *UpdateInput) (*dynamodb.UpdateKinesisStreamingDestinationOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.UpdateKinesisStreamingDestination(ctx, op.Request[dynamodb.UpdateKinesisStreamingDestinationInput](in))
}
