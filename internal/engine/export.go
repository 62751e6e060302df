package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/bucket"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

var exportActions = map[string]action{
	"ExportTableToPointInTime": handle(exportTable),
	"DescribeExport":           handle(describeExport),
	"ListExports":              handle(listExports),
}

// States of exports and imports.
const (
	jobInProgress = "IN_PROGRESS"
	jobCompleted  = "COMPLETED"
	jobFailed     = "FAILED"
)

// tokenLife is how long a client token makes calls idempotent (API reference, ExportTableToPointInTime).
const tokenLife = 8 * time.Hour

// exportJob is what is kept of an export.
type exportJob struct {
	catalog.Ref        // Name is the id
	Status             string
	Start              time.Time
	End                time.Time `json:",omitzero"`
	At                 time.Time // ExportTime
	Table              catalog.Ref
	TableID            storage.SpaceID
	TableUUID          string
	Token, Fingerprint string // client token, and a digest of the parameters it came with
	Request            exportInput
	Manifest           string
	Items, Bytes       int64
	FailureCode        string
	FailureMessage     string
}

var exports = catalog.Docs[exportJob]{Kind: "export"}

func (j *exportJob) tableARN() string { return catalog.TableARN(j.Table.Region, j.Table.Name) }
func (j *exportJob) arn() string      { return j.tableARN() + "/export/" + j.Name }

type exportInput struct {
	TableArn                       string    `wire:"TableArn,required,min=1,max=1024"`
	ExportTime                     time.Time `wire:"ExportTime" json:",omitzero"`
	ClientToken                    string    `wire:"ClientToken,pattern=^[^\\$]+$"`
	S3Bucket                       string    `wire:"S3Bucket,required,max=255,pattern=^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$"`
	S3BucketOwner                  string    `wire:"S3BucketOwner,pattern=[0-9]{12}"`
	S3Prefix                       string    `wire:"S3Prefix,max=1024"`
	S3SseAlgorithm                 string    `wire:"S3SseAlgorithm,enum=AES256|KMS"`
	S3SseKmsKeyID                  string    `wire:"S3SseKmsKeyId,min=1,max=2048"`
	ExportFormat                   string    `wire:"ExportFormat,enum=DYNAMODB_JSON|ION"`
	ExportType                     string    `wire:"ExportType,enum=FULL_EXPORT|INCREMENTAL_EXPORT"`
	IncrementalExportSpecification rawJSON   `wire:"IncrementalExportSpecification" json:"-"`
	FilterSpecification            rawJSON   `wire:"FilterSpecification" json:"-"`
}

type exportDescription struct {
	ExportArn       string    `wire:"ExportArn"`
	ExportStatus    string    `wire:"ExportStatus"`
	StartTime       time.Time `wire:"StartTime"`
	EndTime         time.Time `wire:"EndTime"`
	ExportManifest  string    `wire:"ExportManifest"`
	TableARN        string    `wire:"TableArn"`
	TableID         string    `wire:"TableId"`
	ExportTime      time.Time `wire:"ExportTime"`
	ClientToken     string    `wire:"ClientToken"`
	S3Bucket        string    `wire:"S3Bucket"`
	S3BucketOwner   string    `wire:"S3BucketOwner"`
	S3Prefix        string    `wire:"S3Prefix"`
	S3SseAlgorithm  string    `wire:"S3SseAlgorithm"`
	S3SseKmsKeyID   string    `wire:"S3SseKmsKeyId"`
	FailureCode     string    `wire:"FailureCode"`
	FailureMessage  string    `wire:"FailureMessage"`
	ExportFormat    string    `wire:"ExportFormat"`
	BilledSizeBytes *int64    `wire:"BilledSizeBytes"`
	ItemCount       *int64    `wire:"ItemCount"`
	ExportType      string    `wire:"ExportType"`
}

type exportOutput struct {
	ExportDescription *exportDescription `wire:"ExportDescription"`
}

func (j *exportJob) describe() *exportOutput {
	d := &exportDescription{
		ExportArn: j.arn(), ExportStatus: j.Status, StartTime: j.Start, EndTime: j.End, ExportManifest: j.Manifest,
		TableARN: j.tableARN(), TableID: j.TableUUID, ExportTime: j.At, ClientToken: j.Token, S3Bucket: j.Request.S3Bucket,
		S3BucketOwner: j.Request.S3BucketOwner, S3Prefix: j.Request.S3Prefix, S3SseAlgorithm: j.Request.S3SseAlgorithm,
		S3SseKmsKeyID: j.Request.S3SseKmsKeyID, FailureCode: j.FailureCode, FailureMessage: j.FailureMessage,
		ExportFormat: j.Request.ExportFormat, ExportType: j.Request.ExportType,
	}
	if j.Status == jobCompleted {
		d.ItemCount, d.BilledSizeBytes = &j.Items, &j.Bytes
	}
	return &exportOutput{d}
}

// checkExport refuses what this engine cannot export, by name, and fills in the defaults.
func checkExport(in *exportInput) error {
	if in.ExportFormat == "" {
		in.ExportFormat = "DYNAMODB_JSON"
	}
	if in.ExportType == "" {
		in.ExportType = "FULL_EXPORT"
	}
	if in.S3SseAlgorithm == "" {
		in.S3SseAlgorithm = "AES256"
	}
	switch {
	case in.ExportFormat == "ION":
		return validation("ExportFormat ION is not supported by this engine; it exports DYNAMODB_JSON")
	case in.ExportType == "INCREMENTAL_EXPORT" || in.IncrementalExportSpecification != nil:
		return validation("ExportType INCREMENTAL_EXPORT is not supported by this engine; it makes a FULL_EXPORT")
	case in.FilterSpecification != nil:
		return validation("FilterSpecification is not supported by this engine; it exports all items")
	case in.S3SseKmsKeyID != "" && in.S3SseAlgorithm != "KMS":
		return validation("S3SseKmsKeyId can only be specified when S3SseAlgorithm is KMS")
	}
	return nil
}

// exportTable writes the table, as it was at a time, into a bucket. The answer says IN_PROGRESS; the work goes on
// behind it.
func exportTable(c *call, in *exportInput) (*exportOutput, error) {
	if err := checkExport(in); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(in.TableArn, "arn:") {
		return nil, validation("Invalid TableArn: Invalid ResourceArn provided as input " + in.TableArn)
	}
	t, err := c.backupTable(in.TableArn)
	if err != nil {
		return nil, err
	}
	c.e.tend.jobs.Lock()
	defer c.e.tend.jobs.Unlock()
	if j, err := c.sameExport(in); j != nil || err != nil {
		return j, err
	}
	at, err := c.exportTime(t, in)
	if err != nil {
		return nil, err
	}
	root := bucket.NewRoot(c.e.opts.S3Root)
	if err := root.Configured(); err != nil {
		return nil, validation(err.Error())
	}
	j := &exportJob{
		Ref: c.ref(newLongID(c.now)), Status: jobInProgress, Start: c.now.UTC(), At: at, Table: t.Ref, TableID: t.ID,
		TableUUID: t.UUID, Token: in.ClientToken, Fingerprint: fingerprint(*in), Request: *in,
	}
	if err := putDoc(c.e, exports, j.Ref, j); err != nil {
		return nil, err
	}
	out := j.describe()
	c.e.runExport(c, j)
	return out, nil
}

// exportTime checks the time to export: within the window of recovery.
func (c *call) exportTime(t *catalog.Table, in *exportInput) (time.Time, error) {
	r, err := recoverable(t)
	if err != nil {
		return time.Time{}, err
	}
	now := c.e.opts.Clock().UTC()
	at := in.ExportTime
	if at.IsZero() {
		return now, nil
	}
	earliest, _ := c.e.window(r, now)
	if at.Before(earliest.Truncate(time.Second)) || at.After(now) {
		return at, &apiError{
			Type: "InvalidExportTimeException",
			Message: "The specified ExportTime is outside of the point in time recovery window of the table: it begins at " +
				bucket.Time(earliest) + " and ends now",
		}
	}
	if at.Before(earliest) {
		at = earliest
	}
	return at, nil
}

// sameExport finds the export that a request with the same client token began: the token makes calls idempotent, and
// refuses other parameters.
func (c *call) sameExport(in *exportInput) (*exportOutput, error) {
	if in.ClientToken == "" {
		return nil, nil
	}
	list, err := exports.List(c.e.store, c.ref(""))
	if err != nil {
		return nil, err
	}
	for _, j := range list {
		if j.Token != in.ClientToken || c.now.Sub(j.Start) > tokenLife {
			continue
		}
		if j.Fingerprint != fingerprint(*in) {
			return nil, &apiError{
				Type:    "ExportConflictException",
				Message: "There was a conflict when writing to the specified S3 bucket: an export with the same ClientToken and other parameters exists",
			}
		}
		return j.describe(), nil
	}
	return nil, nil
}

// fingerprint is a digest of the parameters of a request.
func fingerprint(in any) string {
	raw, err := json.Marshal(in)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
