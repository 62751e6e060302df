package engine

import (
	"errors"
	"time"
)

type bulkArnInput struct {
	BulkOperationArn string `wire:"BulkOperationArn,required,min=37,max=1024"`
}

func describeBulkOperation(c *call, in *bulkArnInput) (*bulkOutput, error) {
	j, err := bulks.find(c, in.BulkOperationArn)
	if err != nil {
		return nil, err
	}
	return c.e.jobs.present(j).describe(), nil
}

type listBulkInput struct {
	MaxResults *int64 `wire:"MaxResults,min=1,max=25"`
	NextToken  string `wire:"NextToken,min=1,max=1024,pattern=([0-9a-f]{16})+"`
}

type bulkSummary struct {
	BulkOperationArn    string    `wire:"BulkOperationArn"`
	BulkOperationStatus string    `wire:"BulkOperationStatus"`
	StartTime           time.Time `wire:"StartTime"`
	EndTime             time.Time `wire:"EndTime"`
}

type listBulkOutput struct {
	BulkOperationsSummaryList []bulkSummary `wire:"BulkOperationsSummaryList,keep"`
	NextToken                 string        `wire:"NextToken"`
}

func listBulkOperations(c *call, in *listBulkInput) (*listBulkOutput, error) {
	list, next, err := bulks.page(c, in.NextToken, pageOf(in.MaxResults), nil)
	if err != nil {
		return nil, err
	}
	out := &listBulkOutput{BulkOperationsSummaryList: []bulkSummary{}, NextToken: next}
	for _, j := range list {
		j = c.e.jobs.present(j)
		out.BulkOperationsSummaryList = append(out.BulkOperationsSummaryList, bulkSummary{j.arn(), j.Status, j.Start, j.End})
	}
	return out, nil
}

type cancelBulkOutput struct {
	BulkOperationArn    string `wire:"BulkOperationArn"`
	BulkOperationStatus string `wire:"BulkOperationStatus"`
}

// cancelBulkOperation asks an operation to stop. What it has written stays.
func cancelBulkOperation(c *call, in *bulkArnInput) (*cancelBulkOutput, error) {
	j, err := bulks.find(c, in.BulkOperationArn)
	if err != nil {
		return nil, err
	}
	run := c.e.jobs.bulkOf(j.Ref)
	if run == nil {
		return nil, errBulkEnded(in.BulkOperationArn)
	}
	if err := run.cancel(c.e); err != nil {
		return nil, err
	}
	return &cancelBulkOutput{j.arn(), jobCancelling}, nil
}

func errBulkEnded(arn string) error {
	return validation("The bulk operation is not in progress: " + arn)
}

// cancel tells the operation to stop, and keeps that it was told so.
func (r *bulkRun) cancel(e *Engine) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch r.job.Status {
	case jobCancelling:
		return nil
	case jobInProgress:
		r.job.Status = jobCancelling
		close(r.stop)
		return putDoc(e, bulks.Docs, r.job.Ref, &r.job)
	}
	return errBulkEnded(r.job.arn())
}

// resumeBulks ends the bulk operations that were cut short when the last process ended. They are not begun again, for
// the items they have written would fail the conditions of their own records.
func (e *Engine) resumeBulks() error {
	list, err := bulks.All(e.store)
	if err != nil {
		return err
	}
	for _, j := range list {
		if j.ended() {
			continue
		}
		cancelled := j.Status == jobCancelling
		j.fail(e.opts.Clock(), "Interrupted", errors.New("The bulk operation was cut short when the last process ended; some items may have been written"))
		if cancelled {
			j.Status = jobCancelled
		}
		if err := putDoc(e, bulks.Docs, j.Ref, j); err != nil {
			return err
		}
	}
	return nil
}
