package engine

import (
	"time"
)

// deleteBackup removes a backup and its rows; the answer shows it as it was, with the status DELETED.
func deleteBackup(c *call, in *backupInput) (*backupOutput, error) {
	c.e.tend.backups.Lock()
	defer c.e.tend.backups.Unlock()
	b, err := c.findBackup(in.BackupArn)
	if err != nil {
		return nil, err
	}
	switch {
	case b.Type == "SYSTEM" && !b.Snapshot:
		return nil, validation("Invalid Request: User is not allowed to delete the system backup with arn " + in.BackupArn +
			". It will automatically expire on " + b.Expires.UTC().Format(stamp))
	case b.Status == "CREATING":
		return nil, &apiError{Type: "BackupInUseException", Message: "Backup is being created: " + in.BackupArn}
	case c.e.restoring(b):
		return nil, &apiError{Type: "BackupInUseException", Message: "Backup is being used to restore table: " + in.BackupArn}
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
	batch.DeleteSpan(b.rows())
	return batch.CommitReserved()
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
