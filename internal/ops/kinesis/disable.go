package kinesis

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// DisableInput names a table and one of its destinations, by the ARN of the Kinesis stream.
type DisableInput struct {
	TableName                           string                                     `json:"table_name" arg:"table"`
	StreamArn                           string                                     `json:"stream_arn" arg:"stream"`
	EnableKinesisStreamingConfiguration *types.EnableKinesisStreamingConfiguration `json:"enable_kinesis_streaming_configuration,omitempty" flag:"configuration"`
	op.Region
}

// Disable ends the sending of a table's changes to a Kinesis data stream.
var Disable = op.New(op.Spec{
	Tool: "disable_kinesis_streaming_destination", Title: "Disable Kinesis destination", Use: "kinesis disable <table> <stream>",
	Short:   "Stop streaming a table's changes to Kinesis",
	API:     "DisableKinesisStreamingDestination",
	Toolset: "kinesis", Actions: []string{"dynamodb:DisableKinesisStreamingDestination"},
	Effect: op.Write,
}, disable, op.Table(func(in *DisableInput) []string { return []string{in.TableName} }))

func disable(ctx context.Context, env *op.Env, in *DisableInput) (*dynamodb.DisableKinesisStreamingDestinationOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.DisableKinesisStreamingDestination(ctx, op.Request[dynamodb.DisableKinesisStreamingDestinationInput](in))
}
