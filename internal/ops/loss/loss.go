// Package loss says what a call that destroys would take away, for the question before it. It only reads, through the operations; front ends ask it
// before they ask a person.
package loss

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/access"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/batch"
	"github.com/ddb-cli/ddb/internal/ops/globaltable"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/ops/partiql"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/ops/transact"
	"github.com/ddb-cli/ddb/internal/ops/ttl"
)

// patience bounds the calls made to fill a question: it is asked with what is known by then.
const patience = 4 * time.Second

// Describe says in sentences what the call in would take away: item count, size, recovery and backups of a table, and how
// old the service's count may be. It asks the service through the gate of env; what cannot be told is said to be unknown.
// Names, keys and statements are quoted and cut to a length, since they may hold anything.
//
// It is "" where the call would take nothing away, so that nobody need be asked. An error is one that the call would meet, for
// want of what it names: then there is nothing to ask about either, and the call is not to be made.
func Describe(ctx context.Context, env *op.Env, spec op.Spec, tables []string, in any) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	quiet := *env
	quiet.Scans, quiet.Warn, quiet.Confirm = nil, nil, nil
	a := asker{ctx, &quiet}
	switch in := in.(type) {
	case *table.DeleteInput:
		return a.deletion(in)
	case *table.UpdateInput:
		parts, err := a.parts(in)
		return "Removes " + parts + " from the table " + quoted(in.TableName) + ".", err
	case *ttl.UpdateInput:
		return a.expiry(in)
	case *backup.DeleteInput:
		return a.backup(in)
	case *backup.UpdateContinuousInput:
		return a.recoveryOff(in)
	case *item.DeleteInput:
		return a.item(in)
	case *batch.WriteInput:
		keys := map[string][]attr.Item{}
		for name, list := range in.RequestItems {
			keys[name] = deletedKeys(list)
		}
		return a.items("Deletes ", keys, in.Region)
	case *transact.WriteInput:
		return a.items("In one transaction deletes ", transactedKeys(in), in.Region)
	case *partiql.ExecuteInput:
		one := statement{in.Statement, in.Parameters}
		if err := a.statements(tables, in.Region, in.Statement); err != nil || a.deletesNothing(one, in.Region) {
			return "", err
		}
		return "Runs the statement " + one.quoted() + ", which deletes.", nil
	case *partiql.BatchExecuteInput:
		list := make([]statement, len(in.Statements))
		for i, s := range in.Statements {
			list[i] = statement{aws.ToString(s.Statement), s.Parameters}
		}
		if err := a.there(tables, in.Region); err != nil {
			return "", err
		}
		return a.statementsLoss("Runs ", list, in.Region), nil
	case *partiql.ExecuteTransactionInput:
		list, texts := make([]statement, len(in.TransactStatements)), make([]string, len(in.TransactStatements))
		for i, s := range in.TransactStatements {
			texts[i] = aws.ToString(s.Statement)
			list[i] = statement{texts[i], s.Parameters}
		}
		if err := a.statements(tables, in.Region, texts...); err != nil {
			return "", err
		}
		return a.statementsLoss("Runs a transaction of ", list, in.Region), nil
	case *access.DeletePolicyInput:
		if _, err := access.GetPolicy.Call(a.ctx, a.env, &access.GetPolicyInput{ResourceArn: in.ResourceArn, Region: in.Region}); hasCode(err, "PolicyNotFoundException") {
			return "", nil
		} else if hopeless(err) {
			return "", err
		}
		return "Removes the resource policy of " + quoted(in.ResourceArn) + ": who has access by it loses that.", nil
	case *globaltable.UpdateInput:
		if _, err := globaltable.Describe.Call(a.ctx, a.env, &globaltable.DescribeInput{GlobalTableName: in.GlobalTableName, Region: in.Region}); hopeless(err) {
			return "", err
		}
		return "Removes replicas of the global table " + quoted(in.GlobalTableName) + ".", nil
	}
	return spec.Title + " on " + quoted(strings.Join(tables, ", ")) + ".", nil
}

type asker struct {
	ctx context.Context
	env *op.Env
}

// Table says how much is in a table of the default region, and what would bring it back: a snapshot too, which is kept of it.
func Table(ctx context.Context, env *op.Env, name string) string {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a := asker{ctx, env}
	return a.table(name, op.Region{}) + a.undo(op.Region{})
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
	d, err := a.described(name, region)
	return a.held(d, err, name, region)
}

// held is table where it was described already.
func (a asker) held(d *types.TableDescription, err error, name string, region op.Region) string {
	text := "How much is in it is not known."
	if err == nil {
		text = contents(d, a.clients(region).Embedded)
	}
	return strings.Join([]string{text, a.recovery(name, region), a.backups(name, region)}, " ")
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

func (a asker) backup(in *backup.DeleteInput) (string, error) {
	out, err := backup.Describe.Call(a.ctx, a.env, &backup.DescribeInput{BackupArn: in.BackupArn, Region: in.Region})
	if hopeless(err) {
		return "", err
	}
	if err != nil || out.BackupDetails == nil {
		return "Deletes the backup " + quoted(in.BackupArn) + ". What is in it is not known.", nil //nolint:nilerr // the question says so
	}
	text := "Deletes the backup " + quoted(aws.ToString(out.BackupDetails.BackupName)) + " of the table " + quoted(op.TableName(in.BackupArn))
	if t := out.BackupDetails.BackupCreationDateTime; t != nil {
		text += ", made " + t.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s, of %d bytes.", text, aws.ToInt64(out.BackupDetails.BackupSizeBytes)), nil
}
