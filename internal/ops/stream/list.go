package stream

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// ListInput says whose streams; those of all tables where none is named.
type ListInput struct {
	TableName               string `json:"table_name,omitempty" arg:"table"`
	ExclusiveStartStreamArn string `json:"exclusive_start_stream_arn,omitempty" flag:"start-after" help:"go on after this stream ARN"`
	Limit                   *int32 `json:"limit,omitempty" flag:"page-size" help:"streams in one call, 1 to 100"`
	op.Region
}

// List names the streams of a table, or of all tables.
var List = op.NewStream(op.Spec{
	Tool: "list_streams", Title: "List streams", Use: "stream list [table]",
	Short:   "List the streams of a table, or of all tables",
	API:     "ListStreams",
	Toolset: "stream", Actions: []string{"dynamodb:ListStreams"},
	Effect: op.Read, Idempotent: true,
}, list, op.ListPages(
	func(out *dynamodbstreams.ListStreamsOutput) []streamtypes.Stream { return out.Streams },
	func(in *ListInput) *string { return &in.ExclusiveStartStreamArn },
	func(out *dynamodbstreams.ListStreamsOutput) **string { return &out.LastEvaluatedStreamArn },
), op.Table(func(in *ListInput) []string { return []string{in.TableName} }))

func list(ctx context.Context, env *op.Env, in *ListInput) (*dynamodbstreams.ListStreamsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out := new(dynamodbstreams.ListStreamsOutput)
	req := op.Request[dynamodbstreams.ListStreamsInput](in)
	arn := func(x streamtypes.Stream) string { return aws.ToString(x.StreamArn) }
	rows, last, err := op.AllowedPage(env, in.ExclusiveStartStreamArn, func(start string) ([]streamtypes.Stream, string, error) {
		req.ExclusiveStartStreamArn = op.Optional(start)
		var err error
		if out, err = c.Streams.ListStreams(ctx, req); err != nil {
			return nil, "", err
		}
		return out.Streams, aws.ToString(out.LastEvaluatedStreamArn), nil
	}, arn, arn)
	if err != nil {
		return nil, err
	}
	out.Streams, out.LastEvaluatedStreamArn = rows, op.Optional(last)
	return out, nil
}
