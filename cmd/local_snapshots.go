package cmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/engine/local"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
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
	return snapshotRow{}, &op.Error{Code: "BackupNotFoundException", Message: fmt.Sprintf("no snapshot of %q is kept", text), Hint: orNearest(text, names, "see them with: ddb local snapshots")}
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
