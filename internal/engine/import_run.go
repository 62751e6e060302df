package engine

import (
	"context"
	"errors"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/bucket"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// runImport fills a pending table in the background.
func (e *Engine) runImport(c *call, j *importJob, t *catalog.Table) {
	e.work(c, func(ctx context.Context) { e.report("import", j.arn(), e.finishImport(ctx, j, t)) })
}

// finishImport reads the objects, builds the indexes and writes down what became of the import. Records that cannot be imported make it FAILED, and its
// table stays with the others (DDB-IMPORT-013). One cut short by Close stays as it is, for the next process; one that cannot go on leaves no table.
func (e *Engine) finishImport(ctx context.Context, j *importJob, t *catalog.Table) error {
	done := *j
	done.Processed, done.Imported, done.Errors, done.ProcessedBytes = 0, 0, 0, 0
	err := e.readObjects(ctx, &done, t)
	if err == nil {
		err = e.activate(ctx, t, func(t *catalog.Table, b *storage.Batch) error {
			done.Status, done.End = jobCompleted, e.opts.Clock().UTC()
			if !t.Due.IsZero() {
				done.End = t.Due.UTC()
			}
			if t.OnDemand { // an imported table gets its billing mode with its items (recorded by cloud-custodian, 2026)
				t.LastOnDemand = done.End
			}
			if done.Errors > 0 {
				done.fail(done.End, "ItemValidationError",
					errors.New("Some of the items failed validation checks and were not imported. Please check CloudWatch error logs for more details."))
			}
			return imports.Put(b, j.Ref, &done)
		})
	}
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return errors.Join(e.whileFull(func() error { return e.dropPending(t) }), imports.finish(e, &done, err, "InternalError"))
}

// sourceObjects lists the objects below a prefix, in the order of their keys; there may be none.
func (e *Engine) sourceObjects(source *importSource) ([]bucket.Object, error) {
	objects, err := bucket.NewRoot(e.opts.S3Root).Objects(source.S3Bucket, source.S3KeyPrefix)
	switch {
	case errors.Is(err, bucket.ErrNoBucket):
		// It begins as the service's does, which goes on with the answer of S3 (developer guide, "Validating an import").
		return nil, &jobError{"S3NoSuchBucket", strings.Replace(err.Error(), "the specified", "The specified", 1)}
	case err != nil:
		return nil, &jobError{"S3AccessError", err.Error()}
	}
	return objects, nil
}

// readObjects imports every object below the prefix. Of items with the same key the last one stays.
func (e *Engine) readObjects(ctx context.Context, j *importJob, t *catalog.Table) error {
	objects, err := e.sourceObjects(j.Request.S3BucketSource)
	if err != nil {
		return err
	}
	// The catalogue's own copy knows what each index stores.
	if t = e.catalog.Table(t.Ref); t == nil {
		return catalog.ErrNotFound
	}
	l := &loader{e: e, j: j, t: t, w: bulkWriter{s: e.store}}
	defer l.w.close()
	form := recordForm{format: j.Request.InputFormat, compression: bucket.Compression(j.Request.InputCompressionType), typed: t.Attributes}
	if o := j.Request.InputFormatOptions; o != nil && o.Csv != nil {
		form.csv = *o.Csv
	}
	for _, o := range objects {
		if o.Size == 0 { // whatever its compression is said to be
			continue
		}
		err := form.read(o, func(r *record, err error) error {
			if j.Processed%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			return l.record(o.Key, r, err)
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if store, ok := errors.AsType[storeError](err); ok {
			return store.error
		}
		if err != nil {
			// The object cannot be read, or not any further: not compressed as said, a line that is no JSON. The service counts it as one record.
			j.Processed++
			l.bad(o.Key, err)
		}
	}
	return l.w.finish()
}

// loader imports records into one table.
type loader struct {
	e       *Engine
	j       *importJob
	t       *catalog.Table
	w       bulkWriter
	scratch []byte
}

// storeError is an error of the store, which ends the import, among those of records, which are counted.
type storeError struct{ error }

// maxLoggedErrors is how many bad records of one import are logged.
const maxLoggedErrors = 10

func (l *loader) bad(object string, err error) {
	if l.j.Errors++; l.j.Errors <= maxLoggedErrors {
		l.e.opts.Logger.Warn("an item was not imported", "import", l.j.arn(), "object", object, "record", l.j.Processed, "error", err)
	}
}

// record imports one record, or counts the error it was read with. A line that cannot be read ends its object, as it does on the service.
func (l *loader) record(object string, r *record, err error) error {
	if _, ok := errors.AsType[brokenLine](err); ok {
		return err
	}
	l.j.Processed++
	l.j.ProcessedBytes += r.bytes
	var key itemKey
	if err == nil {
		key, l.scratch, err = itemKeyOf(l.t, &r.item, l.scratch[:0])
	}
	if err == nil {
		err = checkNewIndexKeys(l.t, &r.item)
	}
	if err != nil {
		l.bad(object, err)
		return nil
	}
	setRow(l.w.batch(), key.row, r.item.Wire, r.item.Size)
	l.j.Imported++
	if err := l.w.flush(); err != nil {
		return storeError{err}
	}
	return nil
}

// resumeImports begins unfinished imports again from the start.
func (e *Engine) resumeImports() error {
	list, err := imports.All(e.store)
	if err != nil {
		return err
	}
	for _, j := range list {
		if j.Status != jobInProgress {
			continue
		}
		t := e.catalog.Table(j.Table)
		if t == nil || t.UUID != j.TableUUID || t.Status != catalog.Creating {
			j.fail(e.opts.Clock(), "Interrupted", errors.New("The import was cut short when the last process ended, and its table is gone"))
			if err := putDoc(e, imports.Docs, j.Ref, j); err != nil {
				return err
			}
			continue
		}
		if err := e.clearTable(t); err != nil {
			return err
		}
		e.job(func(ctx context.Context) { e.report("import", j.arn(), e.finishImport(ctx, j, t)) })
	}
	return nil
}
