package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
)

func snapshotDelete(a *app) *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use: "delete TABLE|ARN", Short: "Give a snapshot up, or all of them [API: DeleteBackup]",
		Long: `Give a snapshot up: its items cannot be brought back. TABLE stands for its newest snapshot; an ARN names any, and --all means all.
On a terminal ddb asks first; in a script --yes is needed.

[API: DeleteBackup]`,
		Example: example("ddb local snapshots delete Orders --yes\nddb local snapshots delete --all --yes"),
		Args:    cobra.MaximumNArgs(1), ValidArgsFunction: completeSnapshots(a),
	}
	c.Flags().BoolVar(&all, "all", false, "all snapshots")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		if all == (len(args) == 1) {
			return usage("name one snapshot, or give --all", "see them with: ddb local snapshots")
		}
		env, err := a.embedded(ctx)
		if err != nil {
			return err
		}
		rows := []snapshotRow{}
		if all {
			list, err := backup.Snapshots(ctx, env, "")
			if err != nil {
				return err
			}
			for _, b := range list {
				rows = append(rows, rowOf(b))
			}
		} else {
			b, err := snapshotNamed(ctx, env, args[0])
			if err != nil {
				return err
			}
			rows = append(rows, b)
		}
		return a.deleteSnapshots(ctx, env, rows)
	}
	return c
}

// deleteSnapshots asks once and deletes.
func (a *app) deleteSnapshots(ctx context.Context, env *op.Env, rows []snapshotRow) error {
	if a.flags.dryRun || len(rows) == 0 {
		a.io.notef("ddb: %s would be deleted", counted(len(rows), "snapshot"))
		return a.show(rows, nil)
	}
	tables := make([]string, len(rows))
	for i, b := range rows {
		tables[i] = b.Table
	}
	if err := env.Admits(op.Destroy, op.Spec{Tool: "local snapshots delete", Use: "local snapshots delete"}, tables...); err != nil {
		return err
	}
	what := fmt.Sprintf("Deleting the %s of %s", strings.TrimPrefix(counted(len(rows), "snapshot"), "1 "), strings.Join(tables, ", "))
	if err := a.confirmText(ctx, what, ""); err != nil {
		return err
	}
	asked := *env
	asked.Confirm = nil
	for _, b := range rows {
		if _, err := backup.Delete.Call(ctx, &asked, &backup.DeleteInput{BackupArn: b.ARN}); err != nil && !missingNow(err) {
			return err
		}
	}
	a.io.notef("ddb: %s deleted", counted(len(rows), "snapshot"))
	return nil
}
