package replica

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// UpdateAutoScalingInput names a table and what to change: write capacity for all regions, read capacity for each replica.
type UpdateAutoScalingInput struct {
	TableName                                 string                                        `json:"table_name" arg:"table"`
	GlobalSecondaryIndexUpdates               []types.GlobalSecondaryIndexAutoScalingUpdate `json:"global_secondary_index_updates,omitempty" flag:"global-secondary-index-updates"`
	ProvisionedWriteCapacityAutoScalingUpdate *types.AutoScalingSettingsUpdate              `json:"provisioned_write_capacity_auto_scaling_update,omitempty" flag:"write-capacity"`
	ReplicaUpdates                            []types.ReplicaAutoScalingUpdate              `json:"replica_updates,omitempty" flag:"replica-updates"`
	op.Region
}

// UpdateAutoScaling changes the auto scaling settings of a table and its replicas.
var UpdateAutoScaling = op.New(op.Spec{
	Tool: "update_table_replica_auto_scaling", Title: "Update replica auto scaling", Use: "autoscaling update <table>",
	Short:   "Change auto scaling of a table and its replicas",
	API:     "UpdateTableReplicaAutoScaling",
	Toolset: "replica", Actions: []string{"dynamodb:UpdateTableReplicaAutoScaling", "application-autoscaling:RegisterScalableTarget", "application-autoscaling:DeregisterScalableTarget", "application-autoscaling:PutScalingPolicy", "application-autoscaling:DeleteScalingPolicy"},
	Effect: op.Write, Idempotent: true,
}, updateAutoScaling, op.Table(func(in *UpdateAutoScalingInput) []string { return []string{in.TableName} }))

func updateAutoScaling(ctx context.Context, env *op.Env, in *UpdateAutoScalingInput) (*dynamodb.UpdateTableReplicaAutoScalingOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.UpdateTableReplicaAutoScaling(ctx, op.Request[dynamodb.UpdateTableReplicaAutoScalingInput](in))
}
