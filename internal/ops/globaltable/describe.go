package globaltable

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// DescribeInput names a global table of the version of 2017; others are not found.
type DescribeInput struct {
	GlobalTableName string `json:"global_table_name" arg:"table"`
	op.Region
}

// Describe shows a global table of the version of 2017.
var Describe = op.New(op.Spec{
	Tool: "describe_global_table", Title: "Describe global table (2017)", Use: "global-table describe <table>",
	Short:   "Show a global table of the version of 2017",
	API:     "DescribeGlobalTable",
	Toolset: "replica", Actions: []string{"dynamodb:DescribeGlobalTable"},
	Effect: op.Read, Idempotent: true,
}, describe, op.Table(func(in *DescribeInput) []string { return []string{in.GlobalTableName} }))

func describe(ctx context.Context, env *op.Env, in *DescribeInput) (*dynamodb.DescribeGlobalTableOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.DescribeGlobalTable(ctx, op.Request[dynamodb.DescribeGlobalTableInput](in))
}
