package kinesis

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// EnableInput names a table and the data stream to send its changes to.
type EnableInput struct {
	TableName                           string                                     `json:"table_name" arg:"table"`
	StreamArn                           string                                     `json:"stream_arn" arg:"stream"`
	EnableKinesisStreamingConfiguration *types.EnableKinesisStreamingConfiguration `json:"enable_kinesis_streaming_configuration,omitempty" flag:"configuration"`
	op.Region
}

// Enable begins to send a table's changes to a Kinesis data stream.
var Enable = op.New(op.Spec{
	Tool: "enable_kinesis_streaming_destination", Title: "Enable Kinesis destination", Use: "kinesis enable <table> <stream>",
	Short:   "Stream a table's changes to Kinesis",
	API:     "EnableKinesisStreamingDestination",
	Toolset: "kinesis", Actions: []string{"dynamodb:EnableKinesisStreamingDestination", "kinesis:DescribeStream", "kinesis:PutRecords", "iam:CreateServiceLinkedRole"},
	Effect: op.Write,
}, enable, op.Table(func(in *EnableInput) []string { return []string{in.TableName} }))

func enable(ctx context.Context, env *op.Env, in *EnableInput) (*dynamodb.EnableKinesisStreamingDestinationOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.EnableKinesisStreamingDestination(ctx, op.Request[dynamodb.EnableKinesisStreamingDestinationInput](in))
}
