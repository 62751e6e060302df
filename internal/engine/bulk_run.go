package engine

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/bucket"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// maxBulkObjects is how many objects one operation may read (developer guide, "Best practices for bulk put items").
const maxBulkObjects = 50_000

// errStopped says that an operation was cancelled.
var errStopped = errors.New("the bulk operation was cancelled")

// runBulk carries out a bulk operation and writes down how it ended. One that Close cuts short stays as it is, for the
// next process.
func (e *Engine) runBulk(ctx context.Context, run *bulkRun, t *catalog.Table) error {
	defer e.jobs.end(run.job.Ref)
	p := &putter{e: e, run: run, t: t, c: e.newInternalCall(ctx, "StartBulkPutItems", t.Ref), start: time.Now()}
	out := run.job.Request.OutputS3Configuration
	p.report = bucket.NewRoot(e.opts.S3Root).Report(out.S3Bucket, out.S3KeyPrefix, run.job.Name)
	err := p.putObjects(ctx)
	if errors.Is(err, context.Canceled) {
		return errors.Join(err, p.report.Abort())
	}
	return p.finish(err)
}

// finish writes the report and the state the operation ended in.
func (p *putter) finish(err error) error {
	r := p.run
	r.mu.Lock()
	defer r.mu.Unlock()
	j := &r.job
	end := p.e.opts.Clock().UTC()
	final := *j
	switch {
	case errors.Is(err, errStopped) || err == nil && j.Status == jobCancelling:
		final.Status, final.End = jobCancelled, end
		final.FailureCode, final.FailureMessage = "OperationCancelled", "The bulk operation was cancelled; items it had written stay"
		err = nil
	case err != nil:
		final.fail(end, "InternalError", err)
	case j.Failed > 0:
		final.Status, final.End = jobErrors, end
	default:
		final.Status, final.End = jobCompleted, end
	}
	if rerr := p.report.Finish(final.summary()); rerr != nil && err == nil {
		err = rerr
		final.fail(end, "S3AccessError", rerr)
	}
	r.job = final
	return errors.Join(err, p.e.whileFull(func() error { return putDoc(p.e, bulks.Docs, final.Ref, &final) }))
}

// putter puts the records of one operation.
type putter struct {
	e       *Engine
	run     *bulkRun
	t       *catalog.Table
	c       *call
	report  *bucket.Report
	start   time.Time
	units   float64 // of capacity taken since start
	pending []bulkPut
	line    []byte
}

// bulkPut is one item to be written, and where it came from.
type bulkPut struct {
	object string
	number int64 // of the record in its object, from 1
	image  Image
	guard  guard
	w      write
}

func (p *putter) putObjects(ctx context.Context) error {
	in := p.run.job.Request.InputS3Configuration
	objects, err := p.e.sourceObjects(&importSource{S3Bucket: in.S3Bucket, S3KeyPrefix: in.S3KeyPrefix})
	if err != nil {
		return err
	}
	if len(objects) == 0 {
		return &jobError{"S3NoSuchKey", "no object of bucket " + in.S3Bucket + " has a key that begins with " + in.S3KeyPrefix}
	}
	if len(objects) > maxBulkObjects {
		return &jobError{"LimitExceeded", "A bulk operation reads at most " + strconv.Itoa(maxBulkObjects) + " objects; there are " + strconv.Itoa(len(objects))}
	}
	var total, read int64
	for _, o := range objects {
		total += o.Size
	}
	p.run.update(func(j *bulkJob) { j.TotalBytes, j.Listed = total, true })
	form := recordForm{format: in.InputFormat, compression: bucket.Compression(in.InputCompressionType)}
	for _, o := range objects {
		if err := p.putObject(ctx, &form, o); err != nil {
			return err
		}
		read += o.Size
		p.run.update(func(j *bulkJob) { j.InputBytes = read })
	}
	return nil
}

// putObject puts the records of one object. One that cannot be read on is reported, and the operation goes on with the
// next.
func (p *putter) putObject(ctx context.Context, form *recordForm, o bucket.Object) error {
	var number int64
	var stop error
	err := form.read(o, func(r *record, err error) error {
		number++
		if stop = p.stopped(ctx); stop != nil {
			return stop
		}
		if err == nil {
			err = p.take(o.Key, number, r)
		}
		if err != nil {
			if stop = p.failed(o.Key, number, err, r.text); stop != nil {
				return stop
			}
		}
		if len(p.pending) >= bulkBatch {
			stop = p.flush(ctx)
		}
		return stop
	})
	if stop != nil {
		return stop
	}
	if ferr := p.flush(ctx); ferr != nil {
		return ferr
	}
	if err != nil {
		return p.failed(o.Key, number+1, err, nil)
	}
	return nil
}

// stopped reports a cancellation by a request, or by the end of the process.
func (p *putter) stopped(ctx context.Context) error {
	select {
	case <-p.run.stop:
		return errStopped
	default:
		return ctx.Err()
	}
}

// take checks a record and keeps it for the next batch. The error says why it is no item of the table.
func (p *putter) take(object string, number int64, r *record) error {
	put := bulkPut{object: object, number: number, image: Image{Wire: slices.Clone(r.item.Wire), Size: r.item.Size}}
	var err error
	if r.condition.ReturnValuesOnConditionCheckFailure = "ALL_OLD"; r.conditional() {
		if put.guard, err = r.condition.guard(); err != nil {
			return err
		}
		if err := checkScalars(p.t, put.guard.condition); err != nil {
			return err
		}
	}
	var key itemKey
	if key, _, err = itemKeyOf(p.t, &put.image, nil); err != nil {
		return err
	}
	if err := checkNewIndexKeys(p.t, &put.image); err != nil {
		return err
	}
	put.w = write{table: p.t, key: key}
	p.pending = append(p.pending, put)
	return nil
}

// conditional reports whether the record has anything of a condition.
func (r *record) conditional() bool {
	c := &r.condition
	return c.ConditionExpression != nil || c.ExpressionAttributeNames != nil || c.ExpressionAttributeValues != nil
}
