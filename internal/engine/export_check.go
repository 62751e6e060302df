package engine

import (
	"time"

	"github.com/ddb-cli/ddb/internal/engine/bucket"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// The period of an incremental export (developer guide, "Requesting a table export": from 15 minutes to 24 hours).
const (
	shortestPeriod = 15 * time.Minute
	longestPeriod  = 24 * time.Hour
)

// checkExport checks what needs no table, and fills in the defaults.
func checkExport(in *exportInput) error {
	if in.ExportFormat == "" {
		in.ExportFormat = "DYNAMODB_JSON"
	}
	if in.ExportType == "" {
		in.ExportType = fullExport
	}
	if in.S3SseAlgorithm == "" {
		in.S3SseAlgorithm = "AES256"
	}
	if in.S3SseKmsKeyID != "" && in.S3SseAlgorithm != "KMS" {
		return validation("S3SseKmsKeyId can only be specified when S3SseAlgorithm is KMS")
	}
	period := in.IncrementalExportSpecification
	if in.ExportType == fullExport {
		if period != nil {
			return validation("IncrementalExportSpecification can only be specified when ExportType is INCREMENTAL_EXPORT")
		}
		return nil
	}
	switch {
	case period == nil:
		return validation("IncrementalExportSpecification must be specified when ExportType is INCREMENTAL_EXPORT")
	case !in.ExportTime.IsZero():
		return validation("ExportTime can only be specified when ExportType is FULL_EXPORT")
	case period.ExportFromTime.IsZero():
		return validation("ExportFromTime must be specified when ExportType is INCREMENTAL_EXPORT")
	}
	if period.ExportViewType == "" {
		period.ExportViewType = "NEW_AND_OLD_IMAGES"
	}
	return nil
}

// exportTimes settles the time or the period of an export and checks that it is within the window of recovery.
func (c *call) exportTimes(t *catalog.Table, j *exportJob) error {
	r, err := recoverable(t)
	if err != nil {
		return err
	}
	now := c.e.opts.Clock().UTC()
	earliest, _ := c.e.window(r, now)
	if !j.incremental() {
		j.At, err = within("ExportTime", j.Request.ExportTime, earliest, now)
		return err
	}
	period := j.Request.IncrementalExportSpecification
	to := period.ExportToTime
	if to.IsZero() {
		to = now
	}
	switch length := to.Sub(period.ExportFromTime); {
	case length < shortestPeriod:
		return validation("The time between ExportFromTime and ExportToTime must be at least 15 minutes")
	case length > longestPeriod:
		return validation("The time between ExportFromTime and ExportToTime must be at most 24 hours")
	}
	if j.From, err = within("ExportFromTime", period.ExportFromTime, earliest, now); err != nil {
		return err
	}
	if j.At, err = within("ExportToTime", to, earliest, now); err != nil {
		return err
	}
	kept := *period
	kept.ExportToTime = j.At
	j.Request.IncrementalExportSpecification = &kept
	return nil
}

// within checks one time of an export; a time that is not given is now. Some SDKs cut times to seconds, so the beginning
// of the window's first second counts as the window's beginning.
func within(member string, at, earliest, now time.Time) (time.Time, error) {
	if at.IsZero() {
		return now, nil
	}
	if at.Before(earliest.Truncate(time.Second)) || at.After(now) {
		return at, &apiError{
			Type: "InvalidExportTimeException",
			Message: "The specified " + member + " is outside of the point in time recovery window of the table: it begins at " +
				bucket.Time(earliest) + " and ends now",
		}
	}
	if at.Before(earliest) {
		return earliest, nil
	}
	return at.UTC(), nil
}
