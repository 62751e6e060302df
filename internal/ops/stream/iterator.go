package stream

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// IteratorInput names a shard and a place in it.
type IteratorInput struct {
	StreamArn         string                        `json:"stream_arn" arg:"stream"`
	ShardId           string                        `json:"shard_id" arg:"shard"`
	ShardIteratorType streamtypes.ShardIteratorType `json:"shard_iterator_type" flag:"type"`
	SequenceNumber    string                        `json:"sequence_number,omitempty" flag:"sequence-number" help:"for AT_ and AFTER_SEQUENCE_NUMBER"`
	Timestamp         *time.Time                    `json:"timestamp,omitempty" flag:"timestamp" help:"for AT_TIMESTAMP"`
	op.Region
}

// Iterator gives a place in a shard to read records from. It can be used for 15 minutes.
var Iterator = op.New(op.Spec{
	Tool: "get_shard_iterator", Title: "Get shard iterator", Use: "stream iterator <stream> <shard>",
	Short:   "Get a place in a shard to read from",
	API:     "GetShardIterator",
	Toolset: "stream", Actions: []string{"dynamodb:GetShardIterator"},
	Effect: op.Read, Idempotent: true,
}, iterator, op.Table(func(in *IteratorInput) []string { return []string{in.StreamArn} }))

func iterator(ctx context.Context, env *op.Env, in *IteratorInput) (*dynamodbstreams.GetShardIteratorOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.Streams.GetShardIterator(ctx, op.Request[dynamodbstreams.GetShardIteratorInput](in))
}
