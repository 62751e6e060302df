package table

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// UpdateInput says what to change; what is left out stays.
type UpdateInput struct {
	TableName                          string                                   `json:"table_name" arg:"table"`
	AttributeDefinitions               []types.AttributeDefinition              `json:"attribute_definitions,omitempty" flag:"attribute-definitions"`
	BillingMode                        types.BillingMode                        `json:"billing_mode,omitempty" flag:"billing-mode"`
	DeletionProtectionEnabled          *bool                                    `json:"deletion_protection_enabled,omitempty" flag:"deletion-protection" help:"refuse to delete the table until it is turned off"`
	GlobalSecondaryIndexUpdates        []types.GlobalSecondaryIndexUpdate       `json:"global_secondary_index_updates,omitempty" flag:"global-secondary-index-updates"`
	OnDemandThroughput                 *types.OnDemandThroughput                `json:"on_demand_throughput,omitempty" flag:"on-demand-throughput"`
	ProvisionedThroughput              *types.ProvisionedThroughput             `json:"provisioned_throughput,omitempty" flag:"provisioned-throughput"`
	ReplicaUpdates                     []types.ReplicationGroupUpdate           `json:"replica_updates,omitempty" flag:"replica-updates"`
	SSESpecification                   *types.SSESpecification                  `json:"sse_specification,omitempty" flag:"sse-specification"`
	StreamSpecification                *types.StreamSpecification               `json:"stream_specification,omitempty" flag:"stream-specification"`
	TableClass                         types.TableClass                         `json:"table_class,omitempty" flag:"table-class"`
	WarmThroughput                     *types.WarmThroughput                    `json:"warm_throughput,omitempty" flag:"warm-throughput"`
	DisassociationProtectionEnabled    *bool                                    `json:"disassociation_protection_enabled,omitempty" flag:"disassociation-protection" mcp:"-" help:"refuse to take replicas away"`
	MultiRegionConsistency             types.MultiRegionConsistency             `json:"multi_region_consistency,omitempty" flag:"multi-region-consistency" mcp:"-"`
	GlobalTableWitnessUpdates          []types.GlobalTableWitnessGroupUpdate    `json:"global_table_witness_updates,omitempty" flag:"global-table-witness-updates" mcp:"-"`
	GlobalTableSettingsReplicationMode types.GlobalTableSettingsReplicationMode `json:"global_table_settings_replication_mode,omitempty" flag:"global-table-settings-replication-mode" mcp:"-"`
	VectorIndexUpdates                 []types.VectorIndexUpdate                `json:"vector_index_updates,omitempty" flag:"vector-index-updates" mcp:"-"`
	op.Region
}

// Update changes a table: capacity, indexes, streams, encryption, replicas. The table is UPDATING until it is done, and one change of an index
// comes at a time (API reference, UpdateTable).
var Update = op.New(op.Spec{
	Tool: "update_table", Title: "Update table", Use: "table update <table>",
	Short:   "Change capacity, indexes, streams, replicas",
	API:     "UpdateTable",
	Toolset: "table", Actions: []string{"dynamodb:UpdateTable"},
	Effect: op.Destroy, Idempotent: true, Contract: true,
}, update, op.Table(func(in *UpdateInput) []string { return []string{in.TableName} }), op.EffectOf(updateEffect))

func update(ctx context.Context, env *op.Env, in *UpdateInput) (*types.TableDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.UpdateTable(ctx, op.Request[dynamodb.UpdateTableInput](in))
	if err != nil {
		return nil, err
	}
	return out.TableDescription, nil
}

// updateEffect is Destroy where an index, a replica or a witness goes; everything else can be changed back.
func updateEffect(in *UpdateInput) (op.Effect, error) {
	for _, u := range in.GlobalSecondaryIndexUpdates {
		if u.Delete != nil {
			return op.Destroy, nil
		}
	}
	for _, u := range in.ReplicaUpdates {
		if u.Delete != nil {
			return op.Destroy, nil
		}
	}
	for _, u := range in.GlobalTableWitnessUpdates {
		if u.Delete != nil {
			return op.Destroy, nil
		}
	}
	for _, u := range in.VectorIndexUpdates {
		if u.Delete != nil {
			return op.Destroy, nil
		}
	}
	return op.Write, nil
}
