package engine

import (
	"context"
	"encoding/json"
	"errors"
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

// restoreToPointInTime checks in the service's order: what the request says of itself, the source and that it can be recovered, the time, and
// the target last (DDB-TABLE-100).
func restoreToPointInTime(c *call, in *restoreToPointInTimeInput) (*tableDescriptionOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
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
	if in.UseLatestRestorableTime {
		at = latest
	}
	// Some SDKs cut times to seconds, so a time read from a description may come back as the beginning of its second.
	if at.Before(earliest.Truncate(time.Second)) || at.After(latest) {
		return nil, &apiError{
			Type: "InvalidRestoreTimeException",
			Message: "RestoreDateTime '" + at.UTC().Format(second) + "' must be within EarliestRestorableDateTime '" + earliest.UTC().Format(second) +
				"' and LatestRestorableDateTime '" + latest.UTC().Format(second) + "'",
		}
	}
	if at.Before(earliest) {
		at = earliest
	}
	if err := c.freeTarget(in.TargetTableName); err != nil {
		return nil, err
	}
	from := restored{TableARN: source.ARN(), At: at, InProgress: true, Source: source.Ref, SourceID: source.ID, SourceOrder: source.Order}
	return c.restore(source, from, &in.restoreOverrides, c.e.store.Snapshot())
}

// second is how times to the second stand in messages.
const second = "2006-01-02T15:04:05Z"

// check looks at what a request says of itself.
func (in *restoreToPointInTimeInput) check() error {
	if err := checkPlainName("targetTableName", in.TargetTableName); err != nil {
		return err
	}
	switch {
	case in.SourceTableArn == "" && in.SourceTableName == "":
		return validation("The parameter 'TableName' is required but was not present in the request")
	case in.SourceTableArn != "" && in.SourceTableName != "":
		return validation("Must provide exactly one of: sourceTableArn, sourceTableName")
	case in.UseLatestRestorableTime && !in.RestoreDateTime.IsZero():
		return validation("Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time restore request. " +
			"Please specify either RestoreDateTime time or UseLatestRestorableTime")
	case !in.UseLatestRestorableTime && in.RestoreDateTime.IsZero():
		return validation("Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not both")
	}
	return nil
}

// restoreSource finds the table to recover, given by name or by an ARN, which may be of another Region.
func (c *call) restoreSource(in *restoreToPointInTimeInput) (*catalog.Table, error) {
	if in.SourceTableName != "" {
		return c.backupTable(in.SourceTableName)
	}
	p, ok := parseARN(in.SourceTableArn)
	switch {
	case !ok || p.rest != "" || !p.of(p.region):
		return nil, validation("sourceTableArn is not a valid ARN")
	case c.foreign(p.account):
		return nil, c.errForeign(in.SourceTableArn)
	}
	if err := in.crossRegion(p.region, c.region); err != nil {
		return nil, err
	}
	there := *c
	there.region = p.region
	t, err := there.backupTable(p.table)
	if api, ok := errors.AsType[*apiError](err); ok && api.Type == "TableNotFoundException" {
		return nil, &apiError{Type: api.Type, Message: "Table not found"}
	}
	return t, err
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
		if _, err := e.copyAt(ctx, snapshot, source, from.At, rowsOfTable(t, from.SourceOrder)); err != nil {
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
