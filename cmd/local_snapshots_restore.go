package cmd

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/wire"
)

func snapshotRestore(a *app) *cobra.Command {
	var (
		name string
		w    waiting
	)
	c := &cobra.Command{
		Use: "restore TABLE|ARN", Short: "Bring a deleted table back with its items and settings [API: RestoreTableFromBackup]",
		Long: `Bring a deleted table back: items, indexes, capacity, tags, time to live, point-in-time recovery, stream, insights, Kinesis destinations and auto
scaling settings; the policy, if the name is the same. Streams and the history of recovery begin anew; a table that was a replica comes back alone.
TABLE stands for its newest snapshot; an ARN names any. The snapshot stays.

[API: RestoreTableFromBackup]`,
		Example: example("ddb local snapshots restore Orders\nddb local snapshots restore Orders --as OrdersBefore --wait"),
		Args:    cobra.ExactArgs(1), ValidArgsFunction: completeSnapshots(a),
	}
	c.Flags().StringVar(&name, "as", "", "the restored table's `name`; by default the one it had")
	w.define(c.Flags(), "wait until the table is ready")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		env, err := a.embedded(ctx)
		if err != nil {
			return err
		}
		b, err := snapshotNamed(ctx, env, args[0])
		if err != nil {
			return err
		}
		if name == "" {
			name = b.Table
		}
		if a.dryRun() {
			env = a.dryEnv(ctx, env)
		}
		out, err := backup.Restore.Call(ctx, env, &backup.RestoreInput{BackupArn: b.ARN, TargetTableName: name})
		if done, err := a.showDry(err); done {
			return err
		}
		if e, ok := errors.AsType[*op.Error](err); ok && e.Code == "TableAlreadyExistsException" {
			known := *e
			known.Hint = "give it another name: --as " + name + "Restored"
			return &known
		}
		if err == nil && w.wanted() {
			out, err = a.waitActive(ctx, env, name, w)
		}
		if err != nil {
			return err
		}
		p, err := a.printer()
		if err != nil {
			return err
		}
		doc, err := wire.Marshal(out)
		if err != nil {
			return fmt.Errorf("write the answer: %w", err)
		}
		if err := p.Document(doc, describeView); err != nil {
			return err
		}
		return p.Flush()
	}
	return c
}
