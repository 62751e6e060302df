package engine

import (
	"context"
	"encoding/json"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

var restoreActions = map[string]action{
	"RestoreTableFromBackup":    handle(restoreFromBackup),
	"RestoreTableToPointInTime": handle(restoreToPointInTime),
}

// restoreSetting names the setting of a restored table that says where it comes from.
const restoreSetting = "restore"

// restored is where a table comes from. While InProgress the next process can begin the restore again.
type restored struct {
	TableARN, BackupARN string
	At                  time.Time // the state that was asked for
	InProgress          bool
	Source              catalog.Ref     // source table of a recovery to a point in time
	SourceID            storage.SpaceID // and its rows
	SourceOrder         catalog.RowOrder
	Backup              catalog.Ref // else the backup
}

// restoreSummary is what DescribeTable shows of it.
type restoreSummary struct {
	SourceBackupArn   string `json:",omitempty"`
	SourceTableArn    string
	RestoreDateTime   json.Number
	RestoreInProgress bool
}

func (r restored) summary() (rawJSON, error) {
	return json.Marshal(restoreSummary{r.BackupARN, r.TableARN, json.Number(appendTime(nil, r.At)), true})
}

// restoredFrom tells where a table comes from that a restore is making. Once it is active nothing tells any more (DDB-TABLE-216).
func restoredFrom(t *catalog.Table) (from restored, ok bool) {
	if t.Status == catalog.Creating {
		found, err := t.Setting(restoreSetting, &from)
		ok = found && err == nil
	}
	return from, ok
}

// restoreOverrides are the parameters both restores share.
type restoreOverrides struct {
	TargetTableName               string                 `wire:"TargetTableName,required"`
	BillingModeOverride           string                 `wire:"BillingModeOverride,enum=PROVISIONED|PAY_PER_REQUEST"`
	GlobalSecondaryIndexOverride  []globalIndex          `wire:"GlobalSecondaryIndexOverride"`
	LocalSecondaryIndexOverride   []localIndex           `wire:"LocalSecondaryIndexOverride"`
	ProvisionedThroughputOverride *provisionedThroughput `wire:"ProvisionedThroughputOverride"`
	OnDemandThroughputOverride    *onDemandThroughput    `wire:"OnDemandThroughputOverride"`
	SSESpecificationOverride      *sseSpecification      `wire:"SSESpecificationOverride"`
	VectorIndexOverride           []vectorIndex          `wire:"VectorIndexOverride"`
}

type restoreFromBackupInput struct {
	BackupArn string `wire:"BackupArn,required"`
	restoreOverrides
}

func restoreFromBackup(c *call, in *restoreFromBackupInput) (*tableDescriptionOutput, error) {
	c.e.tend.backups.Lock()
	defer c.e.tend.backups.Unlock()
	if err := checkPlainName("targetTableName", in.TargetTableName); err != nil {
		return nil, err
	}
	p, _, err := c.backupARN(in.BackupArn)
	if err != nil {
		return nil, err
	}
	if err := in.crossRegion(p.region, c.region); err != nil {
		return nil, err
	}
	b, err := c.backupIn(p.region, in.BackupArn)
	if err != nil {
		return nil, err
	}
	if err := c.freeTarget(in.TargetTableName); err != nil {
		return nil, err
	}
	if b.Status != "AVAILABLE" {
		return nil, &apiError{Type: "BackupInUseException", Message: "Backup is being created: " + in.BackupArn}
	}
	if c.e.restoring(b) { // one restore at a time (DDB-BACKUP-010)
		return nil, &apiError{Type: "BackupInUseException", Message: "Backup is being used to restore another table: " + in.BackupArn}
	}
	from := restored{TableARN: b.Table.ARN(), BackupARN: b.arn(), At: b.Created, InProgress: true, Backup: b.Ref}
	return c.restore(b.Table, from, &in.restoreOverrides, nil)
}

// crossRegion asks for the encryption of a table that is restored into another Region, since a key belongs to one.
func (o *restoreOverrides) crossRegion(from, to string) error {
	if from != to && o.SSESpecificationOverride == nil {
		return validation("Invalid Request: sseSpecificationOverride must be provided for cross-region restores")
	}
	return nil
}

// freeTarget refuses the name of a table that is there; one that another restore fills is told apart.
func (c *call) freeTarget(name string) error {
	t := c.e.catalog.Table(c.ref(name))
	if t == nil {
		return nil
	}
	if from, ok := restoredFrom(t); ok {
		message := "Table: " + name + " is already being restored"
		if from.BackupARN != "" {
			message += " from backup: " + from.BackupARN
		}
		return &apiError{Type: "TableInUseException", Message: message}
	}
	return errTableThere(name)
}

// restore makes the target table and fills it behind the answer. snapshot is what a recovery to a point in time reads;
// restore closes it.
func (c *call) restore(source *catalog.Table, from restored, o *restoreOverrides, snapshot *storage.Snapshot) (*tableDescriptionOutput, error) {
	closeSnapshot := func() {
		if snapshot != nil {
			snapshot.Close()
		}
	}
	t, err := c.restoreTable(source, o)
	if err == nil {
		err = t.SetSetting(restoreSetting, from)
	}
	var out *tableDescriptionOutput
	if err == nil {
		out, err = c.e.addPending(t, nil)
	}
	if err != nil {
		closeSnapshot()
		return nil, tableExists(err, o.TargetTableName)
	}
	e := c.e // the call is gone when the work goes on behind its answer
	err = e.await(c, func(ctx context.Context) error {
		defer closeSnapshot()
		return e.runRestore(ctx, t, from, snapshot)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// runRestore fills a table, and removes it when that cannot be done. A restore cut short by Close stays as it is, for the next process.
func (e *Engine) runRestore(ctx context.Context, t *catalog.Table, from restored, snapshot *storage.Snapshot) error {
	err := e.fillRestored(ctx, t, from, snapshot)
	e.report("restore", t.Name, err)
	if err != nil && ctx.Err() == nil {
		e.report("removing a failed restore", t.Name, e.whileFull(func() error { return e.dropPending(t) }))
	}
	return err
}

// fillRestored copies the rows, builds the indexes and makes the table active.
func (e *Engine) fillRestored(ctx context.Context, t *catalog.Table, from restored, snapshot *storage.Snapshot) error {
	var was *catalog.Table // where all of it comes back
	if from.BackupARN != "" {
		b, err := backups.Get(e.store, from.Backup)
		if err != nil || b == nil {
			return err
		}
		if _, err := e.copyRows(ctx, e.store, b.rows(), rowsOfTable(t, b.Table.Order)); err != nil {
			return err
		}
		if b.Snapshot {
			was = b.Table
		}
	} else {
		source := &catalog.Table{Ref: from.Source, ID: from.SourceID}
		if err := e.copyAt(ctx, snapshot, source, from.At, rowsOfTable(t, from.SourceOrder)); err != nil {
			return err
		}
	}
	err := e.activate(ctx, t, func(t *catalog.Table, _ *storage.Batch) error {
		from.InProgress = false
		if was != nil {
			if err := e.revive(t, was); err != nil {
				return err
			}
		}
		return t.SetSetting(restoreSetting, from)
	})
	if err != nil || was == nil {
		return err
	}
	return e.revived(t)
}

// restoring reports whether a table is being restored from a backup, which it is until it is active.
func (e *Engine) restoring(b *backup) bool {
	for _, t := range e.catalog.All() {
		if from, ok := restoredFrom(t); ok && from.Backup == b.Ref {
			return true
		}
	}
	return false
}
