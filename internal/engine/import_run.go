package engine

import (
	"context"
	"errors"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/bucket"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// runImport fills a pending table in the background.
func (e *Engine) runImport(c *call, j *importJob, t *catalog.Table) {
	e.work(c, func(ctx context.Context) { e.report("import", j.arn(), e.finishImport(ctx, j, t)) })
}

// finishImport reads the objects, builds the indexes and writes down what became of the import. One cut short by Close
// stays as it is, for the next process; one that fails leaves no table.
func (e *Engine) finishImport(ctx context.Context, j *importJob, t *catalog.Table) error {
	done := *j
	done.Processed, done.Imported, done.Errors, done.ProcessedBytes = 0, 0, 0, 0
	err := e.readObjects(ctx, &done, t)
	if err == nil {
		err = e.activate(ctx, t, func(_ *catalog.Table, b *storage.Batch) error {
			done.Status, done.End = jobCompleted, e.opts.Clock().UTC()
			return imports.Put(b, j.Ref, &done)
		})
	}
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	done.Status, done.End, done.FailureMessage = jobFailed, e.opts.Clock().UTC(), err.Error()
	var f *importError
	if done.FailureCode = "InternalError"; errors.As(err, &f) {
		done.FailureCode = f.code
	}
	return errors.Join(err, e.dropPending(t), putDoc(e, imports, j.Ref, &done))
}

// importError is a reason for an import to fail as a whole.
type importError struct{ code, message string }

func (f *importError) Error() string { return f.message }

// readObjects imports every object below the prefix, in the order of their keys. Of items with the same key the last
// one stays.
func (e *Engine) readObjects(ctx context.Context, j *importJob, t *catalog.Table) error {
	source := j.Request.S3BucketSource
	objects, err := bucket.NewRoot(e.opts.S3Root).Objects(source.S3Bucket, source.S3KeyPrefix)
	switch {
	case errors.Is(err, bucket.ErrNoBucket):
		return &importError{"S3NoSuchBucket", err.Error()}
	case err != nil:
		return &importError{"S3AccessError", err.Error()}
	case len(objects) == 0:
		return &importError{"S3NoSuchKey", "no object of bucket " + source.S3Bucket + " has a key that begins with " + source.S3KeyPrefix}
	}
	// The catalogue's own copy knows what each index stores.
	if t = e.catalog.Table(t.Ref); t == nil {
		return catalog.ErrNotFound
	}
	l := &loader{e: e, j: j, t: t, w: bulkWriter{s: e.store}}
	defer l.w.close()
	for _, o := range objects {
		err := o.Lines(bucket.Compression(j.Request.InputCompressionType), func(line []byte) error {
			if j.Processed%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			return l.line(o.Key, line)
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if store, ok := errors.AsType[storeError](err); ok {
			return store.error
		}
		if err != nil {
			// The object itself cannot be read: not compressed as said, a line without end.
			l.bad(o.Key, err)
		}
	}
	return l.w.flush(true)
}

// loader imports lines into one table.
type loader struct {
	e       *Engine
	j       *importJob
	t       *catalog.Table
	w       bulkWriter
	scratch []byte
}

// storeError is an error of the store, which ends the import, among those of lines, which are counted.
type storeError struct{ error }

// maxLoggedErrors is how many bad lines of one import are logged.
const maxLoggedErrors = 10

func (l *loader) bad(object string, err error) {
	if l.j.Errors++; l.j.Errors <= maxLoggedErrors {
		l.e.opts.Logger.Warn("an item was not imported", "import", l.j.arn(), "object", object, "line", l.j.Processed, "error", err)
	}
}

// line imports one line: {"Item": {…}} with the attribute values of DynamoDB JSON.
func (l *loader) line(object string, line []byte) error {
	l.j.Processed++
	l.j.ProcessedBytes += int64(len(line)) + 1
	im, err := l.item(line)
	if err != nil {
		l.bad(object, err)
		return nil
	}
	key, scratch, err := itemKeyOf(l.t, im, l.scratch)
	if l.scratch = scratch; err == nil {
		err = checkIndexKeys(l.t, im, false)
	}
	if err != nil {
		l.bad(object, err)
		return nil
	}
	setRow(l.w.batch(), key.row, im.Wire, im.Size)
	l.j.Imported++
	if err := l.w.flush(false); err != nil {
		return storeError{err}
	}
	return nil
}

// item reads the item of a line into the loader's memory, which the next line uses again.
func (l *loader) item(line []byte) (*Image, error) {
	s := jsonscan.New(line)
	if s.Kind() != jsonscan.Object || !s.Open() {
		return nil, errors.New("the line is not a JSON object")
	}
	im := &Image{}
	for {
		name, ok := s.Key()
		if !ok {
			break
		}
		if string(name) != "Item" {
			if !s.Skip() {
				break
			}
			continue
		}
		wire, size, err := attr.Canonical(l.scratch[:0], &s)
		if l.scratch = wire; err != nil {
			return nil, err
		}
		im.Wire, im.Size = wire, size
	}
	switch {
	case s.Err() != nil:
		return nil, s.Err()
	case !s.End():
		return nil, errors.New("the line goes on after its JSON object")
	case im.Wire == nil:
		return nil, errors.New(`the line has no "Item"`)
	case im.Size > attr.MaxItemSize:
		return nil, validation("Item size has exceeded the maximum allowed size")
	}
	return im, nil
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
			j.Status, j.End, j.FailureCode = jobFailed, e.opts.Clock().UTC(), "Interrupted"
			j.FailureMessage = "The import was cut short when the last process ended, and its table is gone"
			if err := putDoc(e, imports, j.Ref, j); err != nil {
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
