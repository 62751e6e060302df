package backup

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// DescribeContinuousInput names one table.
type DescribeContinuousInput struct {
	TableName string `json:"table_name" arg:"table"`
	op.Region
}

// DescribeContinuous tells whether a table can be restored to a point in time, and how far back.
var DescribeContinuous = op.New(op.Spec{
	Tool: "describe_continuous_backups", Title: "Describe continuous backups", Use: "pitr status <table>",
	Short:   "Show point-in-time recovery of a table",
	API:     "DescribeContinuousBackups",
	Toolset: "backup", Actions: []string{"dynamodb:DescribeContinuousBackups"},
	Effect: op.Read, Idempotent: true, Contract: true,
}, describeContinuous, op.Table(func(in *DescribeContinuousInput) []string { return []string{in.TableName} }))

func describeContinuous(ctx context.Context, env *op.Env, in *DescribeContinuousInput) (*types.ContinuousBackupsDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.DescribeContinuousBackups(ctx, op.Request[dynamodb.DescribeContinuousBackupsInput](in))
	if err != nil {
		return nil, err
	}
	return out.ContinuousBackupsDescription, nil
}
