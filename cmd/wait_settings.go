package cmd

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/bulk"
	"github.com/ddb-cli/ddb/internal/ops/insights"
	"github.com/ddb-cli/ddb/internal/ops/kinesis"
	"github.com/ddb-cli/ddb/internal/ops/ttl"
)

// waitTTL waits until time to live is on or off, and no more on its way.
func (a *app) waitTTL(ctx context.Context, env *op.Env, name string, w waiting) error {
	j := job{what: "time to live of " + name, again: "ddb wait ttl " + name, usual: quickWait, waiting: w}
	return a.wait(ctx, j, func() (bool, string, error) {
		d, err := ttl.Describe.Call(ctx, env, &ttl.DescribeInput{TableName: name})
		if err != nil {
			return false, "unknown", err
		}
		return d.TimeToLiveStatus != types.TimeToLiveStatusEnabling && d.TimeToLiveStatus != types.TimeToLiveStatusDisabling, string(d.TimeToLiveStatus), nil
	})
}

// waitPITR waits until point-in-time recovery is off, or on with a time that can be restored to.
func (a *app) waitPITR(ctx context.Context, env *op.Env, name string, w waiting) error {
	j := job{what: "point-in-time recovery of " + name, again: "ddb wait pitr " + name, usual: quickWait, waiting: w}
	return a.wait(ctx, j, func() (bool, string, error) {
		d, err := backup.DescribeContinuous.Call(ctx, env, &backup.DescribeContinuousInput{TableName: name})
		if err != nil {
			return false, "unknown", err
		}
		p := d.PointInTimeRecoveryDescription
		if p == nil || p.PointInTimeRecoveryStatus != types.PointInTimeRecoveryStatusEnabled {
			return true, "off", nil
		}
		return p.LatestRestorableDateTime != nil, "ENABLED, with nothing to restore to yet", nil
	})
}

// waitInsights waits until contributor insights of a table or index are on or off.
func (a *app) waitInsights(ctx context.Context, env *op.Env, name, index string, w waiting) error {
	j := job{what: "insights of " + name, again: "ddb wait insights " + name, usual: quickWait, waiting: w}
	if index != "" {
		j.what, j.again = j.what+" index "+index, j.again+" --index "+index
	}
	return a.wait(ctx, j, func() (bool, string, error) {
		d, err := insights.Describe.Call(ctx, env, &insights.DescribeInput{TableName: name, IndexName: index})
		if err != nil {
			return false, "unknown", err
		}
		if d.ContributorInsightsStatus == types.ContributorInsightsStatusFailed {
			why := "no reason is given"
			if d.FailureException != nil {
				why = aws.ToString(d.FailureException.ExceptionDescription)
			}
			return false, "FAILED", &op.Error{Code: "ContributorInsightsFailed", Message: "contributor insights of " + name + " failed: " + why}
		}
		return d.ContributorInsightsStatus != types.ContributorInsightsStatusEnabling && d.ContributorInsightsStatus != types.ContributorInsightsStatusDisabling, string(d.ContributorInsightsStatus), nil
	})
}

// waitKinesis waits until a destination, or all of a table where stream is "", are on or off.
func (a *app) waitKinesis(ctx context.Context, env *op.Env, name, stream string, w waiting) error {
	j := job{what: "Kinesis destinations of " + name, again: "ddb wait kinesis " + name, usual: quickWait, waiting: w}
	return a.wait(ctx, j, func() (bool, string, error) {
		d, err := kinesis.Describe.Call(ctx, env, &kinesis.DescribeInput{TableName: name})
		if err != nil {
			return false, "unknown", err
		}
		for _, x := range d.KinesisDataStreamDestinations {
			if stream != "" && aws.ToString(x.StreamArn) != stream {
				continue
			}
			switch x.DestinationStatus {
			case types.DestinationStatusEnabling, types.DestinationStatusDisabling, types.DestinationStatusUpdating:
				return false, string(x.DestinationStatus), nil
			case types.DestinationStatusEnableFailed:
				return false, "ENABLE_FAILED", &op.Error{Code: "KinesisEnableFailed", Message: fmt.Sprintf("sending changes to %s failed: %s", aws.ToString(x.StreamArn), aws.ToString(x.DestinationStatusDescription))}
			}
		}
		return true, "", nil
	})
}

// waitBulk waits until a bulk operation has ended; one that left items out is an error.
func (a *app) waitBulk(ctx context.Context, env *op.Env, arn string, w waiting) (*types.BulkOperationDescription, error) {
	var out *types.BulkOperationDescription
	j := job{what: "bulk operation", again: "ddb wait bulk " + arn, usual: exportWait, waiting: w}
	err := a.wait(ctx, j, func() (bool, string, error) {
		d, err := bulk.Describe.Call(ctx, env, &bulk.DescribeInput{BulkOperationArn: arn})
		if err != nil {
			return false, "unknown", err
		}
		out = d.BulkOperationDescription
		state := fmt.Sprintf("%s, %d items%s", out.BulkOperationStatus, out.ProcessedItemCount, percent(out.ProcessedInputBytes, out.TotalInputBytes))
		return out.BulkOperationStatus != types.BulkOperationStatusInProgress && out.BulkOperationStatus != types.BulkOperationStatusCancelling, state, nil
	})
	if err != nil {
		return out, err
	}
	switch out.BulkOperationStatus {
	case types.BulkOperationStatusCompleted:
		return out, nil
	case types.BulkOperationStatusCompletedWithErrors:
		return out, &op.Error{Code: "BulkIncomplete", Message: fmt.Sprintf("%d of %d items were not put", out.FailedItemCount, out.ProcessedItemCount), Hint: "they are where --errors-to says; see: ddb bulk describe " + arn}
	}
	return out, &op.Error{Code: aws.ToString(out.FailureCode), Message: fmt.Sprintf("the bulk operation ended as %s: %s", out.BulkOperationStatus, aws.ToString(out.FailureMessage))}
}

// percent is how far a job is, where both numbers are known.
func percent(done, total *int64) string {
	if total == nil || *total <= 0 || done == nil {
		return ""
	}
	return fmt.Sprintf(", %d %%", *done*100 / *total)
}
