package engine

import (
	"context"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// resumeJobs takes up the long work that an earlier process left unfinished. A backup cannot be: the state of its table
// at the time it was asked for is gone, so it is removed, and DescribeBackup says that there is none. A restore, an
// export and an import begin again from what they were given.
func (e *Engine) resumeJobs() error {
	list, err := backups.All(e.store)
	if err != nil {
		return err
	}
	for _, b := range list {
		if b.Status == "CREATING" {
			e.opts.Logger.Warn("a backup was cut short when the last process ended and has been removed", "backup", b.arn())
			if err := e.dropBackup(b); err != nil {
				return err
			}
		}
	}
	if err := e.dropExpired(e.opts.Clock()); err != nil {
		return err
	}
	if err := e.resumeExports(); err != nil {
		return err
	}
	if err := e.resumeImports(); err != nil {
		return err
	}
	if err := e.resumeBulks(); err != nil {
		return err
	}
	return e.resumeRestores()
}

// resumeRestores begins unfinished restores again. One whose source is gone can never end; its table is removed.
func (e *Engine) resumeRestores() error {
	for _, t := range e.catalog.All() {
		var from restored
		if ok, err := t.Setting(restoreSetting, &from); err != nil || !ok || !from.InProgress {
			if err != nil {
				return err
			}
			continue
		}
		alive, err := e.restorable(from)
		if err != nil {
			return err
		}
		if !alive {
			e.opts.Logger.Warn("a restore was cut short when the last process ended and its source is gone; its table has been removed", "table", t.Name)
			if err := e.dropPending(t); err != nil {
				return err
			}
			continue
		}
		if err := e.clearTable(t); err != nil {
			return err
		}
		var snapshot *storage.Snapshot
		if from.BackupARN == "" {
			snapshot = e.store.Snapshot()
		}
		e.job(func(ctx context.Context) {
			if snapshot != nil {
				defer snapshot.Close()
			}
			_ = e.runRestore(ctx, t, from, snapshot) // it reports what went wrong
		})
	}
	return nil
}

// restorable reports whether the source of an unfinished restore is still there.
func (e *Engine) restorable(from restored) (bool, error) {
	if from.BackupARN != "" {
		b, err := backups.Get(e.store, from.Backup)
		return b != nil, err
	}
	source := e.catalog.Table(from.Source)
	if source == nil || source.ID != from.SourceID {
		return false, nil
	}
	r, err := recoveryOf(source)
	return r.Enabled && !from.At.Before(r.Since), err
}

// systemBackup keeps a table that can be recovered to a point in time when it is deleted, as the service does: for 35
// days, under the table's name (developer guide, "Point-in-time recovery").
func (e *Engine) systemBackup(ctx context.Context, t *catalog.Table) error {
	r, err := recoveryOf(t)
	if err != nil || !r.Enabled {
		return err
	}
	snapshot := e.store.Snapshot()
	defer snapshot.Close()
	b, err := e.newBackup(e.opts.Clock(), t, t.Name+"$DeletedTableBackup", "SYSTEM")
	if err != nil {
		return err
	}
	return e.fillBackup(ctx, snapshot, b)
}
