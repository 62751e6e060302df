package cmd

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

func tableCopy(a *app) *cobra.Command {
	var (
		leave []string
		w     waiting
	)
	c := &cobra.Command{
		Use: "copy FROM TO", Short: "Make a table like another, without its items [API: CreateTable, …]",
		Long: `Make a table with the schema and the settings of another, here or elsewhere. FROM and TO are TABLE or PLACE:TABLE, where PLACE is a context,
a profile, a region, or PROFILE@REGION; FROM may be a file too. Items are not copied: ddb scan FROM -o jsonl | ddb put TO - does that.
Replicas are not copied, and neither are Kinesis destinations and keys of KMS where TO is in another place, since they belong to the first.
A policy names the new table where it named the old one. TO must not be there yet: ddb table apply changes a table that is.

[API: CreateTable, UpdateTimeToLive, UpdateContinuousBackups, UpdateContributorInsights, …]`,
		Example: example("ddb table copy Orders OrdersCopy\nddb table copy prod:Orders dev:Orders\nddb table copy Orders eu-west-1:Orders --without tags,policy"),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("FROM and TO are needed", "usage: "+c.UseLine())
			}
			return nil
		},
		ValidArgsFunction: completeTablesTwice(a),
	}
	c.Flags().StringSliceVar(&leave, "without", nil, "do not copy these `settings`")
	w.always(c.Flags(), "wait no longer than this `time` for a step, then exit with 6")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		from, to := parsePlace(args[0]), parsePlace(args[1])
		if to.file != "" {
			return usage("TO is a file", "ddb table describe "+args[0]+" -o yaml > "+to.file)
		}
		t, err := a.model(ctx, from, to.table)
		if err != nil {
			return err
		}
		if t.Name = to.table; t.Name == "" {
			return usage("TO lacks the name of the table", "write it as PLACE:TABLE")
		}
		a.leaveBehind(t, from.where != to.where)
		if err := without(t, leave); err != nil {
			return err
		}
		env, err := a.envAt(ctx, to.where)
		if err != nil {
			return err
		}
		made := []*tablefile.Table{t}
		if err := a.makeNew(ctx, env, made, w); err != nil || a.flags.dryRun {
			return err
		}
		return a.showTables(ctx, env, made)
	}
	return c
}

// leaveBehind makes unsaid what cannot go with a copy, and says so.
func (a *app) leaveBehind(t *tablefile.Table, elsewhere bool) {
	var left []string
	if len(t.Replicas) > 0 {
		left = append(left, "replicas")
	}
	t.Replicas = nil
	if elsewhere {
		if len(t.Kinesis) > 0 {
			left = append(left, "Kinesis destinations")
		}
		t.Kinesis = nil
		if strings.HasPrefix(t.Encryption, "arn:") {
			left = append(left, "the key of KMS (the new table uses the AWS managed one)")
			t.Encryption = tablefile.AWSManaged
		}
	}
	if len(left) > 0 {
		a.io.notef("ddb: not copied: %s", strings.Join(left, ", "))
	}
}

// makeNew makes tables that must not be there.
func (a *app) makeNew(ctx context.Context, env *op.Env, tables []*tablefile.Table, w waiting) error {
	var plans []*tablefile.Plan
	for _, t := range tables {
		p, err := tablefile.MakePlan(nil, t)
		if err != nil {
			return blockedError(err)
		}
		plans = append(plans, p)
	}
	if a.flags.dryRun {
		return a.show(plans, nil)
	}
	c := a.carrier(env, w)
	for _, p := range plans {
		if err := c.carry(ctx, p); err != nil {
			return err
		}
	}
	return nil
}
