package table

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// CreateInput says what the table is to be. AttributeDefinitions are those of keys alone; other attributes need no definition.
type CreateInput struct {
	TableName                          string                                   `json:"table_name" arg:"table"`
	AttributeDefinitions               []types.AttributeDefinition              `json:"attribute_definitions" flag:"attribute-definitions"`
	KeySchema                          []types.KeySchemaElement                 `json:"key_schema" flag:"key-schema"`
	BillingMode                        types.BillingMode                        `json:"billing_mode,omitempty" flag:"billing-mode"`
	GlobalSecondaryIndexes             []types.GlobalSecondaryIndex             `json:"global_secondary_indexes,omitempty" flag:"global-secondary-indexes"`
	ProvisionedThroughput              *types.ProvisionedThroughput             `json:"provisioned_throughput,omitempty" flag:"provisioned-throughput"`
	LocalSecondaryIndexes              []types.LocalSecondaryIndex              `json:"local_secondary_indexes,omitempty" flag:"local-secondary-indexes" mcp:"-"`
	StreamSpecification                *types.StreamSpecification               `json:"stream_specification,omitempty" flag:"stream-specification" mcp:"-"`
	SSESpecification                   *types.SSESpecification                  `json:"sse_specification,omitempty" flag:"sse-specification" mcp:"-"`
	Tags                               []types.Tag                              `json:"tags,omitempty" flag:"tags" mcp:"-"`
	TableClass                         types.TableClass                         `json:"table_class,omitempty" flag:"table-class" mcp:"-"`
	DeletionProtectionEnabled          *bool                                    `json:"deletion_protection_enabled,omitempty" flag:"deletion-protection" mcp:"-" help:"refuse to delete the table until it is turned off"`
	OnDemandThroughput                 *types.OnDemandThroughput                `json:"on_demand_throughput,omitempty" flag:"on-demand-throughput" mcp:"-"`
	WarmThroughput                     *types.WarmThroughput                    `json:"warm_throughput,omitempty" flag:"warm-throughput" mcp:"-"`
	VectorIndexes                      []types.VectorIndex                      `json:"vector_indexes,omitempty" flag:"vector-indexes" mcp:"-"`
	ResourcePolicy                     op.JSON                                  `json:"resource_policy,omitempty" flag:"resource-policy" mcp:"-" help:"a resource policy to begin with"`
	GlobalTableSourceArn               string                                   `json:"global_table_source_arn,omitempty" flag:"global-table-source-arn" mcp:"-" help:"table whose settings a new replica takes over"`
	GlobalTableSettingsReplicationMode types.GlobalTableSettingsReplicationMode `json:"global_table_settings_replication_mode,omitempty" flag:"global-table-settings-replication-mode" mcp:"-"`
	op.Region
}

// Create makes a table. It is there at once, and ready when its status is ACTIVE.
var Create = op.New(op.Spec{
	Tool: "create_table", Title: "Create table", Use: "table create <table>",
	Short:   "Create a table",
	API:     "CreateTable",
	Toolset: "table", Actions: []string{"dynamodb:CreateTable"},
	Effect: op.Write, Contract: true,
}, create, op.Table(func(in *CreateInput) []string { return []string{in.TableName, in.GlobalTableSourceArn} }))

func create(ctx context.Context, env *op.Env, in *CreateInput) (*types.TableDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.CreateTable(ctx, op.Request[dynamodb.CreateTableInput](in))
	if err != nil {
		return nil, err
	}
	return out.TableDescription, nil
}
