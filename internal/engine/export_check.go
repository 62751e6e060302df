package engine

import (
	"errors"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// The period of an incremental export (developer guide, "Requesting a table export": from 15 minutes to 24 hours).
const (
	shortestPeriod = 15 * time.Minute
	longestPeriod  = 24 * time.Hour
)

// checkExport checks what needs no table, and fills in the defaults. The words are the service's (DDB-EXPORT-003, 005, 008).
func checkExport(in *exportInput) error {
	if f := in.FilterSpecification; f != nil && f.empty() {
		return invalidRequest("Invalid FilterSpecification: The specification can not be empty")
	}
	if in.ExportFormat == "" {
		in.ExportFormat = "DYNAMODB_JSON"
	}
	if in.S3SseAlgorithm == "" {
		in.S3SseAlgorithm = "AES256"
	}
	if in.S3SseKmsKeyID != "" && in.S3SseAlgorithm != "KMS" {
		return invalidRequest("KMS Key Id is not supported for this encryption type")
	}
	period := in.IncrementalExportSpecification
	switch in.ExportType {
	case "":
		if period != nil {
			return invalidRequest("Export Type expected to be Incremental Export when incremental export specification is provided")
		}
		in.ExportType = fullExport
		return nil
	case fullExport:
		if period != nil {
			return invalidRequest("When Export Type is Full Export , Incremental Export Specification should not be provided")
		}
		return nil
	}
	switch {
	case period == nil:
		return invalidRequest("Incremental Export Specification expected when export type is set as Incremental Export")
	case period.ExportFromTime.IsZero():
		return invalidRequest("ExportFromTime must be provided in IncrementalExportSpecification")
	}
	if period.ExportViewType == "" {
		period.ExportViewType = "NEW_AND_OLD_IMAGES"
	}
	return nil
}

// invalidRequest is a ValidationException as the systems beside the tables word it.
func invalidRequest(message string) *apiError { return validation("Invalid Request: " + message) }

// exportedTable finds the table of an export, which is named by its ARN alone. Of a Region it says nothing, and one that is not there is named by the
// whole ARN (DDB-EXPORT-001 and 002).
func (c *call) exportedTable(arn string) (*catalog.Table, error) {
	if arn == "" {
		return nil, validation("Invalid TableArn: Invalid Table ARN") // DDB-TABLE-457
	}
	if !strings.HasPrefix(arn, "arn:") {
		return nil, invalidParameter("tableArn is not a valid ARN")
	}
	p, ok := parseARN(arn)
	switch {
	case !ok || p.rest != "":
		return nil, invalidRequest("Table ARN is invalid.")
	case c.foreign(p.account):
		return nil, errDenied()
	}
	if p.region == c.region {
		t, err := c.backupTable(p.table)
		if err == nil {
			return t, nil
		}
		if api, ok := errors.AsType[*apiError](err); !ok || api.Type != "TableNotFoundException" {
			return nil, err
		}
	}
	return nil, errNoBackupTable(arn)
}

// exportTimes settles the time or the period of an export and checks that it is within the window of recovery.
func (c *call) exportTimes(t *catalog.Table, j *exportJob) error {
	now := c.now.UTC()
	if !j.incremental() {
		r, err := recoverable(t)
		if err == nil {
			j.At, err = c.exportTime(t, r, j.Request.ExportTime, now)
		}
		return err
	}
	period := *j.Request.IncrementalExportSpecification
	if period.ExportToTime.IsZero() {
		period.ExportToTime = now
	}
	from, to := period.ExportFromTime.UTC(), period.ExportToTime.UTC()
	switch length := to.Sub(from); {
	case from.Before(t.Created.Truncate(time.Second)):
		return errExportTime("Incremental export period from time cannot be less than the table creation time : " + seconds(from))
	case to.After(now):
		return errExportTime("Incremental export period to time cannot be greater than the current time : " + seconds(to))
	case length < shortestPeriod:
		return errExportTime("Difference between export period from time and export period to time is less than 15 minutes")
	case length > longestPeriod:
		return errExportTime("Difference between export period from time and export period to time is greater than 24 hours")
	}
	r, err := recoverable(t) // after the times, other than of a full export (DDB-EXPORT-001)
	if err != nil {
		return err
	}
	earliest, _ := c.e.window(r, now)
	if from.Before(earliest.Truncate(time.Second)) {
		return errNotRecoverable()
	}
	if from.Before(earliest) {
		from = earliest
	}
	j.From, j.At, period.ExportToTime = from, to, to
	j.Request.IncrementalExportSpecification = &period
	return nil
}

// exportTime checks the time of a full export; one that is not given is now. Some SDKs cut times to seconds, so the first second of the window counts
// as its beginning. Under a realistic life cycle the last minutes can be exported only by giving no time, as on the service.
func (c *call) exportTime(t *catalog.Table, r recovery, at, now time.Time) (time.Time, error) {
	if at.IsZero() {
		return now, nil
	}
	earliest, latest := c.e.window(r, now)
	switch {
	case at.After(now) || at.Before(t.Created.Truncate(time.Second)):
		return at, errExportTime("Export Time is invalid")
	case at.Before(earliest.Truncate(time.Second)) || at.After(latest):
		return at, errNotRecoverable()
	case at.Before(earliest):
		return earliest, nil
	}
	return at.UTC(), nil
}

// seconds formats a time as the messages about exports have it.
func seconds(at time.Time) string { return at.UTC().Format(time.RFC3339) }

func errExportTime(message string) error {
	return &apiError{Type: "InvalidExportTimeException", Message: message}
}

func errNotRecoverable() error {
	return errExportTime("Point in Time Recovery is not available for specified export time")
}
