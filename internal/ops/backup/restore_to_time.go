package backup

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// RestoreToTimeInput names a table, a time and the table to be made.
type RestoreToTimeInput struct {
	SourceTableName               string                       `json:"source_table_name,omitempty" arg:"table"`
	TargetTableName               string                       `json:"target_table_name" arg:"target"`
	SourceTableArn                string                       `json:"source_table_arn,omitempty" flag:"source-table-arn" help:"the source table by its ARN"`
	RestoreDateTime               *time.Time                   `json:"restore_date_time,omitempty" flag:"to" help:"the time to restore: RFC 3339, or how long ago, such as 2h"`
	UseLatestRestorableTime       *bool                        `json:"use_latest_restorable_time,omitempty" flag:"latest" help:"the latest restorable time"`
	BillingModeOverride           types.BillingMode            `json:"billing_mode_override,omitempty" flag:"billing-mode"`
	GlobalSecondaryIndexOverride  []types.GlobalSecondaryIndex `json:"global_secondary_index_override,omitempty" flag:"global-secondary-indexes"`
	LocalSecondaryIndexOverride   []types.LocalSecondaryIndex  `json:"local_secondary_index_override,omitempty" flag:"local-secondary-indexes"`
	VectorIndexOverride           []types.VectorIndex          `json:"vector_index_override,omitempty" flag:"vector-indexes" mcp:"-"`
	ProvisionedThroughputOverride *types.ProvisionedThroughput `json:"provisioned_throughput_override,omitempty" flag:"provisioned-throughput"`
	OnDemandThroughputOverride    *types.OnDemandThroughput    `json:"on_demand_throughput_override,omitempty" flag:"on-demand-throughput"`
	SSESpecificationOverride      *types.SSESpecification      `json:"sse_specification_override,omitempty" flag:"sse-specification"`
	op.Region
}

// RestoreToTime makes a new table as another was at a second of its recovery period. Time to live, tags, streams, policies and alarms are not restored.
var RestoreToTime = op.New(op.Spec{
	Tool: "restore_table_to_point_in_time", Title: "Restore table to point in time", Use: "pitr restore <table> <target>",
	Short:   "Make a new table as another was at a point in time",
	API:     "RestoreTableToPointInTime",
	Toolset: "backup", Actions: []string{"dynamodb:RestoreTableToPointInTime", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchWriteItem"},
	Effect: op.Write,
}, restoreToTime, op.Table(func(in *RestoreToTimeInput) []string {
	return []string{in.SourceTableName, in.SourceTableArn, in.TargetTableName}
}))

func restoreToTime(ctx context.Context, env *op.Env, in *RestoreToTimeInput) (*types.TableDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.RestoreTableToPointInTime(ctx, op.Request[dynamodb.RestoreTableToPointInTimeInput](in))
	if err != nil {
		return nil, err
	}
	return out.TableDescription, nil
}
