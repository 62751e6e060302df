package engine

import (
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// backupARN takes apart the ARN of a backup (DDB-BACKUP-012).
func (c *call) backupARN(arn string) (arnParts, string, error) {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		switch region := parts[3]; {
		case region == "":
			return arnParts{}, "", errDenied()
		case parts[1] != catalog.Partition(region), parts[2] != "dynamodb", region != c.region && !regionName.MatchString(region):
			return arnParts{}, "", invalidRequest("BackupArn is not valid")
		}
	}
	p, ok := parseARN(arn)
	id, isBackup := strings.CutPrefix(p.rest, "backup/")
	switch {
	case !ok || !isBackup || strings.Count(id, "-") == 0:
		return p, "", validation("Invalid Backup ARN")
	case c.foreign(p.account):
		return p, "", errDenied()
	}
	return p, id, nil
}

// findBackup finds a backup of the call's Region by its ARN. Which Region the ARN names makes no difference, and is told back (DDB-BACKUP-012).
func (c *call) findBackup(arn string) (*backup, error) {
	b, err := c.backupIn(c.region, arn)
	if b != nil {
		b.asked = arn
	}
	return b, err
}

func (c *call) backupIn(region, arn string) (*backup, error) {
	p, id, err := c.backupARN(arn)
	if err != nil {
		return nil, err
	}
	b, err := backups.Get(c.e.store, catalog.Ref{Namespace: c.namespace, Region: region, Name: id})
	if err != nil {
		return nil, err
	}
	if b == nil || b.Table.Name != p.table || b.expired(c.now) {
		return nil, &apiError{Type: "BackupNotFoundException", Message: "Backup not found: " + arn}
	}
	c.ripen(b)
	return b, nil
}

// backupTakes is how long a backup is CREATING at least when the life cycle is realistic.
const backupTakes = 2 * time.Second

// ripen shows a backup that is there as one that is being made for its time.
func (c *call) ripen(b *backup) {
	if c.e.realistic() && b.Status == "AVAILABLE" && !b.Snapshot && c.now.Before(b.Created.Add(backupTakes)) {
		b.Status = "CREATING"
	}
}
