package globaltable

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// UpdateSettingsInput names a global table and the settings to change.
type UpdateSettingsInput struct {
	GlobalTableName                                              string                                                `json:"global_table_name" arg:"table"`
	GlobalTableBillingMode                                       types.BillingMode                                     `json:"global_table_billing_mode,omitempty" flag:"billing-mode"`
	GlobalTableGlobalSecondaryIndexSettingsUpdate                []types.GlobalTableGlobalSecondaryIndexSettingsUpdate `json:"global_table_global_secondary_index_settings_update,omitempty" flag:"global-secondary-index-settings"`
	GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate *types.AutoScalingSettingsUpdate                      `json:"global_table_provisioned_write_capacity_auto_scaling_settings_update,omitempty" flag:"write-capacity-autoscaling"`
	GlobalTableProvisionedWriteCapacityUnits                     *int64                                                `json:"global_table_provisioned_write_capacity_units,omitempty" flag:"write-capacity" help:"write units of each region"`
	ReplicaSettingsUpdate                                        []types.ReplicaSettingsUpdate                         `json:"replica_settings_update,omitempty" flag:"replica-settings"`
	op.Region
}

// UpdateSettings changes the settings of a global table of the version of 2017.
var UpdateSettings = op.New(op.Spec{
	Tool: "update_global_table_settings", Title: "Update global table settings (2017)", Use: "global-table update-settings <table>",
	Short:   "Change settings of all regions, version of 2017",
	API:     "UpdateGlobalTableSettings",
	Toolset: "replica", Actions: []string{"dynamodb:UpdateGlobalTableSettings"},
	Effect: op.Write, Idempotent: true,
}, updateSettings, op.Table(func(in *UpdateSettingsInput) []string { return []string{in.GlobalTableName} }))

func updateSettings(ctx context.Context, env *op.Env, in *UpdateSettingsInput) (*dynamodb.UpdateGlobalTableSettingsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.UpdateGlobalTableSettings(ctx, op.Request[dynamodb.UpdateGlobalTableSettingsInput](in))
}
