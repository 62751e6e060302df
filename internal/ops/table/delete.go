package table

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// DeleteInput names one table.
type DeleteInput struct {
	TableName string `json:"table_name" arg:"table"`
	op.Region
}

// Delete deletes a table with all its items and indexes.
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
	return out.TableDescription, nil
}
