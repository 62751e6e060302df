package wait

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/bulk"
	"github.com/ddb-cli/ddb/internal/ops/insights"
	"github.com/ddb-cli/ddb/internal/ops/kinesis"
	"github.com/ddb-cli/ddb/internal/ops/s3export"
	"github.com/ddb-cli/ddb/internal/ops/s3import"
	"github.com/ddb-cli/ddb/internal/ops/ttl"
)

// missing tells an error that means "not there".
func missing(err error) bool {
	e, ok := errors.AsType[*op.Error](err)
	return ok && (e.Code == "ResourceNotFoundException" || e.Code == "TableNotFoundException")
}

// ttl waits until time to live is on or off, and no more on its way.
func (t Target) ttl(ctx context.Context, env *op.Env) (State, error) {
	d, err := ttl.Describe.Call(ctx, env, &ttl.DescribeInput{TableName: t.Table, Region: t.Region})
	if err != nil {
		return State{}, err
	}
	underWay := d.TimeToLiveStatus == types.TimeToLiveStatusEnabling || d.TimeToLiveStatus == types.TimeToLiveStatusDisabling
	return State{Done: !underWay, Text: string(d.TimeToLiveStatus)}, nil
}

// pitr waits until point-in-time recovery is off, or on with a time that can be restored to.
func (t Target) pitr(ctx context.Context, env *op.Env) (State, error) {
	d, err := backup.DescribeContinuous.Call(ctx, env, &backup.DescribeContinuousInput{TableName: t.Table, Region: t.Region})
	if err != nil {
		return State{}, err
	}
	p := d.PointInTimeRecoveryDescription
	switch {
	case p == nil || p.PointInTimeRecoveryStatus != types.PointInTimeRecoveryStatusEnabled:
		return State{Done: true, Text: "off"}, nil
	case p.LatestRestorableDateTime != nil:
		return State{Done: true, Text: "ENABLED"}, nil
	}
	return State{Text: "ENABLED, with nothing to restore to yet"}, nil
}

// insights waits until contributor insights of a table or index are on or off.
func (t Target) insights(ctx context.Context, env *op.Env) (State, error) {
	d, err := insights.Describe.Call(ctx, env, &insights.DescribeInput{TableName: t.Table, IndexName: t.Name, Region: t.Region})
	if err != nil {
		return State{}, err
	}
	if d.ContributorInsightsStatus == types.ContributorInsightsStatusFailed {
		why := "no reason is given"
		if d.FailureException != nil {
			why = aws.ToString(d.FailureException.ExceptionDescription)
		}
		return State{}, &op.Error{Code: "ContributorInsightsFailed", Message: "contributor insights of " + t.Table + " failed: " + why}
	}
	underWay := d.ContributorInsightsStatus == types.ContributorInsightsStatusEnabling || d.ContributorInsightsStatus == types.ContributorInsightsStatusDisabling
	return State{Done: !underWay, Text: string(d.ContributorInsightsStatus), Answer: d}, nil
}

// kinesis waits until a destination, or all of a table where none is named, are on or off.
func (t Target) kinesis(ctx context.Context, env *op.Env) (State, error) {
	d, err := kinesis.Describe.Call(ctx, env, &kinesis.DescribeInput{TableName: t.Table, Region: t.Region})
	if err != nil {
		return State{}, err
	}
	state := State{Done: true}
	for i, x := range d.KinesisDataStreamDestinations {
		if t.Name != "" && aws.ToString(x.StreamArn) != t.Name {
			continue
		}
		state.Text, state.Answer = string(x.DestinationStatus), &d.KinesisDataStreamDestinations[i]
		switch x.DestinationStatus {
		case types.DestinationStatusEnabling, types.DestinationStatusDisabling, types.DestinationStatusUpdating:
			state.Done = false
			return state, nil
		case types.DestinationStatusEnableFailed:
			return State{}, &op.Error{Code: "KinesisEnableFailed", Message: fmt.Sprintf("sending changes to %s failed: %s", aws.ToString(x.StreamArn), aws.ToString(x.DestinationStatusDescription))}
		}
	}
	return state, nil
}

// export waits until an export is done. One that failed is an error.
func (t Target) export(ctx context.Context, env *op.Env) (State, error) {
	d, err := s3export.Describe.Call(ctx, env, &s3export.DescribeInput{ExportArn: t.ARN, Region: t.Region})
	if err != nil {
		return State{}, err
	}
	state := State{Done: d.ExportStatus != types.ExportStatusInProgress, Text: string(d.ExportStatus), Answer: d}
	if d.ExportStatus == types.ExportStatusFailed {
		return state, &op.Error{Code: aws.ToString(d.FailureCode), Message: "the export failed: " + aws.ToString(d.FailureMessage)}
	}
	return state, nil
}

// imported waits until an import is done. One that failed, or left items out, is an error.
func (t Target) imported(ctx context.Context, env *op.Env) (State, error) {
	d, err := s3import.Describe.Call(ctx, env, &s3import.DescribeInput{ImportArn: t.ARN, Region: t.Region})
	if err != nil {
		return State{}, err
	}
	state := State{Text: string(d.ImportStatus), Answer: d}
	if d.ProcessedItemCount > 0 {
		state.Text += fmt.Sprintf(", %d items", d.ProcessedItemCount)
	}
	state.Done = d.ImportStatus != types.ImportStatusInProgress && d.ImportStatus != types.ImportStatusCancelling
	switch {
	case !state.Done:
	case d.ErrorCount > 0 && (d.ImportStatus == types.ImportStatusCompleted || aws.ToString(d.FailureCode) == "ItemValidationError"):
		// The service calls an import that left items out failed, and the table is there with the others.
		return state, &op.Error{
			Code:    "ImportIncomplete",
			Message: fmt.Sprintf("%d of %d items were not imported; the table holds the others", d.ErrorCount, d.ProcessedItemCount),
			Hint:    "see describe_import (ddb s3-import describe " + t.ARN + ")",
		}
	case d.ImportStatus != types.ImportStatusCompleted:
		return state, &op.Error{Code: aws.ToString(d.FailureCode), Message: fmt.Sprintf("the import ended as %s: %s", d.ImportStatus, aws.ToString(d.FailureMessage))}
	}
	return state, nil
}

// bulk waits until a bulk operation has ended. One that left items out is an error.
func (t Target) bulk(ctx context.Context, env *op.Env) (State, error) {
	answer, err := bulk.Describe.Call(ctx, env, &bulk.DescribeInput{BulkOperationArn: t.ARN, Region: t.Region})
	if err != nil {
		return State{}, err
	}
	d := answer.BulkOperationDescription
	state := State{Text: fmt.Sprintf("%s, %d items%s", d.BulkOperationStatus, d.ProcessedItemCount, percent(d.ProcessedInputBytes, d.TotalInputBytes)), Answer: d}
	switch d.BulkOperationStatus {
	case types.BulkOperationStatusInProgress, types.BulkOperationStatusCancelling:
		return state, nil
	case types.BulkOperationStatusCompleted:
		state.Done = true
		return state, nil
	case types.BulkOperationStatusCompletedWithErrors:
		return state, &op.Error{Code: "BulkIncomplete", Message: fmt.Sprintf("%d of %d items were not put", d.FailedItemCount, d.ProcessedItemCount), Hint: "they are where --errors-to says; see: describe_bulk_operation (ddb bulk describe " + t.ARN + ")"}
	}
	return state, &op.Error{Code: aws.ToString(d.FailureCode), Message: fmt.Sprintf("the bulk operation ended as %s: %s", d.BulkOperationStatus, aws.ToString(d.FailureMessage))}
}

// percent is how far a job is, where both numbers are known.
func percent(done, total *int64) string {
	if total == nil || *total <= 0 || done == nil {
		return ""
	}
	return fmt.Sprintf(", %d %%", *done*100 / *total)
}
