package globaltable

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// UpdateInput names a global table and the regions to add or remove.
type UpdateInput struct {
	GlobalTableName string                `json:"global_table_name" arg:"table"`
	ReplicaUpdates  []types.ReplicaUpdate `json:"replica_updates" flag:"replica-updates"`
	op.Region
}

// Update adds regions to a global table of the version of 2017, or removes them.
var Update = op.New(op.Spec{
	Tool: "update_global_table", Title: "Update global table (2017)", Use: "global-table update <table>",
	Short:   "Add or remove regions, version of 2017",
	API:     "UpdateGlobalTable",
	Toolset: "replica", Actions: []string{"dynamodb:UpdateGlobalTable"},
	Effect: op.Destroy,
}, update, op.Table(func(in *UpdateInput) []string { return []string{in.GlobalTableName} }), op.EffectOf(updateEffect))

func update(ctx context.Context, env *op.Env, in *UpdateInput) (*dynamodb.UpdateGlobalTableOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.UpdateGlobalTable(ctx, op.Request[dynamodb.UpdateGlobalTableInput](in))
}

// updateEffect is Destroy where a replica goes.
func updateEffect(in *UpdateInput) (op.Effect, error) {
	for _, u := range in.ReplicaUpdates {
		if u.Delete != nil {
			return op.Destroy, nil
		}
	}
	return op.Write, nil
}
