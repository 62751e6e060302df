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
	Backup              catalog.Ref     // else the backup
}

// restoreSummary is what DescribeTable shows of it.
type restoreSummary struct {
	SourceBackupArn   string `json:",omitempty"`
	SourceTableArn    string
	RestoreDateTime   json.Number
	RestoreInProgress bool
}

func (r restored) summary() (rawJSON, error) {
	return json.Marshal(restoreSummary{r.BackupARN, r.TableARN, json.Number(appendTime(nil, r.At)), r.InProgress})
}

// restoreOverrides are the parameters both restores share.
type restoreOverrides struct {
	TargetTableName               string                 `wire:"TargetTableName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	BillingModeOverride           string                 `wire:"BillingModeOverride,enum=PROVISIONED|PAY_PER_REQUEST"`
	GlobalSecondaryIndexOverride  []globalIndex          `wire:"GlobalSecondaryIndexOverride"`
	LocalSecondaryIndexOverride   []localIndex           `wire:"LocalSecondaryIndexOverride"`
	ProvisionedThroughputOverride *provisionedThroughput `wire:"ProvisionedThroughputOverride"`
	OnDemandThroughputOverride    *onDemandThroughput    `wire:"OnDemandThroughputOverride"`
	SSESpecificationOverride      *sseSpecification      `wire:"SSESpecificationOverride"`
	VectorIndexOverride           []vectorIndex          `wire:"VectorIndexOverride"`
}

type restoreFromBackupInput struct {
	BackupArn string `wire:"BackupArn,required,min=37,max=1024"`
	restoreOverrides
}

type restoreToPointInTimeInput struct {
	SourceTableArn          string    `wire:"SourceTableArn,min=1,max=1024"`
	SourceTableName         string    `wire:"SourceTableName,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	UseLatestRestorableTime bool      `wire:"UseLatestRestorableTime"`
	RestoreDateTime         time.Time `wire:"RestoreDateTime"`
	restoreOverrides
}

func restoreFromBackup(c *call, in *restoreFromBackupInput) (*tableDescriptionOutput, error) {
	c.e.tend.backups.Lock()
	defer c.e.tend.backups.Unlock()
	b, err := c.findBackup(in.BackupArn)
	if err != nil {
		return nil, err
	}
	if b.Status != "AVAILABLE" {
		return nil, &apiError{Type: "BackupInUseException", Message: "Backup is being created: " + in.BackupArn}
	}
	from := restored{TableARN: b.Table.ARN(), BackupARN: b.arn(), At: b.Created, InProgress: true, Backup: b.Ref}
	return c.restore(b.Table, from, &in.restoreOverrides, nil)
}

func restoreToPointInTime(c *call, in *restoreToPointInTimeInput) (*tableDescriptionOutput, error) {
	source, err := c.restoreSource(in)
	if err != nil {
		return nil, err
	}
	r, err := recoverable(source)
	if err != nil {
		return nil, err
	}
	earliest, latest := c.e.window(r, c.e.opts.Clock().UTC())
	at := in.RestoreDateTime
	switch {
	case in.UseLatestRestorableTime && !at.IsZero():
		return nil, validation("UseLatestRestorableTime and RestoreDateTime cannot be specified at the same time")
	case in.UseLatestRestorableTime:
		at = latest
	case at.IsZero():
		return nil, validation("Either RestoreDateTime or UseLatestRestorableTime must be specified")
	}
	// Some SDKs cut times to seconds, so a time read from a description may come back as the beginning of its second.
	if at.Before(earliest.Truncate(time.Second)) || at.After(latest) {
		return nil, &apiError{
			Type: "InvalidRestoreTimeException",
			Message: "An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime and " +
				"LatestRestorableDateTime.",
		}
	}
	if at.Before(earliest) {
		at = earliest
	}
	from := restored{TableARN: source.ARN(), At: at, InProgress: true, Source: source.Ref, SourceID: source.ID}
	return c.restore(source, from, &in.restoreOverrides, c.e.store.Snapshot())
}

// restoreSource finds the table to recover, given by name or ARN.
func (c *call) restoreSource(in *restoreToPointInTimeInput) (*catalog.Table, error) {
	switch {
	case in.SourceTableArn == "" && in.SourceTableName == "":
		return nil, validation("Either SourceTableName or SourceTableArn must be specified")
	case in.SourceTableArn != "" && in.SourceTableName != "":
		return nil, validation("SourceTableName and SourceTableArn cannot be specified at the same time")
	case in.SourceTableArn != "":
		return c.backupTable(in.SourceTableArn)
	}
	return c.backupTable(in.SourceTableName)
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
	e.work(c, func(ctx context.Context) {
		defer closeSnapshot()
		e.report("restore", t.Name, e.fillRestored(ctx, t, from, snapshot))
	})
	return out, nil
}

// fillRestored copies the rows, builds the indexes and makes the table active.
func (e *Engine) fillRestored(ctx context.Context, t *catalog.Table, from restored, snapshot *storage.Snapshot) error {
	if from.BackupARN != "" {
		b, err := backups.Get(e.store, from.Backup)
		if err != nil || b == nil {
			return err
		}
		if _, err := e.copyRows(ctx, e.store, storage.BackupSpan(b.Space), rowsOf(t.ID)); err != nil {
			return err
		}
	} else {
		source := &catalog.Table{Ref: from.Source, ID: from.SourceID}
		if _, err := e.copyAt(ctx, snapshot, source, from.At, rowsOf(t.ID)); err != nil {
			return err
		}
	}
	return e.activate(ctx, t, func(t *catalog.Table, _ *storage.Batch) error {
		from.InProgress = false
		return t.SetSetting(restoreSetting, from)
	})
}

// restoring reports whether a table is being restored from a backup.
func (e *Engine) restoring(b *backup) bool {
	for _, t := range e.catalog.All() {
		var r restored
		if ok, err := t.Setting(restoreSetting, &r); ok && err == nil && r.InProgress && r.Backup == b.Ref {
			return true
		}
	}
	return false
}
