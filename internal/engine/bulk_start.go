package engine

import (
	"context"
	"maps"
	"sync"

	"github.com/ddb-cli/ddb/internal/engine/bucket"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// checkBulk checks what needs no table, and fills in the defaults.
func checkBulk(in *bulkInput) error {
	if in.InputS3Configuration.InputCompressionType == "" {
		in.InputS3Configuration.InputCompressionType = string(bucket.None)
	}
	if in.PerformanceTier == "" {
		in.PerformanceTier = "STANDARD"
	}
	out := in.OutputS3Configuration
	switch {
	case out.S3Bucket == "":
		return validation("OutputS3Configuration must specify S3Bucket")
	case len(out.OutputType) == 0:
		return validation("OutputS3Configuration must specify at least one OutputType")
	case out.S3SseAlgorithm == "KMS" && out.S3SseKmsKeyID == "":
		return validation("S3SseKmsKeyId must be specified when S3SseAlgorithm is KMS")
	case out.S3SseAlgorithm != "KMS" && out.S3SseKmsKeyID != "":
		return validation("S3SseKmsKeyId can only be specified when S3SseAlgorithm is KMS")
	}
	return nil
}

// bulkReady refuses a table in a state that does not go with bulk writes: ACTIVE does, and UPDATING unless an index is
// being built (developer guide, "Bulk put items considerations").
func bulkReady(t *catalog.Table) error {
	if t.Status != catalog.Active && t.Status != catalog.Updating {
		return errInUse("Attempt to change a resource which is still in use: Table " + t.Name + " has status " + string(t.Status))
	}
	if t.Replication != nil {
		return validation("Bulk put items does not support global tables: " + t.Name)
	}
	for _, x := range t.Indexes {
		if x.Status == catalog.Creating || x.Backfilling {
			return errInUse("Attempt to change a resource which is still in use: Index " + x.Name + " of table " + t.Name + " is being created")
		}
	}
	return nil
}

// startBulkPutItems puts the items of the objects of a bucket into a table that is there. The answer says IN_PROGRESS;
// the work goes on behind it.
func startBulkPutItems(c *call, in *bulkInput) (*bulkOutput, error) {
	print := fingerprint(in)
	if err := checkBulk(in); err != nil {
		return nil, err
	}
	c.e.tend.jobs.Lock()
	defer c.e.tend.jobs.Unlock()
	if j, err := bulks.same(c, in.ClientToken, print, ""); err != nil {
		return nil, err
	} else if j != nil {
		return c.e.jobs.present(j).describe(), nil
	}
	t, err := c.anyTable(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := bulkReady(t); err != nil {
		return nil, err
	}
	if err := c.needsRoot(); err != nil {
		return nil, err
	}
	j := &bulkJob{jobHead: c.newJob(t, in.ClientToken, print), Request: *in}
	if err := putDoc(c.e, bulks.Docs, j.Ref, j); err != nil {
		return nil, err
	}
	out := j.describe()
	e := c.e // the call is gone when the work goes on behind its answer
	run := e.jobs.begin(j)
	e.work(c, func(ctx context.Context) { e.report("bulk operation", j.arn(), e.runBulk(ctx, run, t)) })
	return out, nil
}

// bulkRun is a bulk operation under way: its counts as they grow, and the way to stop it.
type bulkRun struct {
	mu   sync.Mutex
	job  bulkJob
	stop chan struct{} // closed when it is cancelled
}

// update changes what is told of the operation.
func (r *bulkRun) update(change func(*bulkJob)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.job)
}

// present is the operation as it is now.
func (r *bulkRun) present() *bulkJob {
	r.mu.Lock()
	defer r.mu.Unlock()
	j := r.job
	j.Usage.Local, j.Usage.Global, j.Usage.Vectors = maps.Clone(j.Usage.Local), maps.Clone(j.Usage.Global), maps.Clone(j.Usage.Vectors)
	return &j
}

// begin adds a bulk operation to those under way.
func (j *jobs) begin(job *bulkJob) *bulkRun {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.bulk == nil {
		j.bulk = map[catalog.Ref]*bulkRun{}
	}
	run := &bulkRun{job: *job, stop: make(chan struct{})}
	j.bulk[job.Ref] = run
	return run
}

// bulkOf finds a bulk operation under way; nil when it has ended.
func (j *jobs) bulkOf(id catalog.Ref) *bulkRun {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.bulk[id]
}

// present is a kept bulk operation with the counts of this moment.
func (j *jobs) present(job *bulkJob) *bulkJob {
	if run := j.bulkOf(job.Ref); run != nil {
		return run.present()
	}
	return job
}

// bulkOn reports whether a bulk operation on a table is under way.
func (j *jobs) bulkOn(t *catalog.Table) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, run := range j.bulk {
		if run.job.TableUUID == t.UUID {
			return true
		}
	}
	return false
}

// end takes a bulk operation from those under way.
func (j *jobs) end(id catalog.Ref) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.bulk, id)
}
