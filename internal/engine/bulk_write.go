package engine

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/bucket"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// bulkBatch is how many items are committed together: enough to make the commit cheap, few enough that other writers wait
// for no more than an instant.
const bulkBatch = 64

// flush writes the pending items. Those of one batch are written together while none has a condition and no two have the
// same key; else, and when a batch is refused, one by one in their order.
func (p *putter) flush(ctx context.Context) error {
	puts := p.pending
	p.pending = p.pending[:0]
	if len(puts) == 0 {
		return nil
	}
	p.c.scratch = p.c.scratch[:0]
	if separate(puts) {
		ws := make([]*write, len(puts))
		for i := range puts {
			ws[i] = puts[i].prepare()
		}
		if err := p.e.mutateWith(p.c, nil, ws...); err == nil {
			for i := range puts {
				p.written(&puts[i])
			}
			return p.pace(ctx)
		}
	}
	for i := range puts {
		if err := p.putOne(&puts[i]); err != nil {
			return err
		}
	}
	return p.pace(ctx)
}

// separate reports whether the items can be written in one batch.
func separate(puts []bulkPut) bool {
	seen := make(map[string]struct{}, len(puts))
	for i := range puts {
		if puts[i].guard.condition != nil {
			return false
		}
		seen[string(puts[i].w.key.row)] = struct{}{}
	}
	return len(seen) == len(puts)
}

// prepare makes the write of an item, afresh for each attempt.
func (b *bulkPut) prepare() *write {
	b.w = write{table: b.w.table, key: b.w.key, paced: true, change: func(w *write) (*Image, error) { return &b.image, b.guard.check(w.old) }}
	return &b.w
}

// putOne writes one item. A refusal of the item is reported; any other error ends the operation.
func (p *putter) putOne(b *bulkPut) error {
	p.c.scratch = p.c.scratch[:0]
	err := p.e.mutateWith(p.c, nil, b.prepare())
	if err == nil {
		p.written(b)
		return nil
	}
	switch api := asAPIError(err); api.Type {
	case "ConditionalCheckFailedException":
		return p.unmet(b, api.Item)
	case "ValidationException", "ItemCollectionSizeLimitExceededException":
		return p.failed(b.object, b.number, err, b.image.Wire)
	case "ResourceNotFoundException":
		return &jobError{"ResourceNotFoundException", "The table is gone: " + p.t.Name}
	}
	return err
}

// written counts what a write took.
func (p *putter) written(b *bulkPut) {
	p.units += b.w.cost.table
	p.run.update(func(j *bulkJob) {
		j.Processed++
		j.Usage.Table += int64(b.image.Size)
		for _, x := range b.w.cost.indexes {
			j.Usage.add(x.index, int64(indexEntry(b.w.table, x.index, &b.image).size))
		}
	})
}

func (u *bulkUsage) add(x *catalog.Index, bytes int64) {
	arm := &u.Global
	switch {
	case x.Vector != nil:
		arm = &u.Vectors
	case x.Local:
		arm = &u.Local
	}
	if *arm == nil {
		*arm = map[string]int64{}
	}
	(*arm)[x.Name] += bytes
}

// pace waits until the units taken fit the rate the operation may have.
func (p *putter) pace(ctx context.Context) error {
	limit := p.run.job.Request.MaxWriteRequestUnits
	if limit == nil {
		return nil
	}
	due := p.start.Add(time.Duration(p.units / float64(*limit) * float64(time.Second)))
	wait := time.Until(due)
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-p.run.stop:
		return errStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// failed counts a record that is no item of the table, and reports it when reports of errors were asked for.
func (p *putter) failed(object string, number int64, err error, text []byte) error {
	p.run.update(func(j *bulkJob) { j.Processed, j.Failed = j.Processed+1, j.Failed+1 })
	if !p.reports(reportErrors) {
		return nil
	}
	api := asAPIError(err)
	code := api.Type
	if api.Status >= 500 { // not a refusal: what the reader of the object says
		code, api = "ParseError", &apiError{Message: err.Error()}
	}
	p.begin(object, number)
	p.line = jsonscan.AppendQuoted(append(p.line, `,"ErrorCode":`...), code)
	p.line = jsonscan.AppendQuoted(append(p.line, `,"ErrorMessage":`...), api.Message)
	if text != nil {
		p.line = jsonscan.AppendQuoted(append(p.line, `,"Record":`...), text)
	}
	return p.addLine("error")
}

// addLine ends the line of a report. That it cannot be written ends the operation.
func (p *putter) addLine(kind string) error {
	if err := p.report.Add(kind, append(p.line, '}')); err != nil {
		return &jobError{"S3AccessError", err.Error()}
	}
	return nil
}

// unmet reports an item whose condition did not hold, with the one that is there.
func (p *putter) unmet(b *bulkPut, existing []byte) error {
	p.run.update(func(j *bulkJob) { j.Processed++ })
	if !p.reports(reportConditions) {
		return nil
	}
	p.begin(b.object, b.number)
	p.line = append(append(p.line, `,"Item":`...), b.image.Wire...)
	if existing != nil {
		p.line = append(append(p.line, `,"ExistingItem":`...), existing...)
	}
	return p.addLine("condition-check-failure")
}

func (p *putter) reports(kind string) bool {
	return slices.Contains(p.run.job.Request.OutputS3Configuration.OutputType, kind)
}

// begin starts a line of a report with where its record stands.
func (p *putter) begin(object string, number int64) {
	p.line = jsonscan.AppendQuoted(append(p.line[:0], `{"S3Key":`...), object)
	p.line = strconv.AppendInt(append(p.line, `,"RecordNumber":`...), number, 10)
}

// bulkManifest is manifest-summary.json of the report of a bulk operation.
type bulkManifest struct {
	BulkOperationARN    string `json:"bulkOperationArn"`
	BulkOperationStatus string `json:"bulkOperationStatus"`
	TableARN            string `json:"tableArn"`
	TableID             string `json:"tableId"`
	StartTime           string `json:"startTime"`
	EndTime             string `json:"endTime"`
	ProcessedItemCount  int64  `json:"processedItemCount"`
	FailedItemCount     int64  `json:"failedItemCount"`
}

func (j *bulkJob) summary() bulkManifest {
	return bulkManifest{
		j.arn(), j.Status, j.tableARN(), j.TableUUID, bucket.Time(j.Start), bucket.Time(j.End), j.Processed, j.Failed,
	}
}
