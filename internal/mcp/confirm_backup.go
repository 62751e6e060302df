package mcp

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

const (
	// backupTime bounds the wait for a backup; the service makes one within seconds, whatever the size.
	backupTime = time.Minute
	backupPoll = 500 * time.Millisecond
)

// backUp makes a backup of a table that is about to be deleted, and waits until it can be restored from.
func backUp(ctx context.Context, env *op.Env, in *table.DeleteInput) error {
	ctx, cancel := context.WithTimeout(ctx, backupTime)
	defer cancel()
	name := "before-delete-" + time.Now().UTC().Format("20060102-150405")
	made, err := backup.Create.Call(ctx, env, &backup.CreateInput{TableName: in.TableName, BackupName: name, Region: in.Region})
	if err != nil {
		return notBackedUp(err)
	}
	for arn, status := aws.ToString(made.BackupArn), made.BackupStatus; status != types.BackupStatusAvailable; {
		select {
		case <-ctx.Done():
			return notBackedUp(fmt.Errorf("the backup %s is still %s", name, status))
		case <-time.After(backupPoll):
		}
		out, err := backup.Describe.Call(ctx, env, &backup.DescribeInput{BackupArn: arn, Region: in.Region})
		if err != nil {
			return notBackedUp(err)
		}
		if out.BackupDetails != nil {
			status = out.BackupDetails.BackupStatus
		}
	}
	return nil
}

func notBackedUp(err error) error {
	known := *asOpError(err)
	known.Message = "the table is not deleted, because the backup that was asked for first failed: " + known.Error()
	known.Brief = ""
	return &known
}
