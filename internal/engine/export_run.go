package engine

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/bucket"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// runExport writes an export in the background. The state of the table is kept by a snapshot from now on.
func (e *Engine) runExport(c *call, j *exportJob) {
	snapshot := e.store.Snapshot()
	e.work(c, func(ctx context.Context) {
		defer snapshot.Close()
		e.report("export", j.arn(), e.finishExport(ctx, snapshot, j))
	})
}

// finishExport writes the objects and then what became of the export. One cut short by Close stays as it is, for the
// next process.
func (e *Engine) finishExport(ctx context.Context, r storage.Reader, j *exportJob) error {
	done := *j
	err := e.writeExport(ctx, r, &done)
	if errors.Is(err, context.Canceled) {
		return err
	}
	done.Status, done.End = jobCompleted, e.opts.Clock().UTC()
	if err != nil {
		done.Status, done.FailureCode, done.FailureMessage = jobFailed, "S3AccessError", err.Error()
	}
	return errors.Join(err, putDoc(e, exports, j.Ref, &done))
}

// writeExport writes the rows of the table at the time of the export, in the layout of the service.
func (e *Engine) writeExport(ctx context.Context, r storage.Reader, j *exportJob) error {
	root := bucket.NewRoot(e.opts.S3Root)
	x, err := root.Create(j.Request.S3Bucket, j.Request.S3Prefix, j.Name)
	if err != nil {
		return err
	}
	sp, release, err := e.rowsAt(ctx, r, j)
	if err != nil {
		return errors.Join(err, x.Abort())
	}
	defer release()
	reader := r
	if sp.temporary {
		reader = e.store
	}
	var line []byte
	err = eachRow(ctx, reader, sp.Span, func(_, row []byte) error {
		wire, size, err := splitRow(row)
		if err != nil {
			return err
		}
		j.Bytes += int64(size)
		line = append(append(append(line[:0], `{"Item":`...), wire...), '}')
		return x.Add(line)
	})
	if err != nil {
		return errors.Join(err, x.Abort())
	}
	j.Items, j.Manifest = x.Items(), x.ManifestKey()
	return x.Finish(e.exportSummary(j))
}

func (e *Engine) exportSummary(j *exportJob) bucket.Summary {
	optional := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	return bucket.Summary{
		Version: "2020-06-30", ExportARN: j.arn(), StartTime: bucket.Time(j.Start), EndTime: bucket.Time(e.opts.Clock()),
		TableARN: j.tableARN(), TableID: j.TableUUID, ExportTime: bucket.Time(j.At), S3Bucket: j.Request.S3Bucket,
		S3Prefix: optional(j.Request.S3Prefix), S3SSEAlgorithm: j.Request.S3SseAlgorithm,
		S3SSEKMSKeyID: optional(j.Request.S3SseKmsKeyID), BilledSizeBytes: j.Bytes, OutputFormat: j.Request.ExportFormat,
		ExportType: j.Request.ExportType,
	}
}

// rowSpan is where the rows to export lie: in the table, or in a temporary copy of it.
type rowSpan struct {
	storage.Span
	temporary bool
}

// rowsAt finds the rows of a table as they were at the time of an export. When nothing was written since, they are the
// table's own; else a temporary copy is made with the later changes undone. release removes it; so does the next Open
// after a crash.
func (e *Engine) rowsAt(ctx context.Context, r storage.Reader, j *exportJob) (rowSpan, func(), error) {
	keep := func() {}
	changed, err := changedAfter(r, j.TableID, j.At)
	if err != nil || !changed {
		return rowSpan{Span: storage.RowSpan(j.TableID)}, keep, err
	}
	id, err := e.catalog.NewSpace()
	if err != nil {
		return rowSpan{}, keep, err
	}
	b := e.store.NewBatch()
	defer b.Close()
	catalog.DropSpaces(b, id)
	if err := b.Commit(); err != nil {
		return rowSpan{}, keep, err
	}
	release := func() { e.report("removing a temporary copy", j.arn(), e.catalog.Purge(id)) }
	if _, err := e.copyAt(ctx, r, &catalog.Table{Ref: j.Table, ID: j.TableID}, j.At, rowsOf(id)); err != nil {
		release()
		return rowSpan{}, keep, err
	}
	return rowSpan{storage.RowSpan(id), true}, release, nil
}

// resumeExports begins unfinished exports again. One whose table is gone, or whose time its log no longer reaches, has
// failed.
func (e *Engine) resumeExports() error {
	list, err := exports.All(e.store)
	if err != nil {
		return err
	}
	for _, j := range list {
		if j.Status != jobInProgress {
			continue
		}
		t := e.catalog.Table(j.Table)
		reachable := t != nil && t.ID == j.TableID
		if reachable {
			r, err := recoveryOf(t)
			if err != nil {
				return err
			}
			reachable = r.Enabled && !j.At.Before(r.Since)
		}
		if !reachable || e.opts.S3Root == "" {
			j.Status, j.End, j.FailureCode = jobFailed, e.opts.Clock().UTC(), "Interrupted"
			j.FailureMessage = "The export was cut short when the last process ended, and cannot be taken up again"
			if err := putDoc(e, exports, j.Ref, j); err != nil {
				return err
			}
			continue
		}
		snapshot := e.store.Snapshot()
		e.job(func(ctx context.Context) {
			defer snapshot.Close()
			e.report("export", j.arn(), e.finishExport(ctx, snapshot, j))
		})
	}
	return nil
}

type describeExportInput struct {
	ExportArn string `wire:"ExportArn,required,min=37,max=1024"`
}

func describeExport(c *call, in *describeExportInput) (*exportOutput, error) {
	p, ok := parseARN(in.ExportArn)
	id, isExport := strings.CutPrefix(p.rest, "export/")
	if !ok || !isExport {
		return nil, validation("Invalid ExportArn: Invalid ResourceArn provided as input " + in.ExportArn)
	}
	var j *exportJob
	if p.region == c.region {
		var err error
		if j, err = exports.Get(c.e.store, c.ref(id)); err != nil {
			return nil, err
		}
	}
	if j == nil || j.Table.Name != p.table {
		return nil, &apiError{Type: "ExportNotFoundException", Message: "Export not found: " + in.ExportArn}
	}
	return j.describe(), nil
}

type listExportsInput struct {
	TableArn   string `wire:"TableArn,min=1,max=1024"`
	MaxResults *int64 `wire:"MaxResults,min=1,max=25"`
	NextToken  string `wire:"NextToken"`
}

type exportSummary struct {
	ExportArn    string `wire:"ExportArn"`
	ExportStatus string `wire:"ExportStatus"`
	ExportType   string `wire:"ExportType"`
}

type listExportsOutput struct {
	ExportSummaries []exportSummary `wire:"ExportSummaries,keep"`
	NextToken       string          `wire:"NextToken"`
}

// jobHistory is how long finished exports and imports are listed (API reference: the last 90 days).
const jobHistory = 90 * 24 * time.Hour

// maxJobPage is the most exports or imports one answer lists.
const maxJobPage = 25

func listExports(c *call, in *listExportsInput) (*listExportsOutput, error) {
	name, err := c.tableName(in.TableArn)
	if err != nil {
		return nil, err
	}
	after, err := readJobToken(in.NextToken)
	if err != nil {
		return nil, err
	}
	list, err := exports.List(c.e.store, c.ref(""))
	if err != nil {
		return nil, err
	}
	out := &listExportsOutput{ExportSummaries: []exportSummary{}}
	for i, j := range list {
		if j.Name <= after || name != "" && j.Table.Name != name || c.now.Sub(j.Start) > jobHistory {
			continue
		}
		if len(out.ExportSummaries) == pageOf(in.MaxResults) {
			out.NextToken = jobToken(list[i-1].Name)
			break
		}
		out.ExportSummaries = append(out.ExportSummaries, exportSummary{j.arn(), j.Status, j.Request.ExportType})
	}
	return out, nil
}
