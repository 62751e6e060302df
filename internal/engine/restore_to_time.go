package engine

import (
	"errors"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

type restoreToPointInTimeInput struct {
	SourceTableArn          string    `wire:"SourceTableArn,min=1,max=1024"`
	SourceTableName         string    `wire:"SourceTableName,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	UseLatestRestorableTime bool      `wire:"UseLatestRestorableTime"`
	RestoreDateTime         time.Time `wire:"RestoreDateTime"`
	restoreOverrides
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
	return noWarmIndexes("RestoreTableToPointInTime", in.GlobalSecondaryIndexOverride)
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
