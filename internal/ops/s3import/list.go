package s3import

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// ListInput says whose imports; of all tables where none is named.
type ListInput struct {
	NextToken string `json:"next_token,omitempty" flag:"next-token" help:"go on where an earlier answer ended"`
	TableArn  string `json:"table_arn,omitempty" flag:"table" mcp:"-" help:"only those into this table"`
	PageSize  *int32 `json:"page_size,omitempty" flag:"page-size" mcp:"-" help:"imports in one call, 1 to 25"`
	op.Region
}

// List names the imports of the last 90 days.
var List = op.NewStream(op.Spec{
	Tool: "list_imports", Title: "List imports", Use: "s3-import list",
	Short:   "List imports from S3",
	API:     "ListImports",
	Toolset: "export", Actions: []string{"dynamodb:ListImports"},
	Effect: op.Read, Idempotent: true, Contract: true,
	Nulls: []string{"ImportSummaryList", "NextToken"},
}, list, op.ListPages(
	func(out *dynamodb.ListImportsOutput) []types.ImportSummary { return out.ImportSummaryList },
	func(in *ListInput) *string { return &in.NextToken },
	func(out *dynamodb.ListImportsOutput) **string { return &out.NextToken },
), op.Table(func(in *ListInput) []string { return []string{in.TableArn} }))

func list(ctx context.Context, env *op.Env, in *ListInput) (*dynamodb.ListImportsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.ListImportsInput](in)
	if in.TableArn != "" {
		table, err := op.TableARN(ctx, c, in.TableArn)
		if err != nil {
			return nil, err
		}
		req.TableArn = &table
	}
	out, err := c.DynamoDB.ListImports(ctx, req)
	if err != nil {
		return nil, err
	}
	out.ImportSummaryList = slices.DeleteFunc(out.ImportSummaryList, func(i types.ImportSummary) bool {
		return !env.Allowed(aws.ToString(i.TableArn))
	})
	return out, nil
}
