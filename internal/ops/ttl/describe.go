package ttl

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

// Describe tells which attribute holds the time an item expires.
var Describe = op.New(op.Spec{
	Tool: "describe_time_to_live", Title: "Describe time to live", Use: "ttl status <table>",
	Short:   "Show which attribute makes items expire",
	API:     "DescribeTimeToLive",
	Toolset: "table", Actions: []string{"dynamodb:DescribeTimeToLive"},
	Effect: op.Read, Idempotent: true, Contract: true,
}, describe, op.Table(func(in *DescribeInput) []string { return []string{in.TableName} }))

func describe(ctx context.Context, env *op.Env, in *DescribeInput) (*types.TimeToLiveDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.DescribeTimeToLive(ctx, op.Request[dynamodb.DescribeTimeToLiveInput](in))
	if err != nil {
		return nil, err
	}
	return out.TimeToLiveDescription, nil
}
