package cmd

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/ops/wait"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

// indexCommands are the family on secondary indexes.
func indexCommands(a *app) []*cobra.Command {
	return []*cobra.Command{indexList(a), indexCreate(a), indexDelete(a), waitForKind("index").command(a, "wait")}
}

// completeTableAndIndex completes a table, then one of its indexes.
func completeTableAndIndex(a *app) completion {
	tables := completeTables(a)
	return func(c *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
		if len(args) != 1 {
			return tables(c, args, prefix)
		}
		return a.completed(c, "all indexes of "+args[0], func(ctx context.Context, env *op.Env) ([]string, error) {
			d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: args[0]})
			if err != nil {
				return nil, err
			}
			return indexNames(d), nil
		}), cobra.ShellCompDirectiveNoFileComp
	}
}

func indexNames(d *types.TableDescription) []string {
	var names []string
	for _, x := range d.GlobalSecondaryIndexes {
		names = append(names, aws.ToString(x.IndexName))
	}
	for _, x := range d.LocalSecondaryIndexes {
		names = append(names, aws.ToString(x.IndexName))
	}
	for _, x := range d.VectorIndexes {
		names = append(names, aws.ToString(x.IndexName))
	}
	return names
}

// completeTablesTwice completes two positions with the names of tables; files complete too.
func completeTablesTwice(a *app) completion {
	return func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 1 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		names, _ := a.accountCompletion("tables", allTables)(c, args, "")
		return names, cobra.ShellCompDirectiveDefault
	}
}

func indexList(a *app) *cobra.Command {
	return partsCommand(a, &cobra.Command{
		Short:   "List the indexes of a table [API: DescribeTable]",
		Long:    "List the secondary indexes of a table, global, local and vector: keys, what they hold, state and size. Sizes are up to six hours old.\n\n[API: DescribeTable]",
		Example: example("ddb index list Orders\nddb index list Orders -o csv"),
	}, indexRows)
}

// partsCommand lists what a table's description says of its parts: indexes, replicas.
func partsCommand[Row any](a *app, c *cobra.Command, rows func(*types.TableDescription) ([]Row, error)) *cobra.Command {
	c.Use, c.Aliases, c.Args, c.ValidArgsFunction = "list TABLE", []string{"ls"}, cobra.MaximumNArgs(1), completeTables(a)
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		_, _, d, err := a.tableAt(ctx, args)
		if err != nil {
			return err
		}
		list, err := rows(d)
		if err != nil {
			return err
		}
		return a.show(list, nil)
	}
	return spread(c, placesRows, "")
}

type indexRow struct {
	Index       string `json:"index"`
	Kind        string `json:"kind"`
	Keys        string `json:"keys"`
	Projection  string `json:"projection"`
	Status      string `json:"status"`
	Backfilling bool   `json:"backfilling,omitempty"`
	Items       int64  `json:"items"`
	Bytes       int64  `json:"bytes"`
	Capacity    string `json:"capacity,omitempty"`
}

func indexRows(d *types.TableDescription) ([]indexRow, error) {
	t, err := modelOf(d)
	if err != nil {
		return nil, err
	}
	sizes := map[string]int64{}
	for _, x := range d.GlobalSecondaryIndexes {
		sizes[aws.ToString(x.IndexName)] = aws.ToInt64(x.IndexSizeBytes)
	}
	for _, x := range d.LocalSecondaryIndexes {
		sizes[aws.ToString(x.IndexName)] = aws.ToInt64(x.IndexSizeBytes)
	}
	for _, x := range d.VectorIndexes {
		sizes[aws.ToString(x.IndexName)] = aws.ToInt64(x.IndexSizeBytes)
	}
	rows := []indexRow{}
	add := func(kind, name, keys, projection, capacity string) {
		status, backfilling, items, _ := wait.IndexState(d, name)
		rows = append(rows, indexRow{name, kind, keys, projection, string(status), backfilling, items, sizes[name], capacity})
	}
	for _, x := range t.Indexes {
		add("global", x.Name, tablefile.KeysText(x.Keys), x.Projection.Text(), x.Capacity.Text())
	}
	for _, x := range t.Local {
		add("local", x.Name, tablefile.KeysText(x.Keys), x.Projection.Text(), "")
	}
	for _, x := range t.Vectors {
		add("vector", x.Name, fmt.Sprintf("%s, %d dimensions, %s", x.Attribute, x.Dimensions, x.Distance), x.Projection.Text(), "")
	}
	return rows, nil
}

// indexAdornment is a wait behind UpdateTable, with the table's description of after it.
func indexAdornment(w waiting, wait func(context.Context, *op.Env) error, name string) adornment {
	e := adornment{view: describeView}
	if !w.wanted() {
		return e
	}
	e.after = func(ctx context.Context, a *app, _, _ any) (any, error) {
		env, err := a.env(ctx)
		if err != nil {
			return nil, err
		}
		if err := wait(ctx, env); err != nil {
			return nil, err
		}
		return table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
	}
	return e
}

func indexDelete(a *app) *cobra.Command {
	var w waiting
	c := &cobra.Command{
		Use: "delete TABLE INDEX", Aliases: []string{"rm"}, Short: "Delete a global secondary or vector index [API: UpdateTable]",
		Long:    "Delete a global secondary index or a vector index. Local ones stay as long as the table. In a script --yes is needed.\n\n[API: UpdateTable]",
		Example: example("ddb index delete Orders ByTotal --yes --wait"), ValidArgsFunction: completeTableAndIndex(a),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("TABLE and INDEX are needed", "usage: "+c.UseLine())
			}
			return nil
		},
	}
	w.define(c.Flags(), "wait until it is gone")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		name, _, d, err := a.tableAt(ctx, args)
		if err != nil {
			return err
		}
		in := &table.UpdateInput{TableName: name}
		for _, x := range d.VectorIndexes {
			if aws.ToString(x.IndexName) == args[1] {
				in.VectorIndexUpdates = []types.VectorIndexUpdate{{Delete: &types.DeleteVectorIndexAction{IndexName: &args[1]}}}
			}
		}
		if in.VectorIndexUpdates == nil {
			if _, err := a.schema(ctx, name, args[1]); err != nil {
				return err
			}
			in.GlobalSecondaryIndexUpdates = []types.GlobalSecondaryIndexUpdate{{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: &args[1]}}}
		}
		ad := indexAdornment(w, func(ctx context.Context, env *op.Env) error { return a.waitIndexGone(ctx, env, name, args[1], w) }, name)
		return a.invoke(ctx, table.Update, ad, in, 0)
	}
	return c
}
