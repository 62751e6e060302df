package engine

import "time"

// maxBackupPage is the most backups one answer of ListBackups has.
const maxBackupPage = 100

type listBackupsInput struct {
	TableName               string    `wire:"TableName,table"`
	Limit                   *int64    `wire:"Limit,min=1,max=100"`
	TimeRangeLowerBound     time.Time `wire:"TimeRangeLowerBound"`
	TimeRangeUpperBound     time.Time `wire:"TimeRangeUpperBound"`
	ExclusiveStartBackupArn string    `wire:"ExclusiveStartBackupArn,min=37,max=1024"`
	BackupType              string    `wire:"BackupType,enum=ALL|AWS_BACKUP|SYSTEM|USER"`
}

type backupSummary struct {
	TableName              string    `wire:"TableName"`
	TableID                string    `wire:"TableId"`
	TableARN               string    `wire:"TableArn"`
	BackupArn              string    `wire:"BackupArn"`
	BackupName             string    `wire:"BackupName"`
	BackupCreationDateTime time.Time `wire:"BackupCreationDateTime"`
	BackupExpiryDateTime   time.Time `wire:"BackupExpiryDateTime"`
	BackupStatus           string    `wire:"BackupStatus"`
	BackupType             string    `wire:"BackupType"`
	BackupSizeBytes        int64     `wire:"BackupSizeBytes"`
}

type listBackupsOutput struct {
	BackupSummaries        []backupSummary `wire:"BackupSummaries,keep"`
	LastEvaluatedBackupArn string          `wire:"LastEvaluatedBackupArn"`
}

// listBackups lists backups in the order they were made. Without a type it lists those a user made (API reference).
func listBackups(c *call, in *listBackupsInput) (*listBackupsOutput, error) {
	name, err := c.tableName(in.TableName)
	if err != nil {
		return nil, err
	}
	after := ""
	if in.ExclusiveStartBackupArn != "" {
		// The backup itself may be gone: its id is the place to go on behind.
		var p arnParts
		if p, after, err = c.backupARN(in.ExclusiveStartBackupArn); err != nil {
			return nil, err
		}
		if p.region != c.region {
			return nil, validation("Invalid Request: The supplied ExclusiveStartBackupArn does not match the region")
		}
	}
	if lower, upper := in.TimeRangeLowerBound, in.TimeRangeUpperBound; !lower.IsZero() && !upper.IsZero() && lower.After(upper) {
		return nil, invalidParameter("Time range lower bound must be less than or equal to upper bound")
	}
	limit := maxBackupPage
	if in.Limit != nil {
		limit = int(*in.Limit)
	}
	list, err := backups.List(c.e.store, c.ref(""))
	if err != nil {
		return nil, err
	}
	out := &listBackupsOutput{BackupSummaries: []backupSummary{}}
	for _, b := range list {
		if b.Name <= after || !b.matches(in, name, c.now) {
			continue
		}
		if len(out.BackupSummaries) == limit {
			out.LastEvaluatedBackupArn = out.BackupSummaries[limit-1].BackupArn
			break
		}
		c.ripen(b)
		out.BackupSummaries = append(out.BackupSummaries, backupSummary{
			b.Table.Name, b.Table.UUID, b.Table.ARN(), b.arn(), b.Label, b.Created, b.Expires, b.Status, b.Type, b.Counts.Bytes,
		})
	}
	return out, nil
}

// matches applies the filters of a list. The lower bound of the time is in the range, the upper is not.
func (b *backup) matches(in *listBackupsInput, table string, now time.Time) bool {
	switch {
	case table != "" && b.Table.Name != table,
		!in.TimeRangeLowerBound.IsZero() && b.Created.Before(in.TimeRangeLowerBound),
		!in.TimeRangeUpperBound.IsZero() && !b.Created.Before(in.TimeRangeUpperBound),
		b.expired(now):
		return false
	}
	switch in.BackupType {
	case "ALL":
		return true
	case "":
		return b.Type == "USER"
	}
	return b.Type == in.BackupType
}
