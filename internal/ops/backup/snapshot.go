package backup

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// snapshotSuffix ends the name of the backup that the embedded engine keeps of a deleted table.
const snapshotSuffix = "$Snapshot"

// snapshotName asks the embedded engine for a snapshot in place of a backup of that name (engine.SnapshotName).
const snapshotName = "ddb..snapshot"

// Keep makes a snapshot of a table on the embedded engine, which is about to lose its items, and gives its ARN: "" where none
// is kept.
func Keep(ctx context.Context, env *op.Env, table string) (string, error) {
	c, err := env.Clients(ctx, "")
	if err != nil || !c.Embedded || c.Snapshots == 0 {
		return "", err
	}
	made, err := Create.Call(ctx, env, &CreateInput{TableName: table, BackupName: snapshotName})
	if err != nil {
		return "", err
	}
	return aws.ToString(made.BackupArn), nil
}

// isSnapshot says whether a backup is a snapshot that the embedded engine made when its table was deleted. A restore from
// it brings everything back, settings included.
func isSnapshot(b types.BackupSummary) bool {
	return b.BackupType == types.BackupTypeSystem && strings.HasSuffix(aws.ToString(b.BackupName), snapshotSuffix)
}

// IsSnapshotARN asks the service whether an ARN names a snapshot.
func IsSnapshotARN(ctx context.Context, env *op.Env, arn string) (bool, error) {
	out, err := Describe.Call(ctx, env, &DescribeInput{BackupArn: arn})
	if err != nil || out.BackupDetails == nil {
		return false, err
	}
	return isSnapshot(types.BackupSummary{BackupType: out.BackupDetails.BackupType, BackupName: out.BackupDetails.BackupName}), nil
}

// Snapshots lists the snapshots of deleted tables, of one or ("") of all that the gate lets be seen, the newest first.
func Snapshots(ctx context.Context, env *op.Env, table string) ([]types.BackupSummary, error) {
	var list []types.BackupSummary
	_, err := List.Each(ctx, env, &ListInput{TableName: table, BackupType: string(types.BackupTypeFilterSystem)}, func(b types.BackupSummary) error {
		if isSnapshot(b) {
			list = append(list, b)
		}
		return nil
	})
	slices.Reverse(list) // they are listed in the order they were made
	return list, err
}
