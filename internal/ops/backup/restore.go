package backup

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// RestoreInput names a backup and the table to be made of it.
type RestoreInput struct {
	BackupArn                     string                       `json:"backup_arn" arg:"backup-arn"`
	TargetTableName               string                       `json:"target_table_name" arg:"table"`
	BillingModeOverride           types.BillingMode            `json:"billing_mode_override,omitempty" flag:"billing-mode" mcp:"-"`
	GlobalSecondaryIndexOverride  []types.GlobalSecondaryIndex `json:"global_secondary_index_override,omitempty" flag:"global-secondary-indexes" mcp:"-"`
	LocalSecondaryIndexOverride   []types.LocalSecondaryIndex  `json:"local_secondary_index_override,omitempty" flag:"local-secondary-indexes" mcp:"-"`
	VectorIndexOverride           []types.VectorIndex          `json:"vector_index_override,omitempty" flag:"vector-indexes" mcp:"-"`
	ProvisionedThroughputOverride *types.ProvisionedThroughput `json:"provisioned_throughput_override,omitempty" flag:"provisioned-throughput" mcp:"-"`
	OnDemandThroughputOverride    *types.OnDemandThroughput    `json:"on_demand_throughput_override,omitempty" flag:"on-demand-throughput" mcp:"-"`
	SSESpecificationOverride      *types.SSESpecification      `json:"sse_specification_override,omitempty" flag:"sse-specification" mcp:"-"`
	op.Region
}

// Restore makes a new table out of a backup. Time to live, tags, streams, policies and alarms are not restored.
var Restore = op.New(op.Spec{
	Tool: "restore_table_from_backup", Title: "Restore table from backup", Use: "backup restore <backup-arn> <table>",
	Short:   "Make a new table out of a backup",
	API:     "RestoreTableFromBackup",
	Toolset: "backup", Actions: []string{"dynamodb:RestoreTableFromBackup", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchWriteItem"},
	Effect: op.Write, Contract: true,
}, restore, op.Table(func(in *RestoreInput) []string { return []string{in.BackupArn, in.TargetTableName} }))

func restore(ctx context.Context, env *op.Env, in *RestoreInput) (*types.TableDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.RestoreTableFromBackup(ctx, op.Request[dynamodb.RestoreTableFromBackupInput](in))
	if err != nil {
		return nil, err
	}
	return out.TableDescription, nil
}
