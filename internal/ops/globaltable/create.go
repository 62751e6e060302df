package globaltable

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// CreateInput names the table, which must be there in every region of the group: empty, with the same keys, and with a stream of new and old
// images (API reference, CreateGlobalTable).
type CreateInput struct {
	GlobalTableName  string          `json:"global_table_name" arg:"table"`
	ReplicationGroup []types.Replica `json:"replication_group" flag:"replication-group"`
	op.Region
}

// Create joins tables of one name in several regions into a global table of the version of 2017. New ones are better
// made by update_table with replica_updates.
var Create = op.New(op.Spec{
	Tool: "create_global_table", Title: "Create global table (2017)", Use: "global-table create <table>",
	Short:   "Join tables of regions, version of 2017",
	API:     "CreateGlobalTable",
	Toolset: "replica", Actions: []string{"dynamodb:CreateGlobalTable"},
	Effect: op.Write,
}, create, op.Table(func(in *CreateInput) []string { return []string{in.GlobalTableName} }))

func create(ctx context.Context, env *op.Env, in *CreateInput) (*dynamodb.CreateGlobalTableOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.CreateGlobalTable(ctx, op.Request[dynamodb.CreateGlobalTableInput](in))
}
