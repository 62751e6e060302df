package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/engine/local"
	"github.com/ddb-cli/ddb/internal/nearest"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/wire"
)

// sayUndo says how a deletion can be undone, where the answer names a snapshot. The memory of one command ends with it.
func (a *app) sayUndo(name string, d *types.TableDescription) {
	if d != nil && d.ArchivalSummary != nil && d.ArchivalSummary.ArchivalBackupArn != nil && (!a.cfg.Memory || a.session != nil) {
		a.hint("undo it with: ddb local snapshots restore " + name)
	}
}

// localSnapshots are the tables that were deleted on the embedded engine and can be had back.
func localSnapshots(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "snapshots [TABLE]", Short: "List what was deleted from the local store and can be brought back; restore, delete",
		Long: `List the snapshots of deleted tables, the newest first. Whenever ddb deletes a table on the embedded engine, or all its items (table delete, table truncate,
the shell, an assistant by serve-mcp), the table is kept as a snapshot with all its items and settings; other programs that call ddb local start
delete for good. Kept are the newest 10 (DDB_SNAPSHOTS says how many, 0 for none) for 35 days, together at most 1 GiB of items, in memory 64 MiB;
the newest one whatever its size. Snapshots are backups of the type SYSTEM, in the region they were made in.`,
		Example: example("ddb local snapshots\nddb local snapshots Orders\nddb local snapshots --query '[].table'"),
		Args:    cobra.MaximumNArgs(1), ValidArgsFunction: completeSnapshots(a),
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		env, err := a.embedded(ctx)
		if errors.Is(err, errNoStore) { // where nothing was ever deleted nothing is kept
			if a.io.ErrTerminal {
				a.io.notef("ddb: no snapshot is kept")
			}
			return a.show([]snapshotRow{}, nil)
		}
		if err != nil {
			return err
		}
		name := ""
		if len(args) == 1 {
			name = args[0]
		}
		list, err := backup.Snapshots(ctx, env, name)
		if err != nil {
			return err
		}
		rows := []snapshotRow{}
		for _, b := range list {
			row := rowOf(b)
			if d, err := backup.Describe.Call(ctx, env, &backup.DescribeInput{BackupArn: row.ARN}); err == nil && d.SourceTableDetails != nil {
				row.Items = aws.ToInt64(d.SourceTableDetails.ItemCount)
			}
			rows = append(rows, row)
		}
		if len(rows) == 0 && a.io.ErrTerminal {
			a.io.notef("ddb: no snapshot is kept")
		}
		return a.show(rows, nil)
	}
	c.AddCommand(snapshotRestore(a), snapshotDelete(a))
	return c
}

// snapshotRow is a snapshot as it is listed, an interface of its own.
type snapshotRow struct {
	Table   string `json:"table"`
	Deleted string `json:"deleted"`
	Expires string `json:"expires"`
	Items   int64  `json:"items"`
	Bytes   int64  `json:"bytes"`
	ARN     string `json:"arn"`
}

func rowOf(b types.BackupSummary) snapshotRow {
	at := func(t *time.Time) string { return aws.ToTime(t).UTC().Format(time.RFC3339) }
	return snapshotRow{
		Table: aws.ToString(b.TableName), Deleted: at(b.BackupCreationDateTime), Expires: at(b.BackupExpiryDateTime),
		Bytes: aws.ToInt64(b.BackupSizeBytes), ARN: aws.ToString(b.BackupArn),
	}
}

// errNoStore says that there is no local store where one was to be read.
var errNoStore = errors.New("there is no local store")

// embedded is env on the embedded engine, whether or not --local says so: that is what the command is about. It makes no store
// where there is none, which would hold nothing.
func (a *app) embedded(ctx context.Context) (*op.Env, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	if cfg.Memory && a.session == nil {
		return nil, usage("--local=memory keeps nothing from one command to the next", "leave it out, or name the folder with --data")
	}
	a.cfg.Local, a.cfg.Endpoint, a.cfg.Profile = true, "", ""
	if a.session == nil {
		if state, err := local.Status(cfg.Data); err == nil && !state.Exists {
			return nil, &op.Error{Code: "ResourceNotFoundException", Message: "there is no local store in " + cfg.Data, Hint: "one is made by the first command that uses it: ddb table create … --local", Cause: errNoStore}
		}
	}
	return a.env(ctx)
}

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

// snapshotNamed finds a snapshot by its ARN, or the newest one of a table.
func snapshotNamed(ctx context.Context, env *op.Env, text string) (snapshotRow, error) {
	list, err := backup.Snapshots(ctx, env, "")
	if err != nil {
		return snapshotRow{}, err
	}
	var names []string
	for _, b := range list {
		if row := rowOf(b); row.ARN == text || row.Table == text {
			return row, nil
		}
		names = append(names, aws.ToString(b.TableName))
	}
	e := &op.Error{Code: "BackupNotFoundException", Message: fmt.Sprintf("no snapshot of %q is kept", text), Hint: "see them with: ddb local snapshots"}
	if near := nearest.Name(text, names); near != "" {
		e.Hint = fmt.Sprintf("did you mean %q?", near)
	}
	return snapshotRow{}, e
}

func completeSnapshots(a *app) completion {
	return func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		a.begin(c)
		ctx, cancel := context.WithTimeout(c.Context(), embeddedTime)
		defer cancel()
		env, err := a.embedded(ctx)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		list, err := backup.Snapshots(ctx, env, "")
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var names []string
		for _, b := range list {
			names = append(names, aws.ToString(b.TableName))
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}
