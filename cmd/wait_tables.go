package cmd

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/wait"
)

// waitActive waits for a table, its indexes and its replicas, and gives their description.
func (a *app) waitActive(ctx context.Context, env *op.Env, name string, w waiting) (*types.TableDescription, error) {
	return waited[types.TableDescription](a.waitFor(ctx, env, wait.Target{Kind: wait.KindTable, Table: name}, w))
}

// waitGone waits until a table is no more.
func (a *app) waitGone(ctx context.Context, env *op.Env, name string, w waiting) error {
	_, err := a.waitFor(ctx, env, wait.Target{Kind: wait.KindTable, Table: name, Gone: true}, w)
	return err
}

// waitIndex waits for one index, which is filled after UpdateTable has answered.
func (a *app) waitIndex(ctx context.Context, env *op.Env, name, index string, w waiting) error {
	_, err := a.waitFor(ctx, env, wait.Target{Kind: wait.KindIndex, Table: name, Name: index}, w)
	return err
}

// waitIndexGone waits until an index is no more.
func (a *app) waitIndexGone(ctx context.Context, env *op.Env, name, index string, w waiting) error {
	_, err := a.waitFor(ctx, env, wait.Target{Kind: wait.KindIndex, Table: name, Name: index, Gone: true}, w)
	return err
}

// waitReplica waits for the replica in a region, or until it is gone.
func (a *app) waitReplica(ctx context.Context, env *op.Env, name, region string, gone bool, w waiting) error {
	_, err := a.waitFor(ctx, env, wait.Target{Kind: wait.KindReplica, Table: name, Name: region, Gone: gone}, w)
	return err
}

// waitGlobal waits for a global table of the version of 2017, its replicas and their settings.
func (a *app) waitGlobal(ctx context.Context, env *op.Env, name string, w waiting) (*types.GlobalTableDescription, error) {
	return waited[types.GlobalTableDescription](a.waitFor(ctx, env, wait.Target{Kind: wait.KindGlobal, Table: name}, w))
}

// waitGlobalGone waits until a global table of the version of 2017 is no more.
func (a *app) waitGlobalGone(ctx context.Context, env *op.Env, name string, w waiting) error {
	_, err := a.waitFor(ctx, env, wait.Target{Kind: wait.KindGlobal, Table: name, Gone: true}, w)
	return err
}

// waitScaling waits until a change of auto scaling is made in every region.
func (a *app) waitScaling(ctx context.Context, env *op.Env, name string, w waiting) (*types.TableAutoScalingDescription, error) {
	return waited[types.TableAutoScalingDescription](a.waitFor(ctx, env, wait.Target{Kind: wait.KindScaling, Table: name}, w))
}

// waitTTL waits until time to live is on or off, and no more on its way.
func (a *app) waitTTL(ctx context.Context, env *op.Env, name string, w waiting) error {
	_, err := a.waitFor(ctx, env, wait.Target{Kind: wait.KindTTL, Table: name}, w)
	return err
}

// waitPITR waits until point-in-time recovery is off, or on with a time that can be restored to.
func (a *app) waitPITR(ctx context.Context, env *op.Env, name string, w waiting) error {
	_, err := a.waitFor(ctx, env, wait.Target{Kind: wait.KindPITR, Table: name}, w)
	return err
}

// waitInsights waits until contributor insights of a table or index are on or off.
func (a *app) waitInsights(ctx context.Context, env *op.Env, name, index string, w waiting) (*dynamodb.DescribeContributorInsightsOutput, error) {
	return waited[dynamodb.DescribeContributorInsightsOutput](a.waitFor(ctx, env, wait.Target{Kind: wait.KindInsights, Table: name, Name: index}, w))
}

// waitKinesis waits until a destination, or all of a table where stream is "", are on or off, and gives the last it looked at; nil where there is none.
func (a *app) waitKinesis(ctx context.Context, env *op.Env, name, stream string, w waiting) (*types.KinesisDataStreamDestination, error) {
	return waited[types.KinesisDataStreamDestination](a.waitFor(ctx, env, wait.Target{Kind: wait.KindKinesis, Table: name, Name: stream}, w))
}

// waitBackup waits until a backup is there.
func (a *app) waitBackup(ctx context.Context, env *op.Env, arn string, w waiting) (*types.BackupDetails, error) {
	return waited[types.BackupDetails](a.waitFor(ctx, env, wait.Target{Kind: wait.KindBackup, ARN: arn}, w))
}

// waitBulk waits until a bulk operation has ended; one that left items out is an error.
func (a *app) waitBulk(ctx context.Context, env *op.Env, arn string, w waiting) (*types.BulkOperationDescription, error) {
	return waited[types.BulkOperationDescription](a.waitFor(ctx, env, wait.Target{Kind: wait.KindBulk, ARN: arn}, w))
}

// waitStopped waits until a bulk operation has ended, in whatever way.
func (a *app) waitStopped(ctx context.Context, env *op.Env, arn string, w waiting) (*types.BulkOperationDescription, error) {
	state, err := a.waitFor(ctx, env, wait.Target{Kind: wait.KindBulk, ARN: arn}, w)
	d, _ := state.Answer.(*types.BulkOperationDescription)
	if d != nil && d.BulkOperationStatus != types.BulkOperationStatusInProgress && d.BulkOperationStatus != types.BulkOperationStatusCancelling {
		return d, nil
	}
	return d, err
}

// waitExport waits until an export is done.
func (a *app) waitExport(ctx context.Context, arn string, w waiting) (*types.ExportDescription, error) {
	env, err := a.env(ctx)
	if err != nil {
		return nil, err
	}
	return waited[types.ExportDescription](a.waitFor(ctx, env, wait.Target{Kind: wait.KindExport, ARN: arn}, w))
}

// waitImport waits until an import is done; one that left items out is an error.
func (a *app) waitImport(ctx context.Context, arn string, w waiting) (*types.ImportTableDescription, error) {
	env, err := a.env(ctx)
	if err != nil {
		return nil, err
	}
	return waited[types.ImportTableDescription](a.waitFor(ctx, env, wait.Target{Kind: wait.KindImport, ARN: arn}, w))
}
