package tag

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// SetInput names a table by name or ARN, and tags: keys of at most 128 characters, values of at most 256 (API reference, Tag).
type SetInput struct {
	ResourceArn string      `json:"resource_arn" arg:"table"`
	Tags        []types.Tag `json:"tags" flag:"tags"`
	op.Region
}

// Set adds tags to a table, or changes the values they have.
var Set = op.New(op.Spec{
	Tool: "tag_resource", Title: "Tag resource", Use: "tag set <table>",
	Short:   "Add tags to a table, or change them",
	API:     "TagResource",
	Toolset: "access", Actions: []string{"dynamodb:TagResource"},
	Effect: op.Write, Idempotent: true, Contract: true,
}, set, op.Table(func(in *SetInput) []string { return []string{in.ResourceArn} }))

func set(ctx context.Context, env *op.Env, in *SetInput) (*dynamodb.TagResourceOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.TagResourceInput](in)
	resource, err := op.TableARN(ctx, c, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	req.ResourceArn = &resource
	return c.DynamoDB.TagResource(ctx, req)
}
