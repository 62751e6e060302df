package table

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// DeleteInput names one table.
type DeleteInput struct {
	TableName string `json:"table_name" arg:"table"`
	op.Region
}

// Delete deletes a table with all its items and indexes. Where the embedded engine keeps a snapshot of it, the result's
// ArchivalSummary names it.
var Delete = op.New(op.Spec{
	Tool: "delete_table", Title: "Delete table", Use: "table delete <table>",
	Short:   "Delete a table with all its items",
	API:     "DeleteTable",
	Toolset: "table", Actions: []string{"dynamodb:DeleteTable"},
	Effect: op.Destroy, Idempotent: true, Contract: true,
}, remove, op.Table(func(in *DeleteInput) []string { return []string{in.TableName} }))

func remove(ctx context.Context, env *op.Env, in *DeleteInput) (*types.TableDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.DeleteTable(ctx, op.Request[dynamodb.DeleteTableInput](in))
	if err != nil {
		return nil, err
	}
	sayKept(out.TableDescription)
	return out.TableDescription, nil
}

// keptReason is the embedded engine's word for a snapshot.
const keptReason = "DDB_LOCAL_SNAPSHOT"

// sayKept puts the way back in the place of the reason.
func sayKept(d *types.TableDescription) {
	if d == nil || d.ArchivalSummary == nil || aws.ToString(d.ArchivalSummary.ArchivalReason) != keptReason {
		return
	}
	name := aws.ToString(d.TableName)
	d.ArchivalSummary.ArchivalReason = aws.String("kept as a snapshot. To undo: restore_table_from_backup with this ARN and target_table_name " + name +
		", or at a terminal: ddb local snapshots restore " + name)
}
