package stream

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"github.com/ddb-cli/ddb/internal/op"
)

// RecordsInput is a place in a shard, as Iterator or an answer of Records gave it. It expires after 15 minutes (API reference, GetRecords).
type RecordsInput struct {
	ShardIterator string `json:"shard_iterator" arg:"iterator"`
	Limit         *int32 `json:"limit,omitempty" flag:"page-size" help:"records at most, 1 to 1,000"`
	op.Region
}

// Records reads up to 1,000 records or 1 MB from a place in a shard.
var Records = op.New(op.Spec{
	Tool: "get_records", Title: "Get stream records", Use: "stream records <iterator>",
	Short:   "Read change records from a shard",
	API:     "GetRecords",
	Toolset: "stream", Actions: []string{"dynamodb:GetRecords"},
	Effect: op.Read, Idempotent: true,
}, records, op.Tables(func(in *RecordsInput) ([]string, error) { return iteratorTable(in.ShardIterator) }))

func records(ctx context.Context, env *op.Env, in *RecordsInput) (*dynamodbstreams.GetRecordsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.Streams.GetRecords(ctx, op.Request[dynamodbstreams.GetRecordsInput](in))
}
