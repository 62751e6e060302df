package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
)

// A waitFor is one kind of thing ddb wait waits for.
type waitFor struct {
	kind, args, short, api, example string
	index                           bool       // --index makes sense
	table                           bool       // the first position is a table
	wait                            waitAction // until it is done
	gone                            waitAction // with --gone, until it is no more; nil where that makes no sense
}

// A waitAction waits for what args name.
type waitAction func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error

type waitOptions struct {
	gone  bool
	index string
	waiting
}

var waitFors = []waitFor{
	{
		kind: "table", args: "TABLE", api: "DescribeTable",
		short:   "a table, its indexes and replicas are ready",
		example: "ddb wait table Orders\nddb wait table Orders --gone --wait-timeout 2m",
		table:   true,
		gone: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			return a.waitGone(ctx, env, args[0], o.waiting)
		},
		wait: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			_, err := a.waitActive(ctx, env, args[0], o.waiting)
			return err
		},
	},
	{
		kind: "index", args: "TABLE INDEX", api: "DescribeTable",
		short:   "an index is filled and ready",
		example: "ddb wait index Orders ByStatus\nddb wait index Orders ByStatus --gone",
		table:   true,
		gone: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			return a.waitIndexGone(ctx, env, args[0], args[1], o.waiting)
		},
		wait: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			return a.waitIndex(ctx, env, args[0], args[1], o.waiting)
		},
	},
	{
		kind: "replica", args: "TABLE REGION", api: "DescribeTable",
		short:   "a replica is ready",
		example: "ddb wait replica Orders eu-west-1",
		table:   true,
		gone: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			return a.waitReplica(ctx, env, args[0], args[1], true, o.waiting)
		},
		wait: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			return a.waitReplica(ctx, env, args[0], args[1], false, o.waiting)
		},
	},
	{
		kind: "global-table", args: "TABLE", api: "DescribeGlobalTable",
		short:   "a global table of the version of 2017 is ready",
		example: "ddb wait global-table Orders",
		table:   true,
		gone: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			return a.waitGlobalGone(ctx, env, args[0], o.waiting)
		},
		wait: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			_, err := a.waitGlobal(ctx, env, args[0], o.waiting)
			return err
		},
	},
	{
		kind: "autoscaling", args: "TABLE", api: "DescribeTableReplicaAutoScaling",
		short:   "a change of auto scaling is made in every region",
		example: "ddb wait autoscaling Orders",
		table:   true,
		wait: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			_, err := a.waitScaling(ctx, env, args[0], o.waiting)
			return err
		},
	},
	{
		kind: "backup", args: "BACKUP", api: "DescribeBackup",
		short:   "a backup is there",
		example: "ddb wait backup nightly",
		wait: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			arn, err := a.backupARN(ctx, args[0])
			if err == nil {
				_, err = a.waitBackup(ctx, env, arn, o.waiting)
			}
			return err
		},
	},
	{
		kind: "export", args: "ARN", api: "DescribeExport",
		short:   "an export to S3 is done",
		example: "ddb wait export arn:aws:dynamodb:us-west-2:000000000000:table/Orders/export/01",
		wait: func(ctx context.Context, a *app, _ *op.Env, args []string, o waitOptions) error {
			_, err := a.waitExport(ctx, args[0], o.waiting)
			return err
		},
	},
	{
		kind: "import", args: "ARN", api: "DescribeImport",
		short:   "an import from S3 is done",
		example: "ddb wait import arn:aws:dynamodb:us-west-2:000000000000:table/Orders/import/01",
		wait: func(ctx context.Context, a *app, _ *op.Env, args []string, o waitOptions) error {
			_, err := a.waitImport(ctx, args[0], o.waiting)
			return err
		},
	},
	{
		kind: "bulk", args: "ARN", api: "DescribeBulkOperation",
		short:   "a bulk operation is done",
		example: "ddb wait bulk arn:aws:dynamodb:us-west-2:000000000000:table/Orders/bulk-operation/01",
		wait: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			_, err := a.waitBulk(ctx, env, args[0], o.waiting)
			return err
		},
	},
	{
		kind: "ttl", args: "TABLE", api: "DescribeTimeToLive",
		short:   "time to live is on or off",
		example: "ddb wait ttl Orders",
		table:   true,
		wait: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			return a.waitTTL(ctx, env, args[0], o.waiting)
		},
	},
	{
		kind: "pitr", args: "TABLE", api: "DescribeContinuousBackups",
		short:   "point-in-time recovery has a time to restore to",
		example: "ddb wait pitr Orders",
		table:   true,
		wait: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			return a.waitPITR(ctx, env, args[0], o.waiting)
		},
	},
	{
		kind: "kinesis", args: "TABLE [STREAM]", api: "DescribeKinesisStreamingDestination",
		short:   "changes are sent to Kinesis, or no more",
		example: "ddb wait kinesis Orders",
		table:   true,
		wait: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			_, err := a.waitKinesis(ctx, env, args[0], append(args, "")[1], o.waiting)
			return err
		},
	},
	{
		kind: "insights", args: "TABLE", api: "DescribeContributorInsights",
		short:   "contributor insights are on or off",
		example: "ddb wait insights Orders --index ByStatus",
		table:   true, index: true,
		wait: func(ctx context.Context, a *app, env *op.Env, args []string, o waitOptions) error {
			_, err := a.waitInsights(ctx, env, args[0], o.index, o.waiting)
			return err
		},
	},
}

// waitCommands are ddb wait …, one for each kind of thing that takes its time.
func waitCommands(a *app) *cobra.Command {
	family := &cobra.Command{
		Use: "wait", Short: "Wait until something asynchronous is done", Args: cobra.ArbitraryArgs, RunE: unknownCommand,
		Long: "Wait until something asynchronous is done. How far it is stands on standard error; the exit code is 0 when it is done, 6 after\n--wait-timeout, and 1 when it failed. Ctrl-C ends the waiting only: what was begun goes on.",
	}
	for _, w := range waitFors {
		family.AddCommand(w.command(a, w.kind))
	}
	return family
}

// command makes the command under a name: "wait table" is "table wait" too.
func (w waitFor) command(a *app, name string) *cobra.Command {
	var o waitOptions
	words := strings.Fields(w.args)
	most, least := len(words), 0
	for _, word := range words {
		if !strings.HasPrefix(word, "[") {
			least++
		}
	}
	c := &cobra.Command{
		Use: name + " " + w.args, Short: fmt.Sprintf("Wait until %s [API: %s]", w.short, w.api), Example: example(w.example),
		Args: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) > most:
				return usage(fmt.Sprintf("unexpected argument %q", args[most]), "usage: "+c.UseLine())
			case len(args) < least && !(len(args) == 0 && least == 1 && w.table):
				return usage(words[len(args)]+" is missing", "usage: "+c.UseLine())
			}
			return nil
		},
	}
	if w.table {
		c.ValidArgsFunction = completeTables(a)
		if w.kind == "index" {
			c.ValidArgsFunction = completeTableAndIndex(a)
		}
	}
	if w.gone != nil {
		c.Flags().BoolVar(&o.gone, "gone", false, "wait until it is no more")
	}
	if w.index {
		c.Flags().StringVar(&o.index, "index", "", "an `index` instead of the table")
	}
	o.defineLimit(c.Flags(), waitLimitHelp)
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		if w.table {
			args = append([]string(nil), args...)
			if len(args) == 0 {
				args = []string{"."}
			}
			var err error
			if args[0], err = a.table(args[0]); err != nil {
				return err
			}
		}
		env, err := a.env(ctx)
		if err != nil {
			return err
		}
		if o.gone {
			return w.gone(ctx, a, env, args, o)
		}
		return w.wait(ctx, a, env, args, o)
	}
	return c
}

// waitForKind finds a kind.
func waitForKind(kind string) waitFor {
	for _, w := range waitFors {
		if w.kind == kind {
			return w
		}
	}
	return waitFor{}
}
