package engine

import (
	"cmp"
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
	Snapshot    bool           `json:",omitempty"` // of a deleted table, whose own rows it has
	Copied      bool           `json:",omitempty"` // of a snapshot: it has copies, since the table stays

	asked string // the ARN it was asked for by, when that is not its own
}

// backups are the backups of the store.
var backups = catalog.Docs[backup]{Kind: "backup"}

// rows is where the rows of the backup are.
func (b *backup) rows() storage.Span {
	if b.Snapshot && !b.Copied {
		return storage.RowSpan(b.Table.ID)
	}
	return storage.BackupSpan(b.Space)
}

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
	return &backupDetails{cmp.Or(b.asked, b.arn()), b.Label, b.Counts.Bytes, b.Status, b.Type, b.Created, b.Expires}
}

type createBackupInput struct {
	TableName  string `wire:"TableName,required,table"`
	BackupName string `wire:"BackupName,required,pattern=[a-zA-Z0-9_.-]+,min=3,max=255"`
}

type createBackupOutput struct {
	BackupDetails *backupDetails `wire:"BackupDetails"`
}

// backupTable finds a table for the operations on backups, which have an exception of their own for one that is not there, and know nothing of one
// that is hardly there or nearly gone.
func (c *call) backupTable(given string) (*catalog.Table, error) {
	name, err := c.tableName(given)
	if err != nil {
		return nil, err
	}
	t := c.e.catalog.Table(c.ref(name))
	if t != nil {
		switch c.phaseOf(t) {
		case phaseFilling, phaseHidden, phaseForgotten:
			t = nil
		}
	}
	if t == nil {
		return nil, errNoBackupTable(name)
	}
	return t, nil
}

func errNoBackupTable(name string) error {
	return &apiError{Type: "TableNotFoundException", Message: "Table not found: " + name}
}

// changesBackups finds a table for what makes a backup or changes the continuous ones: its backups are enabled some time after it became active.
func (c *call) changesBackups(given string) (*catalog.Table, error) {
	t, err := c.backupTable(given)
	if err == nil && (c.phaseOf(t) == phaseComing || c.enablingBackups(t)) {
		err = &apiError{
			Type:    "ContinuousBackupsUnavailableException",
			Message: "Backups are being enabled for the table: " + t.Name + ". Please retry later",
		}
	}
	return t, err
}

// createBackup keeps the table as it is at the call; copying its rows may take longer than the answer, which says
// CREATING as the service's does.
func createBackup(c *call, in *createBackupInput) (*createBackupOutput, error) {
	t, err := c.changesBackups(in.TableName)
	if err != nil {
		return nil, err
	}
	snapshot := c.e.store.Snapshot()
	most := 0
	if in.BackupName == SnapshotName {
		most = c.snapshots
	}
	var b *backup
	if most > 0 {
		b, err = c.e.newSnapshot(c.now, t)
	} else {
		b, err = c.e.newBackup(c.now, t, in.BackupName, "USER")
	}
	if err != nil {
		snapshot.Close()
		return nil, err
	}
	out := &createBackupOutput{b.details()}
	e := c.e // the call is gone when the work goes on behind its answer
	err = e.await(c, func(ctx context.Context) error {
		defer snapshot.Close()
		// A backup cannot begin again with the next process, so Close waits for it however long it takes.
		err := e.fillBackup(context.WithoutCancel(ctx), snapshot, b)
		e.report("backup", b.arn(), err)
		if err != nil {
			e.report("removing a failed backup", b.arn(), e.whileFull(func() error { return e.dropBackup(b) }))
		}
		if most > 0 {
			e.report("removing old snapshots", t.Name, e.pruneSnapshots(most))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
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
		if err := e.systemID(b, now); err != nil {
			return nil, err
		}
	}
	return b, putDoc(e, backups, b.Ref, b)
}

// newSnapshot is newBackup for a snapshot of a table that stays, and is about to lose its items.
func (e *Engine) newSnapshot(now time.Time, t *catalog.Table) (*backup, error) {
	b, err := e.newBackup(now, t, t.Name+snapshotSuffix, "SYSTEM")
	if err != nil {
		return nil, err
	}
	b.Snapshot, b.Copied = true, true
	return b, putDoc(e, backups, b.Ref, b)
}

// systemID gives a backup of the service's own its id, which has no chance in it; of two that are made in one millisecond the second takes the next.
func (e *Engine) systemID(b *backup, now time.Time) error {
	for ; ; now = now.Add(time.Millisecond) {
		when, _, _ := strings.Cut(newLongID(now), "-")
		b.Name = when + "-00000000"
		other, err := backups.Get(e.store, b.Ref)
		if err != nil || other == nil {
			return err
		}
	}
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

type backupInput struct {
	BackupArn string `wire:"BackupArn,required"`
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

// stamp is how times stand in messages.
const stamp = "2006-01-02T15:04:05.000Z"

// putDoc writes one document.
func putDoc[T any](e *Engine, docs catalog.Docs[T], r catalog.Ref, v *T) error {
	b := e.store.NewBatch()
	defer b.Close()
	if err := docs.Put(b, r, v); err != nil {
		return err
	}
	return b.CommitReserved()
}
