package backup

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// CreateInput names a table and the backup to be: 3 to 255 letters, digits, and _ . - (API reference, CreateBackup). Names need not be unique.
type CreateInput struct {
	TableName  string `json:"table_name" arg:"table"`
	BackupName string `json:"backup_name" arg:"name"`
	op.Region
}

// Create makes a backup of a table as it is now. It is there, CREATING, when the call returns, and can be restored once it is AVAILABLE.
var Create = op.New(op.Spec{
	Tool: "create_backup", Title: "Create backup", Use: "backup create <table> <name>",
	Short:   "Back up a table as it is now",
	API:     "CreateBackup",
	Toolset: "backup", Actions: []string{"dynamodb:CreateBackup"},
	Effect: op.Write, Contract: true,
}, create, op.Table(func(in *CreateInput) []string { return []string{in.TableName} }))

func create(ctx context.Context, env *op.Env, in *CreateInput) (*types.BackupDetails, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.CreateBackup(ctx, op.Request[dynamodb.CreateBackupInput](in))
	if err != nil {
		return nil, err
	}
	return out.BackupDetails, nil
}
