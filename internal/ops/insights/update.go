package insights

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// UpdateInput names a table or one of its indexes, and what to do.
type UpdateInput struct {
	TableName                 string                          `json:"table_name" arg:"table"`
	ContributorInsightsAction types.ContributorInsightsAction `json:"contributor_insights_action" flag:"action"`
	ContributorInsightsMode   types.ContributorInsightsMode   `json:"contributor_insights_mode,omitempty" flag:"mode"`
	IndexName                 string                          `json:"index_name,omitempty" flag:"index" help:"a global secondary index instead of the table"`
	op.Region
}

// Update turns counting of the most accessed and throttled keys on or off.
var Update = op.New(op.Spec{
	Tool: "update_contributor_insights", Title: "Update contributor insights", Use: "insights update <table>",
	Short:   "Turn counting of the busiest keys on or off",
	API:     "UpdateContributorInsights",
	Toolset: "insights", Actions: []string{"dynamodb:UpdateContributorInsights", "cloudwatch:PutInsightRule", "cloudwatch:DeleteInsightRules", "cloudwatch:DescribeInsightRules"},
	Effect: op.Write, Idempotent: true,
}, update, op.Table(func(in *UpdateInput) []string { return []string{in.TableName} }))

func update(ctx context.Context, env *op.Env, in *UpdateInput) (*dynamodb.UpdateContributorInsightsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.UpdateContributorInsights(ctx, op.Request[dynamodb.UpdateContributorInsightsInput](in))
}
