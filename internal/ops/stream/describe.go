package stream

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// DescribeInput names a stream by its ARN.
type DescribeInput struct {
	StreamArn             string                   `json:"stream_arn" arg:"stream"`
	ExclusiveStartShardId string                   `json:"exclusive_start_shard_id,omitempty" flag:"start-after" help:"go on after this shard"`
	Limit                 *int32                   `json:"limit,omitempty" flag:"page-size" help:"shards in one call, 1 to 100"`
	ShardFilter           *streamtypes.ShardFilter `json:"shard_filter,omitempty" flag:"shard-filter"`
	op.Region
}

// Describe shows a stream: its view, its state and its shards, a page of at most 100.
var Describe = op.New(op.Spec{
	Tool: "describe_stream", Title: "Describe stream", Use: "stream describe <stream>",
	Short:   "Show a stream and its shards",
	API:     "DescribeStream",
	Toolset: "stream", Actions: []string{"dynamodb:DescribeStream"},
	Effect: op.Read, Idempotent: true,
}, describe, op.Table(func(in *DescribeInput) []string { return []string{in.StreamArn} }))

func describe(ctx context.Context, env *op.Env, in *DescribeInput) (*dynamodbstreams.DescribeStreamOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.Streams.DescribeStream(ctx, op.Request[dynamodbstreams.DescribeStreamInput](in))
}
