package tag

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// ListInput names a table by name or ARN.
type ListInput struct {
	ResourceArn string `json:"resource_arn" arg:"table"`
	NextToken   string `json:"next_token,omitempty" flag:"next-token" help:"go on where an earlier answer ended"`
	op.Region
}

// List gives the tags of a table, of which it can have 50.
var List = op.NewStream(op.Spec{
	Tool: "list_tags_of_resource", Title: "List tags of resource", Use: "tag list <table>",
	Short:   "List the tags of a table",
	API:     "ListTagsOfResource",
	Toolset: "access", Actions: []string{"dynamodb:ListTagsOfResource"},
	Effect: op.Read, Idempotent: true, Contract: true,
	Nulls: []string{"Tags", "NextToken"},
}, list, op.ListPages(
	func(out *dynamodb.ListTagsOfResourceOutput) []types.Tag { return out.Tags },
	func(in *ListInput) *string { return &in.NextToken },
	func(out *dynamodb.ListTagsOfResourceOutput) **string { return &out.NextToken },
), op.Table(func(in *ListInput) []string { return []string{in.ResourceArn} }))

func list(ctx context.Context, env *op.Env, in *ListInput) (*dynamodb.ListTagsOfResourceOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.ListTagsOfResourceInput](in)
	resource, err := op.TableARN(ctx, c, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	req.ResourceArn = &resource
	return c.DynamoDB.ListTagsOfResource(ctx, req)
}
