package insights

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// DescribeInput names a table or one of its indexes.
type DescribeInput struct {
	TableName string `json:"table_name" arg:"table"`
	IndexName string `json:"index_name,omitempty" flag:"index" help:"a global secondary index instead of the table"`
	op.Region
}

// Describe shows whether the most accessed and throttled keys of a table or index are counted.
var Describe = op.New(op.Spec{
	Tool: "describe_contributor_insights", Title: "Describe contributor insights", Use: "insights describe <table>",
	Short:   "Show whether the busiest keys are counted",
	API:     "DescribeContributorInsights",
	Toolset: "insights", Actions: []string{"dynamodb:DescribeContributorInsights"},
	Effect: op.Read, Idempotent: true,
}, describe, op.Table(func(in *DescribeInput) []string { return []string{in.TableName} }))

func describe(ctx context.Context, env *op.Env, in *DescribeInput) (*dynamodb.DescribeContributorInsightsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.DescribeContributorInsights(ctx, op.Request[dynamodb.DescribeContributorInsightsInput](in))
}
