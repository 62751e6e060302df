package engine

import (
	"context"
	"errors"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/bucket"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// runExport writes an export in the background. The state of the table is kept by a snapshot from now on.
func (e *Engine) runExport(c *call, j *exportJob, t *catalog.Table) {
	snapshot := e.store.Snapshot()
	e.work(c, func(ctx context.Context) {
		defer snapshot.Close()
		e.report("export", j.arn(), e.finishExport(ctx, snapshot, j, t))
	})
}

// finishExport writes the objects and then what became of the export.
func (e *Engine) finishExport(ctx context.Context, r storage.Reader, j *exportJob, t *catalog.Table) error {
	done := *j
	return exports.finish(e, &done, e.writeExport(ctx, r, &done, t), "S3AccessError")
}

// exporter writes one export.
type exporter struct {
	e    *Engine
	j    *exportJob
	t    *catalog.Table
	plan *exportPlan
	form exportForm
	out  *bucket.Export

	line, one, two []byte // memory for one line and its images
}

// leastBilled is what an incremental export is billed that reads less, in bytes (DDB-EXPORT-019).
const leastBilled = 10_000_000

// writeExport writes the objects of an export in the layout of the service.
func (e *Engine) writeExport(ctx context.Context, r storage.Reader, j *exportJob, t *catalog.Table) error {
	filter, err := parseExportFilter(e.newInternalCall(ctx, "ExportTableToPointInTime", j.Ref), j.Filter)
	if err != nil {
		return err
	}
	x := &exporter{e: e, j: j, t: t, form: exportForms[j.Request.ExportFormat]}
	if x.plan, err = filter.plan(t); err != nil {
		return err
	}
	layout := bucket.Layout{Suffix: x.form.suffix, Shared: j.incremental()}
	if x.out, err = bucket.NewRoot(e.opts.S3Root).Create(j.Request.S3Bucket, j.Request.S3Prefix, j.Name, layout); err != nil {
		return err
	}
	if j.incremental() {
		err = x.changes(ctx, r)
	} else {
		err = x.rows(ctx, r)
	}
	if err != nil {
		return errors.Join(err, x.out.Abort())
	}
	if j.incremental() {
		j.Bytes = max(j.Bytes, leastBilled)
	}
	j.Items, j.Manifest = x.out.Items(), x.out.ManifestKey()
	return x.out.Finish(e.exportSummary(j))
}

// rows writes the rows of the table at the time of the export. When nothing was written since, they are the table's own;
// else they are those of a temporary copy with the later changes undone.
func (x *exporter) rows(ctx context.Context, r storage.Reader) error {
	changed, err := changedAfter(r, x.j.TableID, x.j.At)
	if err != nil {
		return err
	}
	if !changed {
		return eachRow(ctx, r, x.plan.span(x.j.TableID), x.row)
	}
	return x.e.temporary(func(id storage.SpaceID) error {
		if err := x.e.copyAt(ctx, r, &catalog.Table{Ref: x.j.Table, ID: x.j.TableID}, x.j.At, rowsOf(id)); err != nil {
			return err
		}
		return eachRow(ctx, x.e.store, x.plan.span(id), x.row)
	})
}

// row writes one row unless the filter leaves it out. What is read is what is billed.
func (x *exporter) row(_, row []byte) error {
	wire, size, err := splitRow(row)
	if err != nil {
		return err
	}
	x.j.Bytes += int64(size)
	if ok, err := x.plan.match(wire); err != nil || !ok {
		return err
	}
	if wire, err = x.plan.project(&x.one, wire); err != nil {
		return err
	}
	if x.line, err = x.form.item(x.line[:0], wire); err != nil {
		return err
	}
	return x.out.Add(x.line)
}

// temporary makes a space for the work of one job and removes it afterwards; so does the next Open after a crash.
func (e *Engine) temporary(work func(storage.SpaceID) error) error {
	id, err := e.catalog.NewSpace()
	if err != nil {
		return err
	}
	b := e.store.NewBatch()
	defer b.Close()
	catalog.DropSpaces(b, id)
	if err := b.Commit(); err != nil {
		return err
	}
	return errors.Join(work(id), e.catalog.Purge(id))
}

func (e *Engine) exportSummary(j *exportJob) bucket.Summary {
	optional := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	s := bucket.Summary{
		Version: "2020-06-30", ExportARN: j.arn(), StartTime: bucket.Time(j.Start), EndTime: bucket.Time(e.opts.Clock()),
		TableARN: j.tableARN(), TableID: j.TableUUID, S3Bucket: j.Request.S3Bucket,
		S3Prefix: optional(j.Request.S3Prefix), S3SSEAlgorithm: j.Request.S3SseAlgorithm,
		S3SSEKMSKeyID: optional(j.Request.S3SseKmsKeyID), BilledSizeBytes: j.Bytes, OutputFormat: j.Request.ExportFormat,
		ExportType: j.Request.ExportType,
	}
	if !j.incremental() {
		s.ExportTime = bucket.Time(j.At)
		return s
	}
	s.Version, s.ExportFromTime, s.ExportToTime = "2023-08-01", bucket.Time(j.From), bucket.Time(j.At)
	s.OutputView = j.Request.IncrementalExportSpecification.ExportViewType
	return s
}

// earliest is the first time the export needs the log of.
func (j *exportJob) earliest() time.Time {
	if j.incremental() {
		return j.From
	}
	return j.At
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
			reachable = r.Enabled && !j.earliest().Before(r.Since)
		}
		if !reachable || e.opts.S3Root == "" {
			j.fail(e.opts.Clock(), "Interrupted", errors.New("The export was cut short when the last process ended, and cannot be taken up again"))
			if err := putDoc(e, exports.Docs, j.Ref, j); err != nil {
				return err
			}
			continue
		}
		snapshot := e.store.Snapshot()
		e.job(func(ctx context.Context) {
			defer snapshot.Close()
			e.report("export", j.arn(), e.finishExport(ctx, snapshot, j, t))
		})
	}
	return nil
}
