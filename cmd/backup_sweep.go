package cmd

import (
	"context"
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
)

func backupSweep(a *app) *cobra.Command {
	var (
		older, name string
		keep        int
	)
	c := &cobra.Command{
		Use: "sweep [TABLE]", Short: "Delete backups by age [API: ListBackups, DeleteBackup]",
		Long: `Delete on-demand backups older than --older-than, of one table or of all. --keep N keeps the newest N of each table, whatever their age, also
those of tables that are gone. Backups that the service made on deleting a table, and those of AWS Backup, are not touched.
On a terminal ddb asks once; in a script --yes is needed. --dry-run lists what would go.

[API: ListBackups, DeleteBackup]`,
		Example: example("ddb backup sweep --older-than 30d --keep 3 --dry-run\nddb backup sweep Orders --older-than 12w --yes\nddb backup sweep --older-than 7d --name 'nightly-*' --yes"),
		Args:    cobra.MaximumNArgs(1), ValidArgsFunction: completeTables(a),
	}
	c.Flags().StringVar(&older, "older-than", "", "`age`: 30d, 12w, 36h")
	c.Flags().IntVar(&keep, "keep", 0, "keep the newest `N` of each table")
	c.Flags().StringVar(&name, "name", "", "only backups whose name matches this `glob`")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		if older == "" {
			return usage("--older-than is missing", "write --older-than 30d")
		}
		age, err := span(older)
		if err != nil {
			return err
		}
		if _, err := path.Match(name, ""); err != nil {
			return usage(fmt.Sprintf("--name %s is no pattern", name), "write it as 'nightly-*'")
		}
		if keep < 0 {
			return usage(fmt.Sprintf("--keep %d is no number of backups", keep), "it is how many of each table stay, whatever their age: 0 or more")
		}
		in := &backup.ListInput{BackupType: "USER"}
		if len(args) == 1 {
			if in.TableName, err = a.table(args[0]); err != nil {
				return err
			}
		}
		env, err := a.env(ctx)
		if err != nil {
			return err
		}
		old, err := oldBackups(ctx, env, in, time.Now().Add(-age), name, keep)
		if err != nil {
			return err
		}
		return a.sweep(ctx, env, old)
	}
	return c
}

// oldBackups are those made before a time, without the newest keep of each table, oldest first.
func oldBackups(ctx context.Context, env *op.Env, in *backup.ListInput, before time.Time, glob string, keep int) ([]types.BackupSummary, error) {
	var all []types.BackupSummary
	_, err := backup.List.Each(ctx, env, in, func(b types.BackupSummary) error {
		ok, _ := path.Match(glob, aws.ToString(b.BackupName)) // the pattern was checked
		if b.BackupType == types.BackupTypeUser && (glob == "" || ok) {
			all = append(all, b)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(x, y types.BackupSummary) int {
		return aws.ToTime(y.BackupCreationDateTime).Compare(aws.ToTime(x.BackupCreationDateTime))
	})
	kept := map[string]int{}
	old := []types.BackupSummary{}
	for _, b := range all {
		// A table made anew under the same name is another table, with backups of its own.
		table := aws.ToString(b.TableName) + "\x00" + aws.ToString(b.TableId)
		if kept[table] < keep {
			kept[table]++
			continue
		}
		if aws.ToTime(b.BackupCreationDateTime).Before(before) && b.BackupStatus == types.BackupStatusAvailable {
			old = append(old, b)
		}
	}
	slices.Reverse(old)
	return old, nil
}

type sweptRow struct {
	Name    string `json:"name"`
	Table   string `json:"table"`
	Created string `json:"created"`
	Bytes   int64  `json:"bytes"`
	ARN     string `json:"arn"`
}

// sweep asks once and deletes them all; what fails does not keep the others.
func (a *app) sweep(ctx context.Context, env *op.Env, old []types.BackupSummary) error {
	rows := []sweptRow{}
	var bytes int64
	for _, b := range old {
		bytes += aws.ToInt64(b.BackupSizeBytes)
		rows = append(rows, sweptRow{
			aws.ToString(b.BackupName), aws.ToString(b.TableName), aws.ToTime(b.BackupCreationDateTime).UTC().Format(time.RFC3339), aws.ToInt64(b.BackupSizeBytes), aws.ToString(b.BackupArn),
		})
	}
	if a.flags.dryRun || len(old) == 0 {
		if a.flags.dryRun {
			a.io.notef("ddb: %s would be deleted", counted(len(old), "backup"))
		} else {
			a.io.notef("ddb: no backup is that old")
		}
		return a.show(rows, nil)
	}
	if err := env.Admits(op.Destroy, backup.Delete.Spec()); err != nil {
		return err
	}
	what := fmt.Sprintf("Deleting %s, %s,", counted(len(old), "backup"), sizeText(fmt.Sprint(bytes)))
	if err := a.confirm(ctx, op.Spec{Tool: "sweep", Title: what}, nil, nil); err != nil {
		return err
	}
	asked := *env
	asked.Confirm = nil
	done := []sweptRow{}
	var failed []string
	var first error
	for i, b := range old {
		_, err := backup.Delete.Call(ctx, &asked, &backup.DeleteInput{BackupArn: aws.ToString(b.BackupArn)})
		switch {
		case err == nil, missingNow(err): // somebody else was quicker
			done = append(done, rows[i])
		case ctx.Err() != nil:
			a.io.notef("ddb: %d of %s deleted", len(done), counted(len(old), "backup"))
			return err
		default:
			failed = append(failed, rows[i].Name)
			a.io.notef("ddb: warning: %s: %v", rows[i].ARN, err)
			if first == nil {
				first = err
			}
		}
	}
	if err := a.show(done, nil); err != nil {
		return err
	}
	a.io.notef("ddb: %s deleted", counted(len(done), "backup"))
	if first != nil {
		return &op.Error{Code: "SomeFailed", Message: fmt.Sprintf("%d of %s were not deleted", len(failed), counted(len(old), "backup")), Cause: first}
	}
	return nil
}
