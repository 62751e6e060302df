package globaltable

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// ListInput asks for a page of global tables of the version of 2017, by name.
type ListInput struct {
	ExclusiveStartGlobalTableName string `json:"exclusive_start_global_table_name,omitempty" flag:"start-after" help:"go on after this name"`
	Limit                         *int32 `json:"limit,omitempty" flag:"page-size" help:"names in one call, at least 1"`
	op.Region
}

// List lists the global tables of the version of 2017. Those of 2019 are tables with replicas: describe_table shows
// them.
var List = op.NewStream(op.Spec{
	Tool: "list_global_tables", Title: "List global tables (2017)", Use: "global-table list",
	Short:   "List global tables of the version of 2017",
	API:     "ListGlobalTables",
	Toolset: "replica", Actions: []string{"dynamodb:ListGlobalTables"},
	Effect: op.Read, Idempotent: true,
}, list, op.ListPages(
	func(out *dynamodb.ListGlobalTablesOutput) []types.GlobalTable { return out.GlobalTables },
	func(in *ListInput) *string { return &in.ExclusiveStartGlobalTableName },
	func(out *dynamodb.ListGlobalTablesOutput) **string { return &out.LastEvaluatedGlobalTableName },
))

func list(ctx context.Context, env *op.Env, in *ListInput) (*dynamodb.ListGlobalTablesOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out := new(dynamodb.ListGlobalTablesOutput)
	req := op.Request[dynamodb.ListGlobalTablesInput](in)
	name := func(x types.GlobalTable) string { return aws.ToString(x.GlobalTableName) }
	rows, last, err := op.AllowedPage(env, in.ExclusiveStartGlobalTableName, func(start string) ([]types.GlobalTable, string, error) {
		req.ExclusiveStartGlobalTableName = op.Optional(start)
		var err error
		if out, err = c.DynamoDB.ListGlobalTables(ctx, req); err != nil {
			return nil, "", err
		}
		return out.GlobalTables, aws.ToString(out.LastEvaluatedGlobalTableName), nil
	}, name, name)
	if err != nil {
		return nil, err
	}
	out.GlobalTables, out.LastEvaluatedGlobalTableName = rows, op.Optional(last)
	return out, nil
}
