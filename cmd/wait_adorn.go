package cmd

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/bulk"
	"github.com/ddb-cli/ddb/internal/ops/globaltable"
	"github.com/ddb-cli/ddb/internal/ops/insights"
	"github.com/ddb-cli/ddb/internal/ops/kinesis"
	"github.com/ddb-cli/ddb/internal/ops/replica"
)

const waitLimitHelp = "wait no longer than this `time`, then exit with 6"

// adornWaits gives --wait to the operations that need nothing else of a person. What is shown is the state that was waited for, and not the one
// in which the call left it.
func adornWaits(all map[string]adornment) {
	addWait(all, kinesis.Enable, "wait until changes are sent", func(ctx context.Context, a *app, env *op.Env, in *kinesis.EnableInput, out any, w waiting) error {
		return into(out, func(begun *dynamodb.EnableKinesisStreamingDestinationOutput, d *types.KinesisDataStreamDestination) {
			begun.DestinationStatus = d.DestinationStatus
		})(a.waitKinesis(ctx, env, in.TableName, in.StreamArn, w))
	})
	addWait(all, kinesis.Disable, "wait until no more changes are sent", func(ctx context.Context, a *app, env *op.Env, in *kinesis.DisableInput, out any, w waiting) error {
		return into(out, func(begun *dynamodb.DisableKinesisStreamingDestinationOutput, d *types.KinesisDataStreamDestination) {
			begun.DestinationStatus = d.DestinationStatus
		})(a.waitKinesis(ctx, env, in.TableName, in.StreamArn, w))
	})
	addWait(all, kinesis.Update, "wait until the change is made", func(ctx context.Context, a *app, env *op.Env, in *kinesis.UpdateInput, out any, w waiting) error {
		return into(out, func(begun *dynamodb.UpdateKinesisStreamingDestinationOutput, d *types.KinesisDataStreamDestination) {
			begun.DestinationStatus = d.DestinationStatus
		})(a.waitKinesis(ctx, env, in.TableName, in.StreamArn, w))
	})
	addWait(all, insights.Update, "wait until insights are on or off", func(ctx context.Context, a *app, env *op.Env, in *insights.UpdateInput, out any, w waiting) error {
		return into(out, func(begun *dynamodb.UpdateContributorInsightsOutput, d *dynamodb.DescribeContributorInsightsOutput) {
			begun.ContributorInsightsStatus = d.ContributorInsightsStatus
		})(a.waitInsights(ctx, env, in.TableName, in.IndexName, w))
	})
	addWait(all, replica.UpdateAutoScaling, "wait until the change is made in every region", func(ctx context.Context, a *app, env *op.Env, in *replica.UpdateAutoScalingInput, out any, w waiting) error {
		return into(out, func(begun *dynamodb.UpdateTableReplicaAutoScalingOutput, d *types.TableAutoScalingDescription) {
			begun.TableAutoScalingDescription = d
		})(a.waitScaling(ctx, env, in.TableName, w))
	})
	addWait(all, globaltable.Create, "wait until the regions are joined", func(ctx context.Context, a *app, env *op.Env, in *globaltable.CreateInput, out any, w waiting) error {
		return into(out, func(begun *dynamodb.CreateGlobalTableOutput, d *types.GlobalTableDescription) {
			begun.GlobalTableDescription = d
		})(a.waitGlobal(ctx, env, in.GlobalTableName, w))
	})
	addWait(all, globaltable.Update, "wait until the regions are joined, or have left", func(ctx context.Context, a *app, env *op.Env, in *globaltable.UpdateInput, out any, w waiting) error {
		return into(out, func(begun *dynamodb.UpdateGlobalTableOutput, d *types.GlobalTableDescription) {
			begun.GlobalTableDescription = d
		})(a.waitGlobal(ctx, env, in.GlobalTableName, w))
	})
	addWait(all, globaltable.UpdateSettings, "wait until the settings hold in every region", func(ctx context.Context, a *app, env *op.Env, in *globaltable.UpdateSettingsInput, out any, w waiting) error {
		if _, err := a.waitGlobal(ctx, env, in.GlobalTableName, w); err != nil {
			return err
		}
		return into(out, func(begun *dynamodb.UpdateGlobalTableSettingsOutput, d *dynamodb.DescribeGlobalTableSettingsOutput) {
			begun.ReplicaSettings = d.ReplicaSettings
		})(globaltable.DescribeSettings.Call(ctx, env, &globaltable.DescribeSettingsInput{GlobalTableName: in.GlobalTableName, Region: in.Region}))
	})
	addWait(all, bulk.Cancel, "wait until it has stopped", func(ctx context.Context, a *app, env *op.Env, in *bulk.CancelInput, out any, w waiting) error {
		return into(out, func(begun *dynamodb.CancelBulkOperationOutput, d *types.BulkOperationDescription) {
			begun.BulkOperationStatus = d.BulkOperationStatus
		})(a.waitStopped(ctx, env, in.BulkOperationArn, w))
	})
	addWait(all, bulk.Start, "wait until all items are put", func(ctx context.Context, a *app, env *op.Env, _ *bulk.StartInput, out any, w waiting) error {
		begun, ok := out.(*dynamodb.StartBulkPutItemsOutput)
		if !ok || begun.BulkOperationDescription == nil {
			return nil
		}
		done, err := a.waitBulk(ctx, env, aws.ToString(begun.BulkOperationDescription.BulkOperationArn), w)
		if done != nil {
			begun.BulkOperationDescription = done
		}
		return err
	})
}

// into puts the state that was waited for into what the call answered.
func into[Out, State any](out any, set func(begun *Out, d *State)) func(*State, error) error {
	return func(d *State, err error) error {
		if begun, ok := out.(*Out); ok && d != nil {
			set(begun, d)
		}
		return err
	}
}

// addWait adds --wait and --wait-timeout to an operation's adornment.
func addWait[In any](all map[string]adornment, o interface{ Spec() op.Spec }, help string, wait func(ctx context.Context, a *app, env *op.Env, in *In, out any, w waiting) error) {
	var w waiting
	e := all[o.Spec().Tool]
	flags := e.flags
	e.flags = func(f *pflag.FlagSet) func(context.Context, *app, any, []string) error {
		w.define(f, help)
		if flags != nil {
			return flags(f)
		}
		return func(context.Context, *app, any, []string) error { return nil }
	}
	after := e.after
	e.after = func(ctx context.Context, a *app, in, out any) (any, error) {
		if after != nil {
			var err error
			if out, err = after(ctx, a, in, out); err != nil {
				return nil, err
			}
		}
		typed, ok := in.(*In)
		if !ok || !w.wanted() {
			return out, nil
		}
		env, err := a.env(ctx)
		if err != nil {
			return nil, err
		}
		return out, wait(ctx, a, env, typed, out, w)
	}
	all[o.Spec().Tool] = e
}

// waitedFor is an operation's adornment with a wait behind it, for commands that stand for an operation under other names.
func (a *app) waitedFor(tool string, w waiting, wait func(context.Context, *op.Env) error) adornment {
	e := a.adornments()[tool]
	if w.wanted() {
		e.after = func(ctx context.Context, a *app, _, out any) (any, error) {
			env, err := a.env(ctx)
			if err != nil {
				return nil, err
			}
			return out, wait(ctx, env)
		}
	}
	return e
}
