package kinesis

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// DescribeInput names a table whose destinations are asked for.
type DescribeInput struct {
	TableName string `json:"table_name" arg:"table"`
	op.Region
}

// Describe shows the Kinesis data streams a table's changes go to, with their states.
var Describe = op.New(op.Spec{
	Tool: "describe_kinesis_streaming_destination", Title: "Describe Kinesis destinations", Use: "kinesis describe <table>",
	Short:   "Show where a table's changes are streamed to",
	API:     "DescribeKinesisStreamingDestination",
	Toolset: "kinesis", Actions: []string{"dynamodb:DescribeKinesisStreamingDestination"},
	Effect: op.Read, Idempotent: true,
}, describe, op.Table(func(in *DescribeInput) []string { return []string{in.TableName} }))

func describe(ctx context.Context, env *op.Env, in *DescribeInput) (*dynamodb.DescribeKinesisStreamingDestinationOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.DescribeKinesisStreamingDestination(ctx, op.Request[dynamodb.DescribeKinesisStreamingDestinationInput](in))
}
