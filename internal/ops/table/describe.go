package table

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// DescribeInput names one table.
type DescribeInput struct {
	TableName string `json:"table_name" arg:"table"`
	op.Region
}

// Describe tells what a table is: keys, indexes, capacity, state, size. Items and bytes are as the service last counted them, about every
// six hours (API reference, TableDescription).
var Describe = op.New(op.Spec{
	Tool: "describe_table", Title: "Describe table", Use: "table describe <table>",
	Short:   "Describe a table: keys, indexes, capacity",
	API:     "DescribeTable",
	Toolset: "table", Actions: []string{"dynamodb:DescribeTable"},
	Effect: op.Read, Idempotent: true, Contract: true,
}, describe, op.Table(func(in *DescribeInput) []string { return []string{in.TableName} }))

func describe(ctx context.Context, env *op.Env, in *DescribeInput) (*types.TableDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.DescribeTable(ctx, op.Request[dynamodb.DescribeTableInput](in))
	if err != nil {
		return nil, err
	}
	return out.Table, nil
}
