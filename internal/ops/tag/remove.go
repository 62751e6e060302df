package tag

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// RemoveInput names a table by name or ARN, and the keys of tags.
type RemoveInput struct {
	ResourceArn string   `json:"resource_arn" arg:"table"`
	TagKeys     []string `json:"tag_keys" flag:"tag-keys" help:"key to remove, once for each"`
	op.Region
}

// Remove removes tags of a table; keys that it has no tag of are passed over.
var Remove = op.New(op.Spec{
	Tool: "untag_resource", Title: "Untag resource", Use: "tag remove <table>",
	Short:   "Remove tags of a table",
	API:     "UntagResource",
	Toolset: "access", Actions: []string{"dynamodb:UntagResource"},
	Effect: op.Write, Idempotent: true, Contract: true,
}, remove, op.Table(func(in *RemoveInput) []string { return []string{in.ResourceArn} }))

func remove(ctx context.Context, env *op.Env, in *RemoveInput) (*dynamodb.UntagResourceOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.UntagResourceInput](in)
	resource, err := op.TableARN(ctx, c, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	req.ResourceArn = &resource
	return c.DynamoDB.UntagResource(ctx, req)
}
