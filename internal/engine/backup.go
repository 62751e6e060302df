package engine

import (
	"context"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

var backupActions = map[string]action{
	"CreateBackup":   handle(createBackup),
	"DescribeBackup": handle(describeBackup),
	"ListBackups":    handle(listBackups),
	"DeleteBackup":   handle(deleteBackup),
}

// backup is what is kept of a backup beside its rows, which lie in a space of their own. It names everything a restore
// needs, so it outlives its table.
type backup struct {
	catalog.Ref        // Name is the id
	Label       string // BackupName
	Status      string // CREATING, AVAILABLE
	Type        string // USER, SYSTEM
	Created     time.Time
	Expires     time.Time `json:",omitzero"` // of a SYSTEM backup
	Space       storage.SpaceID
	Counts      storage.Counts
	Table       *catalog.Table // as it was
}

// backups are the backups of the store.
var backups = catalog.Docs[backup]{Kind: "backup"}

func (b *backup) arn() string { return b.Table.ARN() + "/backup/" + b.Name }

type backupDetails struct {
	BackupArn              string    `wire:"BackupArn"`
	BackupName             string    `wire:"BackupName"`
	BackupSizeBytes        int64     `wire:"BackupSizeBytes"`
	BackupStatus           string    `wire:"BackupStatus"`
	BackupType             string    `wire:"BackupType"`
	BackupCreationDateTime time.Time `wire:"BackupCreationDateTime"`
	BackupExpiryDateTime   time.Time `wire:"BackupExpiryDateTime"`
}

func (b *backup) details() *backupDetails {
	return &backupDetails{b.arn(), b.Label, b.Counts.Bytes, b.Status, b.Type, b.Created, b.Expires}
}

type createBackupInput struct {
	TableName  string `wire:"TableName,required,table"`
	BackupName string `wire:"BackupName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
}

type createBackupOutput struct {
	BackupDetails *backupDetails `wire:"BackupDetails"`
}

// backupTable finds a table for the operations on backups, which have an exception of their own for one that is not
// there.
func (c *call) backupTable(given string) (*catalog.Table, error) {
	name, err := c.tableName(given)
	if err != nil {
		return nil, err
	}
	t := c.e.catalog.Table(c.ref(name))
	if t == nil {
		return nil, &apiError{Type: "TableNotFoundException", Message: "Table not found: " + name}
	}
	return t, nil
}

// createBackup keeps the table as it is at the call; copying its rows may take longer than the answer, which says
// CREATING as the service's does.
func createBackup(c *call, in *createBackupInput) (*createBackupOutput, error) {
	t, err := c.backupTable(in.TableName)
	if err != nil {
		return nil, err
	}
	if t.Status == catalog.Creating || t.Status == catalog.Deleting {
		return nil, &apiError{Type: "TableInUseException", Message: "Table is in use: " + t.Name + " has status " + string(t.Status)}
	}
	snapshot := c.e.store.Snapshot()
	b, err := c.e.newBackup(c.now, t, in.BackupName, "USER")
	if err != nil {
		snapshot.Close()
		return nil, err
	}
	out := &createBackupOutput{b.details()}
	e := c.e // the call is gone when the work goes on behind its answer
	e.work(c, func(ctx context.Context) {
		defer snapshot.Close()
		// A backup cannot begin again with the next process, so Close waits for it however long it takes.
		e.report("backup", b.arn(), e.fillBackup(context.WithoutCancel(ctx), snapshot, b))
	})
	return out, nil
}

// newBackup registers a backup without its rows.
func (e *Engine) newBackup(now time.Time, t *catalog.Table, label, kind string) (*backup, error) {
	if err := e.dropExpired(now); err != nil {
		return nil, err
	}
	space, err := e.catalog.NewSpace()
	if err != nil {
		return nil, err
	}
	counts, err := e.store.Counts(t.ID)
	if err != nil {
		return nil, err
	}
	b := &backup{
		Ref: catalog.Ref{Namespace: t.Namespace, Region: t.Region, Name: newLongID(now)}, Label: label, Status: "CREATING",
		Type: kind, Created: now.UTC(), Space: space, Counts: counts, Table: t,
	}
	if kind == "SYSTEM" {
		b.Expires = b.Created.Add(maxRecovery)
	}
	return b, putDoc(e, backups, b.Ref, b)
}

// fillBackup copies the rows and makes the backup available.
func (e *Engine) fillBackup(ctx context.Context, r storage.Reader, b *backup) error {
	counts, err := e.copyRows(ctx, r, storage.RowSpan(b.Table.ID), backupOf(b.Space))
	if err != nil {
		return err
	}
	done := *b
	done.Counts, done.Status = counts, "AVAILABLE"
	return putDoc(e, backups, b.Ref, &done)
}

// backupID reads the id out of a backup's ARN.
func backupID(arn string) (string, error) {
	p, ok := parseARN(arn)
	id, isBackup := strings.CutPrefix(p.rest, "backup/")
	if !ok || !isBackup {
		return "", validation("Invalid BackupArn: Invalid ResourceArn provided as input " + arn)
	}
	return id, nil
}

// findBackup finds a backup by its ARN.
func (c *call) findBackup(arn string) (*backup, error) {
	id, err := backupID(arn)
	if err != nil {
		return nil, err
	}
	p, _ := parseARN(arn)
	var b *backup
	if p.region == c.region {
		if b, err = backups.Get(c.e.store, c.ref(id)); err != nil {
			return nil, err
		}
	}
	if b == nil || b.Table.Name != p.table || b.expired(c.now) {
		return nil, &apiError{Type: "BackupNotFoundException", Message: "Backup not found: " + arn}
	}
	return b, nil
}

type backupInput struct {
	BackupArn string `wire:"BackupArn,required,min=37,max=1024"`
}

type backupOutput struct {
	BackupDescription *backupDescription `wire:"BackupDescription"`
}

func describeBackup(c *call, in *backupInput) (*backupOutput, error) {
	b, err := c.findBackup(in.BackupArn)
	if err != nil {
		return nil, err
	}
	return &backupOutput{b.describe()}, nil
}

// deleteBackup removes a backup and its rows; the answer shows it as it was, with the status DELETED.
func deleteBackup(c *call, in *backupInput) (*backupOutput, error) {
	c.e.tend.backups.Lock()
	defer c.e.tend.backups.Unlock()
	b, err := c.findBackup(in.BackupArn)
	if err != nil {
		return nil, err
	}
	if b.Status == "CREATING" || c.e.restoring(b) {
		return nil, &apiError{Type: "BackupInUseException", Message: "Backup is being created or restored: " + in.BackupArn}
	}
	if err := c.e.dropBackup(b); err != nil {
		return nil, err
	}
	b.Status = "DELETED"
	return &backupOutput{b.describe()}, nil
}

func (e *Engine) dropBackup(b *backup) error {
	batch := e.store.NewBatch()
	defer batch.Close()
	backups.Delete(batch, b.Ref)
	batch.DeleteSpan(storage.BackupSpan(b.Space))
	return batch.Commit()
}

// expired reports whether a backup of the service's own has reached the end of its 35 days.
func (b *backup) expired(now time.Time) bool { return !b.Expires.IsZero() && now.After(b.Expires) }

// dropExpired removes the backups that have expired.
func (e *Engine) dropExpired(now time.Time) error {
	list, err := backups.All(e.store)
	if err != nil {
		return err
	}
	for _, b := range list {
		if b.expired(now) && !e.restoring(b) {
			if err := e.dropBackup(b); err != nil {
				return err
			}
		}
	}
	return nil
}

// putDoc writes one document.
func putDoc[T any](e *Engine, docs catalog.Docs[T], r catalog.Ref, v *T) error {
	b := e.store.NewBatch()
	defer b.Close()
	if err := docs.Put(b, r, v); err != nil {
		return err
	}
	return b.Commit()
}
