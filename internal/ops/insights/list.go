package insights

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// ListInput names a table, whose indexes are listed with it; the settings of all tables where it names none.
type ListInput struct {
	TableName  string `json:"table_name,omitempty" arg:"table"`
	MaxResults int32  `json:"max_results,omitempty" flag:"page-size" help:"entries in one call, 1 to 100"`
	NextToken  string `json:"next_token,omitempty" flag:"next-token" help:"go on where an earlier answer ended"`
	op.Region
}

// List lists the tables and indexes whose keys are or were counted.
var List = op.NewStream(op.Spec{
	Tool: "list_contributor_insights", Title: "List contributor insights", Use: "insights list [table]",
	Short:   "List tables and indexes whose keys are counted",
	API:     "ListContributorInsights",
	Toolset: "insights", Actions: []string{"dynamodb:ListContributorInsights"},
	Effect: op.Read, Idempotent: true,
}, list, op.ListPages(
	func(out *dynamodb.ListContributorInsightsOutput) []types.ContributorInsightsSummary {
		return out.ContributorInsightsSummaries
	},
	func(in *ListInput) *string { return &in.NextToken },
	func(out *dynamodb.ListContributorInsightsOutput) **string { return &out.NextToken },
), op.Table(func(in *ListInput) []string { return []string{in.TableName} }))

func list(ctx context.Context, env *op.Env, in *ListInput) (*dynamodb.ListContributorInsightsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.ListContributorInsights(ctx, op.Request[dynamodb.ListContributorInsightsInput](in))
	if err != nil {
		return nil, err
	}
	out.ContributorInsightsSummaries = slices.DeleteFunc(out.ContributorInsightsSummaries, func(x types.ContributorInsightsSummary) bool { return !env.Allowed(aws.ToString(x.TableName)) })
	return out, nil
}
