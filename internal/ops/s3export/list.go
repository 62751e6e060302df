package s3export

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// ListInput says whose exports; of all tables where none is named.
type ListInput struct {
	MaxResults *int32 `json:"max_results,omitempty" flag:"page-size" help:"exports in one call, 1 to 25"`
	NextToken  string `json:"next_token,omitempty" flag:"next-token" help:"go on where an earlier answer ended"`
	TableArn   string `json:"table_arn,omitempty" flag:"table" help:"only those of this table"`
	op.Region
}

// List names the exports of the last 90 days.
var List = op.NewStream(op.Spec{
	Tool: "list_exports", Title: "List exports", Use: "s3-export list",
	Short:   "List exports to S3",
	API:     "ListExports",
	Toolset: "export", Actions: []string{"dynamodb:ListExports"},
	Effect: op.Read, Idempotent: true, Contract: true,
	Nulls: []string{"ExportSummaries", "NextToken"},
}, list, op.ListPages(
	func(out *dynamodb.ListExportsOutput) []types.ExportSummary { return out.ExportSummaries },
	func(in *ListInput) *string { return &in.NextToken },
	func(out *dynamodb.ListExportsOutput) **string { return &out.NextToken },
), op.Table(func(in *ListInput) []string { return []string{in.TableArn} }))

func list(ctx context.Context, env *op.Env, in *ListInput) (*dynamodb.ListExportsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.ListExportsInput](in)
	if in.TableArn != "" {
		table, err := op.TableARN(ctx, c, in.TableArn)
		if err != nil {
			return nil, err
		}
		req.TableArn = &table
	}
	out, err := c.DynamoDB.ListExports(ctx, req)
	if err != nil {
		return nil, err
	}
	out.ExportSummaries = slices.DeleteFunc(out.ExportSummaries, func(e types.ExportSummary) bool {
		return !env.Allowed(aws.ToString(e.ExportArn))
	})
	return out, nil
}
