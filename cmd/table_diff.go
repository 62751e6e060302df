package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/tablefile"
)

func tableDiff(a *app) *cobra.Command {
	var leave []string
	c := &cobra.Command{
		Use: "diff A [B]", Short: "Show how two tables differ: files, tables, profiles, regions [API: DescribeTable, …]",
		Long: `Show how B differs from A, setting by setting. Each is a file (.yaml, .json, .cfn, .tf; of several tables, FILE#TABLE), a table, or PLACE:TABLE, where PLACE is a
context, a profile, a region, or PROFILE@REGION. A file on its own is compared with the tables it names. Names, sizes and states are no settings,
and what one side does not name is no difference. The exit code is 0 where nothing differs and 7 where something does.

[API: DescribeTable, DescribeTimeToLive, DescribeContinuousBackups, ListTagsOfResource, GetResourcePolicy, …]`,
		Example: example("ddb table diff orders.yaml\nddb table diff dev:Orders prod:Orders\nddb table diff eu-west-1:Orders us-east-1:Orders --without tags\nddb table diff old.yaml new.yaml -o table"),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usage("A and B are needed, or one file", "usage: "+c.UseLine())
			}
			return nil
		},
		ValidArgsFunction: completeTablesTwice(a),
	}
	c.Flags().StringSliceVar(&leave, "without", nil, "do not compare these `settings`")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		pairs, err := a.pairs(ctx, args, leave)
		if err != nil {
			return err
		}
		type row struct {
			Table string `json:"table"`
			tablefile.Difference
		}
		rows := []row{}
		for _, p := range pairs {
			for _, d := range tablefile.Diff(p[0], p[1]) {
				rows = append(rows, row{p[1].Name, d})
			}
		}
		if err := a.show(rows, nil); err != nil {
			return err
		}
		if len(rows) > 0 {
			return &errQuiet{exitDifference}
		}
		a.io.notef("ddb: no difference")
		return nil
	}
	return c
}

// pairs are the tables to compare.
func (a *app) pairs(ctx context.Context, args, leave []string) ([][2]*tablefile.Table, error) {
	first := parsePlace(args[0])
	var pairs [][2]*tablefile.Table
	switch {
	case len(args) == 2:
		second := parsePlace(args[1])
		x, err := a.model(ctx, first, second.table)
		if err != nil {
			return nil, err
		}
		if second.table == "" && second.file == "" {
			second.table = x.Name // dev: alone means the table of the same name
		}
		y, err := a.model(ctx, second, x.Name)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, [2]*tablefile.Table{x, y})
	case first.file == "":
		return nil, usage("one table was given, and a table differs from another", "ddb table diff "+args[0]+" FILE, or ddb table diff "+args[0]+" PLACE:TABLE")
	default:
		tables, err := a.tableFile(first.file)
		if err != nil {
			return nil, err
		}
		for _, t := range tables {
			if first.table != "" && t.Name != first.table {
				continue
			}
			there, err := a.model(ctx, tablePlace{table: t.Name}, "")
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, [2]*tablefile.Table{t, there})
		}
	}
	for _, p := range pairs {
		if err := without(p[0], leave); err != nil {
			return nil, err
		}
	}
	return pairs, nil
}
