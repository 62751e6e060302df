package backup

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// DeleteInput names one backup by its ARN.
type DeleteInput struct {
	BackupArn string `json:"backup_arn" arg:"backup-arn"`
	op.Region
}

// Delete deletes a backup for good. One that is being made or restored is refused with a BackupInUseException.
var Delete = op.New(op.Spec{
	Tool: "delete_backup", Title: "Delete backup", Use: "backup delete <backup-arn>",
	Short:   "Delete a backup",
	API:     "DeleteBackup",
	Toolset: "backup", Actions: []string{"dynamodb:DeleteBackup"},
	Effect: op.Destroy,
}, remove, op.Table(func(in *DeleteInput) []string { return []string{in.BackupArn} }))

func remove(ctx context.Context, env *op.Env, in *DeleteInput) (*types.BackupDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.DeleteBackup(ctx, op.Request[dynamodb.DeleteBackupInput](in))
	if err != nil {
		return nil, err
	}
	return out.BackupDescription, nil
}
