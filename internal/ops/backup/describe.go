package backup

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// DescribeInput names one backup by its ARN.
type DescribeInput struct {
	BackupArn string `json:"backup_arn" arg:"backup-arn"`
	op.Region
}

// Describe tells what a backup holds and in which state it is.
var Describe = op.New(op.Spec{
	Tool: "describe_backup", Title: "Describe backup", Use: "backup describe <backup-arn>",
	Short:   "Describe a backup",
	API:     "DescribeBackup",
	Toolset: "backup", Actions: []string{"dynamodb:DescribeBackup"},
	Effect: op.Read, Idempotent: true, Contract: true,
}, describe, op.Table(func(in *DescribeInput) []string { return []string{in.BackupArn} }))

func describe(ctx context.Context, env *op.Env, in *DescribeInput) (*types.BackupDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.DescribeBackup(ctx, op.Request[dynamodb.DescribeBackupInput](in))
	if err != nil {
		return nil, err
	}
	return out.BackupDescription, nil
}
