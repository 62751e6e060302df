package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

// tableFileCommands are the commands that take tables as code.
func tableFileCommands(a *app) []*cobra.Command {
	return []*cobra.Command{tableApply(a), tableDiff(a), tableCopy(a), tableTruncate(a), tableStats(a)}
}

func tableApply(a *app) *cobra.Command {
	var (
		files, only, leave []string
		w                  waiting
	)
	c := &cobra.Command{
		Use: "apply FILE…", Short: "Make tables what a file says: plan, ask, do, wait [API: CreateTable, UpdateTable, …]",
		Long: `Make tables what a file says. A table that is not there is created; of one that is there, what differs is changed, in the order and one
step at a time as the service wants it. What the file does not name stays as it is. The plan is shown first, on a terminal it is asked about,
and each step is waited for. A plan that loses something (an index, a stream, the history of recovery) needs --yes in a script.
FILE is a table file (ddb table describe TABLE -o yaml), CloudFormation, Terraform's JSON, or what DescribeTable answers; - is standard input.
--dry-run prints the plan and changes nothing.

[API: CreateTable, UpdateTable, UpdateTimeToLive, UpdateContinuousBackups, TagResource, PutResourcePolicy, …]`,
		Example: example("ddb table apply orders.yaml\nddb table apply tables.yaml --only Orders --yes\nddb table apply template.yaml --dry-run"),
	}
	f := c.Flags()
	f.StringArrayVarP(&files, "file", "f", nil, "a `file` of tables, once for each")
	f.StringSliceVar(&only, "only", nil, "only these `tables` of the file")
	f.StringSliceVar(&leave, "without", nil, "leave these `settings` as they are: tags, replicas, …")
	w.always(f, "wait no longer than this `time` for a step, then exit with 6")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		tables, err := a.tablesOf(append(files, args...), only, leave)
		if err != nil {
			return err
		}
		env, err := a.env(ctx)
		if err != nil {
			return err
		}
		plans, err := a.plans(ctx, env, tables)
		if err != nil {
			return err
		}
		return a.applyPlans(ctx, env, plans, w)
	}
	return c
}

// tablesOf reads files of tables.
func (a *app) tablesOf(files, only, leave []string) ([]*tablefile.Table, error) {
	if len(files) == 0 {
		return nil, usage("FILE is missing", "ddb table describe TABLE -o yaml writes one")
	}
	var all []*tablefile.Table
	for _, file := range files {
		tables, err := a.tableFile(file)
		if err != nil {
			return nil, err
		}
		all = append(all, tables...)
	}
	if len(only) > 0 {
		var kept []*tablefile.Table
		for _, name := range only {
			found := false
			for _, t := range all {
				if t.Name == name {
					kept, found = append(kept, t), true
				}
			}
			if !found {
				return nil, usage(fmt.Sprintf("--only %s: there is no such table in %s", name, strings.Join(files, ", ")), "")
			}
		}
		all = kept
	}
	for _, t := range all {
		if err := without(t, leave); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// plans compares each table with what is there. All plans are made before the first is carried out.
func (a *app) plans(ctx context.Context, env *op.Env, tables []*tablefile.Table) ([]*tablefile.Plan, error) {
	var plans []*tablefile.Plan
	for _, t := range tables {
		var have *tablefile.Table
		l, err := live(ctx, env, t.Name)
		switch {
		case missingNow(err):
		case err != nil:
			return nil, err
		default:
			a.noteUnknown(l)
			have = l.model
			for name := range l.unknown {
				t.Without(name) // what cannot be read cannot be compared
			}
		}
		p, err := tablefile.MakePlan(have, t)
		if err != nil {
			return nil, blockedError(err)
		}
		plans = append(plans, p)
	}
	return plans, nil
}

func blockedError(err error) error {
	if b, ok := errors.AsType[*tablefile.Blocked](err); ok {
		return &op.Error{Code: "CannotChange", Message: b.Error(), Hint: "make a new table with ddb table create -f, and copy the items: ddb scan " + b.Table + " -o jsonl | ddb put NEW -", Cause: err}
	}
	return err
}

// applyPlans shows, asks and does.
func (a *app) applyPlans(ctx context.Context, env *op.Env, plans []*tablefile.Plan, w waiting) error {
	steps, destroys := 0, []string{}
	for _, p := range plans {
		steps += len(p.Steps)
		for _, s := range p.Steps {
			if s.Destroys != "" {
				destroys = append(destroys, s.Destroys)
			}
		}
	}
	if a.flags.dryRun {
		return a.show(plans, nil)
	}
	if steps == 0 {
		a.io.notef("ddb: nothing to change")
		return nil
	}
	for _, p := range plans {
		for _, n := range p.Notes {
			a.io.notef("ddb: note: %s: %s", p.Table, n)
		}
	}
	if err := a.mayApply(ctx, env, plans, steps, destroys); err != nil {
		return err
	}
	c := a.carrier(env, w)
	for _, p := range plans {
		if err := c.carry(ctx, p); err != nil {
			return err
		}
	}
	a.io.notef("ddb: %s made", counted(steps, "change"))
	return nil
}

// mayApply asks about the plan as a whole. On a terminal always, in a script only what destroys needs --yes.
func (a *app) mayApply(ctx context.Context, env *op.Env, plans []*tablefile.Plan, steps int, destroys []string) error {
	for _, p := range plans {
		effect := op.Write
		if p.Destroys() {
			effect = op.Destroy
		}
		if err := env.Admits(effect, op.Spec{Tool: "table apply", Use: "table apply"}, p.Table); err != nil {
			return err
		}
	}
	if a.flags.yes || len(destroys) == 0 && !a.io.canAsk() {
		return nil
	}
	what := "Making " + counted(steps, "change")
	if len(destroys) > 0 {
		what += ", which loses " + strings.Join(destroys, "; ") + ","
	}
	if a.io.canAsk() {
		for _, p := range plans {
			for _, s := range p.Steps {
				mark := "  "
				if s.Destroys != "" {
					mark = a.paint("31", "! ")
				}
				a.io.notef("%s%s: %s", mark, p.Table, s.Text)
			}
		}
	}
	return a.confirm(ctx, op.Spec{Tool: "apply", Title: what}, nil, nil)
}
