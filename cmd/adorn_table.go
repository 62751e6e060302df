package cmd

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/ops/table"
)

func adornTables(all map[string]adornment) {
	adornList(all)
	adorn(all, table.Describe, Adorn[table.DescribeInput, types.TableDescription]{
		View: describeView,
		Long: `Show a table: keys, indexes, capacity, state. -o yaml writes it as a table file, with the settings that other calls tell, which table create -f,
table apply and table diff read; -o cloudformation and -o terraform write the same as a template, which they read too.`,
		Example: "ddb table describe Orders\nddb table describe Orders --query TableStatus\nddb table describe Orders -o yaml > orders.yaml\nddb table describe Orders -o terraform > orders.tf\nddb table describe Orders -o cloudformation",
	})
	adornCreate(all)
	adornUpdate(all)
	var wait waiting
	ifExists := false
	adorn(all, table.Delete, Adorn[table.DeleteInput, types.TableDescription]{
		Long: `Delete a table with all its items and indexes. On a terminal ddb asks for the table's name first;
in a script --yes is needed. A backup outlives its table: ddb backup create TABLE NAME. The embedded engine keeps a snapshot of what it deletes:
ddb local snapshots brings it back.`,
		Example: "ddb table delete Orders --yes\nddb table delete Orders --if-exists --yes --wait",
		Flags: func(f *pflag.FlagSet) func(context.Context, *app, *table.DeleteInput, []string) error {
			wait.define(f, "wait until the table is gone")
			f.BoolVar(&ifExists, "if-exists", false, "a table that is not there is no error")
			return func(ctx context.Context, a *app, in *table.DeleteInput, _ []string) error {
				if !ifExists {
					return nil
				}
				d, err := a.tableThere(ctx, in.TableName)
				if err == nil && d == nil {
					a.io.notef("ddb: the table %s is not there", in.TableName)
					return &errQuiet{exitOK}
				}
				return err
			}
		},
		Ask: func(in *table.DeleteInput) string {
			return "Deleting the table " + in.TableName + " with all its items"
		},
		After: func(ctx context.Context, a *app, in *table.DeleteInput, out *types.TableDescription) (*types.TableDescription, error) {
			if a.io.ErrTerminal { // elsewhere the answer says it
				a.sayUndo(in.TableName, out)
			}
			if !wait.wanted() {
				return out, nil
			}
			env, err := a.env(ctx)
			if err != nil {
				return nil, err
			}
			return out, a.waitGone(ctx, env, in.TableName, wait)
		},
		View: describeView,
	})
}
