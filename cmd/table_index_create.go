package cmd

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

func indexCreate(a *app) *cobra.Command {
	var (
		capacity, most string
		w              waiting
	)
	c := &cobra.Command{
		Use: "create TABLE NAME=KEYS…", Short: "Make a global secondary index [API: UpdateTable]",
		Long: `Make a global secondary index. It is written as for ddb table create: 'ByTotal=status:S,total:N', and behind it 'keys' or 'include a,b' for less
than all attributes. The service fills it from the table, which --wait waits for. An attribute that is in a key already needs no type.

[API: UpdateTable]`,
		Example: example("ddb index create Orders 'ByTotal=status:S,total:N' --wait\nddb index create Orders 'ByNote=note:S include total,status' --capacity 5,5"),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usage("TABLE and NAME=KEYS are needed", "ddb index create Orders 'ByTotal=status:S,total:N'")
			}
			return nil
		},
		ValidArgsFunction: completeTables(a),
	}
	c.Flags().StringVar(&capacity, "capacity", "", "provisioned `READ,WRITE` units; those of the table when left out")
	c.Flags().StringVar(&most, "on-demand-max", "", "at most these `READ,WRITE` request units a second")
	w.define(c.Flags(), "wait until it is filled")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		name, err := a.table(args[0])
		if err != nil {
			return err
		}
		in, index, err := a.newIndex(ctx, name, args[1:], capacity, most)
		if err != nil {
			return err
		}
		return a.invoke(ctx, table.Update, indexAdornment(w, func(ctx context.Context, env *op.Env) error {
			return a.waitIndex(ctx, env, name, index, w)
		}, name), in, 0)
	}
	return c
}

// newIndex is the request for an index; a provisioned table's capacity is its own unless another is given.
func (a *app) newIndex(ctx context.Context, name string, words []string, capacity, most string) (*table.UpdateInput, string, error) {
	env, err := a.env(ctx)
	if err != nil {
		return nil, "", err
	}
	d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
	if err != nil {
		return nil, "", err
	}
	defs := definitions(d.AttributeDefinitions)
	x, err := defs.parseIndex(strings.Join(words, " "))
	if err != nil {
		return nil, "", err
	}
	create := &types.CreateGlobalSecondaryIndexAction{IndexName: &x.name, KeySchema: x.keys, Projection: x.projection}
	if capacity != "" {
		if create.ProvisionedThroughput, err = parseCapacity(capacity); err != nil {
			return nil, "", err
		}
	} else if d.BillingModeSummary == nil || d.BillingModeSummary.BillingMode != types.BillingModePayPerRequest {
		create.ProvisionedThroughput = &types.ProvisionedThroughput{ReadCapacityUnits: d.ProvisionedThroughput.ReadCapacityUnits, WriteCapacityUnits: d.ProvisionedThroughput.WriteCapacityUnits}
	}
	if most != "" {
		units, err := parseCapacity(most)
		if err != nil {
			return nil, "", err
		}
		create.OnDemandThroughput = &types.OnDemandThroughput{MaxReadRequestUnits: units.ReadCapacityUnits, MaxWriteRequestUnits: units.WriteCapacityUnits}
	}
	in := &table.UpdateInput{TableName: name, GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: create}}}
	in.AttributeDefinitions = defs.used(d.KeySchema, x.keys)
	return in, x.name, nil
}
