package cmd

import (
	"context"
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/ops/table"
)

func adornUpdate(all map[string]adornment) {
	var (
		addIndexes, dropIndexes []string
		capacity, stream, most  string
		onDemand                bool
		wait                    waiting
	)
	adorn(all, table.Update, Adorn[table.UpdateInput, types.TableDescription]{
		Long: `Change a table; what is not named stays as it is. The service makes or deletes one index at a time.
The API's own structures are taken as JSON: --global-secondary-index-updates, --replica-updates and the rest.`,
		Example: `ddb table update Orders --add-index 'ByTotal=status:S,total:N' --wait
ddb table update Orders --drop-index ByTotal --yes
ddb table update Orders --capacity 5,10
ddb table update Orders --on-demand --on-demand-max 1000,500
ddb table update Orders --deletion-protection`,
		Hide: []string{"attribute-definitions", "billing-mode", "global-secondary-index-updates", "on-demand-throughput", "provisioned-throughput", "replica-updates", "sse-specification", "stream-specification", "warm-throughput", "disassociation-protection", "multi-region-consistency", "global-table-witness-updates", "global-table-settings-replication-mode", "vector-index-updates"},
		Flags: func(f *pflag.FlagSet) func(context.Context, *app, *table.UpdateInput, []string) error {
			f.StringArrayVar(&addIndexes, "add-index", nil, "make a global secondary index: `'Name=pk:S,sk:N'`")
			f.StringArrayVar(&dropIndexes, "drop-index", nil, "delete this `index`")
			f.StringVar(&capacity, "capacity", "", "provisioned `READ,WRITE` units")
			f.BoolVar(&onDemand, "on-demand", false, "pay per request")
			f.StringVar(&most, "on-demand-max", "", "at most `READ,WRITE` units a second on demand, or none")
			f.StringVar(&stream, "stream", "", "a stream of changes: `new-and-old`, new, old, keys or off")
			wait.define(f, "wait until the table, its indexes and replicas are ready")
			return func(ctx context.Context, a *app, in *table.UpdateInput, _ []string) error {
				if err := fillMaximum(in, most); err != nil {
					return err
				}
				if err := fillUpdate(in, addIndexes, dropIndexes, capacity, stream, onDemand); err != nil {
					return err
				}
				if reflect.DeepEqual(*in, table.UpdateInput{TableName: in.TableName, Region: in.Region}) {
					return usage("nothing to change", "say what: --capacity READ,WRITE, --on-demand, --add-index 'Name=pk:S', --stream new-and-old; see: ddb table update --help")
				}
				if capacity == "" {
					return nil
				}
				return provisionIndexes(ctx, a, in)
			}
		},
		Ask: func(in *table.UpdateInput) string {
			for _, u := range in.GlobalSecondaryIndexUpdates {
				if u.Delete != nil {
					return fmt.Sprintf("Deleting the index %s of %s", aws.ToString(u.Delete.IndexName), in.TableName)
				}
			}
			return ""
		},
		After: func(ctx context.Context, a *app, in *table.UpdateInput, out *types.TableDescription) (*types.TableDescription, error) {
			if !wait.wanted() {
				return out, nil
			}
			env, err := a.env(ctx)
			if err != nil {
				return nil, err
			}
			return a.waitActive(ctx, env, in.TableName, wait)
		},
		View: describeView,
	})
}

// fillMaximum reads --on-demand-max.
func fillMaximum(in *table.UpdateInput, text string) error {
	if text == "" {
		return nil
	}
	r, w := int64(-1), int64(-1) // the API's word for none
	if text != "none" {
		units, err := parseCapacity(text)
		if err != nil {
			return usage(fmt.Sprintf("--on-demand-max %s is not understood", text), "write READ,WRITE units: 1000,500; or none")
		}
		r, w = *units.ReadCapacityUnits, *units.WriteCapacityUnits
	}
	in.OnDemandThroughput = &types.OnDemandThroughput{MaxReadRequestUnits: &r, MaxWriteRequestUnits: &w}
	return nil
}

func fillUpdate(in *table.UpdateInput, add, drop []string, capacity, stream string, onDemand bool) error {
	if capacity != "" && onDemand {
		return usage("--capacity and --on-demand exclude each other", "leave one of them out")
	}
	var err error
	var units *types.ProvisionedThroughput
	if capacity != "" {
		if units, err = parseCapacity(capacity); err != nil {
			return err
		}
		in.ProvisionedThroughput, in.BillingMode = units, types.BillingModeProvisioned
	}
	if onDemand {
		in.BillingMode = types.BillingModePayPerRequest
	}
	if stream != "" {
		if in.StreamSpecification, err = parseStream(stream); err != nil {
			return err
		}
	}
	defs := definitions(in.AttributeDefinitions)
	for _, text := range add {
		x, err := defs.parseIndex(text)
		if err != nil {
			return err
		}
		in.GlobalSecondaryIndexUpdates = append(in.GlobalSecondaryIndexUpdates, types.GlobalSecondaryIndexUpdate{
			Create: &types.CreateGlobalSecondaryIndexAction{IndexName: &x.name, KeySchema: x.keys, Projection: x.projection, ProvisionedThroughput: units},
		})
	}
	for _, name := range drop {
		in.GlobalSecondaryIndexUpdates = append(in.GlobalSecondaryIndexUpdates, types.GlobalSecondaryIndexUpdate{
			Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: &name},
		})
	}
	in.AttributeDefinitions = defs
	return nil
}

// provisionIndexes gives the indexes of a table that was on demand the table's new capacity: the service wants it said for each.
func provisionIndexes(ctx context.Context, a *app, in *table.UpdateInput) error {
	env, err := a.env(ctx)
	if err != nil {
		return err
	}
	d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: in.TableName})
	if err != nil || d.BillingModeSummary == nil || d.BillingModeSummary.BillingMode != types.BillingModePayPerRequest {
		return err
	}
	for _, x := range d.GlobalSecondaryIndexes {
		in.GlobalSecondaryIndexUpdates = append(in.GlobalSecondaryIndexUpdates, types.GlobalSecondaryIndexUpdate{
			Update: &types.UpdateGlobalSecondaryIndexAction{IndexName: x.IndexName, ProvisionedThroughput: in.ProvisionedThroughput},
		})
	}
	return nil
}
