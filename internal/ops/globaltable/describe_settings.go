package globaltable

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// DescribeSettingsInput names a global table of the version of 2017; others are not found.
type DescribeSettingsInput struct {
	GlobalTableName string `json:"global_table_name" arg:"table"`
	op.Region
}

// DescribeSettings shows the settings of a global table of the version of 2017, region by region.
var DescribeSettings = op.New(op.Spec{
	Tool: "describe_global_table_settings", Title: "Describe global table settings (2017)", Use: "global-table settings <table>",
	Short:   "Show settings by region, version of 2017",
	API:     "DescribeGlobalTableSettings",
	Toolset: "replica", Actions: []string{"dynamodb:DescribeGlobalTableSettings"},
	Effect: op.Read, Idempotent: true,
}, describeSettings, op.Table(func(in *DescribeSettingsInput) []string { return []string{in.GlobalTableName} }))

func describeSettings(ctx context.Context, env *op.Env, in *DescribeSettingsInput) (*dynamodb.DescribeGlobalTableSettingsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.DescribeGlobalTableSettings(ctx, op.Request[dynamodb.DescribeGlobalTableSettingsInput](in))
}
