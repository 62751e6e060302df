// Package loss says what a call that destroys would take away, for the question before it.
package loss

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/access"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/batch"
	"github.com/ddb-cli/ddb/internal/ops/globaltable"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/ops/partiql"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/ops/transact"
)

// patience bounds the calls made to fill a question: it is asked with what is known by then.
const patience = 4 * time.Second

// Describe says in sentences what the call in would take away: item count, size, recovery and backups of a table, and how
// old the service's count may be. It asks the service through the gate of env; what cannot be told is said to be unknown.
// Names, keys and statements are quoted and cut to a length, since they may hold anything.
func Describe(ctx context.Context, env *op.Env, spec op.Spec, tables []string, in any) string {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a := asker{ctx, env}
	switch in := in.(type) {
	case *table.DeleteInput:
		return "Deletes the table " + quoted(in.TableName) + " with all its items and indexes. " + a.table(in.TableName, in.Region) + a.undo(in.Region)
	case *table.UpdateInput:
		return "Removes " + a.parts(in) + " from the table " + quoted(in.TableName) + "."
	case *backup.DeleteInput:
		return a.backup(in)
	case *backup.UpdateContinuousInput:
		return "Turns point-in-time recovery of the table " + quoted(in.TableName) + " off, and what it could be restored to is lost. " + a.table(in.TableName, in.Region)
	case *item.DeleteInput:
		return "Deletes the item " + key(in.Key) + " of the table " + quoted(in.TableName) + "."
	case *batch.WriteInput:
		return batchLoss(in)
	case *transact.WriteInput:
		return transactionLoss(in)
	case *partiql.ExecuteInput:
		return "Runs the statement " + quoted(in.Statement) + ", which deletes."
	case *partiql.BatchExecuteInput:
		return fmt.Sprintf("Runs %d statements that delete, the first of which is %s.", len(in.Statements), first(len(in.Statements), func() *string { return in.Statements[0].Statement }))
	case *partiql.ExecuteTransactionInput:
		return fmt.Sprintf("Runs a transaction of %d statements that delete, the first of which is %s.",
			len(in.TransactStatements), first(len(in.TransactStatements), func() *string { return in.TransactStatements[0].Statement }))
	case *access.DeletePolicyInput:
		return "Removes the resource policy of " + quoted(in.ResourceArn) + ": who has access by it loses that."
	case *globaltable.UpdateInput:
		return "Removes replicas of the global table " + quoted(in.GlobalTableName) + "."
	}
	return spec.Title + " on " + quoted(strings.Join(tables, ", ")) + "."
}

type asker struct {
	ctx context.Context
	env *op.Env
}

// Table says how much is in a table of the default region, and what would bring it back.
func Table(ctx context.Context, env *op.Env, name string) string {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return asker{ctx, env}.table(name, op.Region{})
}

// clients are empty where there are none.
func (a asker) clients(region op.Region) *op.Clients {
	c, err := a.env.Clients(a.ctx, region.RegionName)
	if err != nil {
		return &op.Clients{}
	}
	return c
}

// undo says that a deletion leaves a snapshot.
func (a asker) undo(region op.Region) string {
	if a.clients(region).Snapshots == 0 {
		return ""
	}
	return " The embedded engine keeps a snapshot, from which it can be brought back."
}

// table says how much is in a table, and what would bring it back.
func (a asker) table(name string, region op.Region) string {
	var parts []string
	d, err := table.Describe.Call(a.ctx, a.env, &table.DescribeInput{TableName: name, Region: region})
	if err != nil {
		parts = append(parts, "How much is in it is not known.")
	} else {
		parts = append(parts, contents(d, a.clients(region).Embedded))
		if aws.ToBool(d.DeletionProtectionEnabled) {
			parts = append(parts, "Deletion protection is on.")
		}
	}
	return strings.Join(append(parts, a.recovery(name, region), a.backups(name, region)), " ")
}

// contents says how much is in a table. The embedded engine counts at once.
func contents(d *types.TableDescription, embedded bool) string {
	items, size := aws.ToInt64(d.ItemCount), aws.ToInt64(d.TableSizeBytes)
	switch {
	case embedded && items == 0:
		return "It is empty."
	case embedded:
		return fmt.Sprintf("It holds %s, %d bytes.", counted(items), size)
	case items == 0:
		return "The service counts no items, which may be six hours old."
	}
	return fmt.Sprintf("It holds about %d items, %d bytes, by a count of the service that may be six hours old.", items, size)
}

func (a asker) recovery(name string, region op.Region) string {
	out, err := backup.DescribeContinuous.Call(a.ctx, a.env, &backup.DescribeContinuousInput{TableName: name, Region: region})
	switch {
	case err != nil || out.PointInTimeRecoveryDescription == nil:
		return "Whether point-in-time recovery is on is not known."
	case out.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus == types.PointInTimeRecoveryStatusEnabled:
		return "Point-in-time recovery is on."
	}
	return "Point-in-time recovery is off."
}

func (a asker) backups(name string, region op.Region) string {
	n, more := 0, false
	out, err := backup.List.Call(a.ctx, a.env, &backup.ListInput{TableName: name, Region: region})
	if err == nil {
		n, more = len(out.BackupSummaries), out.LastEvaluatedBackupArn != nil
	}
	switch {
	case err != nil:
		return "Whether there are backups is not known."
	case n == 0 && !more:
		return "There are no backups."
	case more:
		return fmt.Sprintf("There are more than %d backups, which stay.", n)
	case n == 1:
		return "There is 1 backup, which stays."
	}
	return fmt.Sprintf("There are %d backups, which stay.", n)
}

func (a asker) backup(in *backup.DeleteInput) string {
	out, err := backup.Describe.Call(a.ctx, a.env, &backup.DescribeInput{BackupArn: in.BackupArn, Region: in.Region})
	if err != nil || out.BackupDetails == nil {
		return "Deletes the backup " + quoted(in.BackupArn) + ". What is in it is not known."
	}
	text := "Deletes the backup " + quoted(aws.ToString(out.BackupDetails.BackupName)) + " of the table " + quoted(op.TableName(in.BackupArn))
	if t := out.BackupDetails.BackupCreationDateTime; t != nil {
		text += ", made " + t.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s, of %d bytes.", text, aws.ToInt64(out.BackupDetails.BackupSizeBytes))
}
