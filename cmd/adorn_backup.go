package cmd

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/render"
)

func adornBackups(all map[string]adornment) {
	waitCreate, waitRestore := false, false
	adorn(all, backup.Create, Adorn[backup.CreateInput, types.BackupDetails]{
		Example: "ddb backup create Orders nightly\nddb backup create Orders before-migration --wait --query BackupArn",
		Flags:   waitFlag[backup.CreateInput](&waitCreate, "wait until the backup is there"),
		After: func(ctx context.Context, a *app, _ *backup.CreateInput, out *types.BackupDetails) (*types.BackupDetails, error) {
			if !waitCreate {
				return out, nil
			}
			env, err := a.env(ctx)
			if err != nil {
				return nil, err
			}
			err = a.wait(ctx, "backup "+aws.ToString(out.BackupName), backupWait, func() (bool, string, error) {
				d, err := backup.Describe.Call(ctx, env, &backup.DescribeInput{BackupArn: aws.ToString(out.BackupArn)})
				if err != nil {
					return false, "unknown", err
				}
				out = d.BackupDetails
				return out.BackupStatus != types.BackupStatusCreating, string(out.BackupStatus), nil
			})
			return out, err
		},
	})
	adorn(all, backup.List, Adorn[backup.ListInput, struct{}]{
		Args: "[TABLE]", Aliases: []string{"ls"},
		Example: "ddb backup list\nddb backup list Orders --since 7d",
		Flags: func(*pflag.FlagSet) func(context.Context, *app, *backup.ListInput, []string) error {
			return func(_ context.Context, a *app, in *backup.ListInput, args []string) error {
				if len(args) > 1 {
					return usage(fmt.Sprintf("unexpected argument %q", args[1]), "usage: ddb backup list [TABLE]")
				}
				if len(args) == 0 {
					return nil
				}
				var err error
				in.TableName, err = a.table(args[0])
				return err
			}
		},
		View: backupsView,
	})
	byName := "BACKUP is an ARN, or the name of a backup: the newest of that name."
	adorn(all, backup.Describe, Adorn[backup.DescribeInput, types.BackupDescription]{
		Long: "Describe a backup. " + byName, Example: "ddb backup describe nightly",
		Flags: func(*pflag.FlagSet) func(context.Context, *app, *backup.DescribeInput, []string) error {
			return func(ctx context.Context, a *app, in *backup.DescribeInput, _ []string) (err error) {
				in.BackupArn, err = a.backupARN(ctx, in.BackupArn)
				return err
			}
		},
	})
	adorn(all, backup.Delete, Adorn[backup.DeleteInput, types.BackupDescription]{
		Long: "Delete a backup. " + byName, Example: "ddb backup delete nightly --yes",
		Flags: func(*pflag.FlagSet) func(context.Context, *app, *backup.DeleteInput, []string) error {
			return func(ctx context.Context, a *app, in *backup.DeleteInput, _ []string) (err error) {
				in.BackupArn, err = a.backupARN(ctx, in.BackupArn)
				return err
			}
		},
		Ask: func(in *backup.DeleteInput) string { return "Deleting the backup " + in.BackupArn },
	})
	adorn(all, backup.Restore, Adorn[backup.RestoreInput, types.TableDescription]{
		Long: "Make a new table out of a backup. " + byName +
			"\nA restore brings back items, keys and indexes; time to live, tags, streams, policies and point-in-time recovery are set anew.",
		Example: "ddb backup restore nightly OrdersRestored --wait",
		Hide:    []string{"global-secondary-indexes", "local-secondary-indexes", "vector-indexes", "provisioned-throughput", "on-demand-throughput", "sse-specification"},
		Flags: func(f *pflag.FlagSet) func(context.Context, *app, *backup.RestoreInput, []string) error {
			f.BoolVar(&waitRestore, "wait", false, "wait until the new table is ready")
			return func(ctx context.Context, a *app, in *backup.RestoreInput, _ []string) (err error) {
				in.BackupArn, err = a.backupARN(ctx, in.BackupArn)
				return err
			}
		},
		After: func(ctx context.Context, a *app, in *backup.RestoreInput, out *types.TableDescription) (*types.TableDescription, error) {
			return a.restored(ctx, in.TargetTableName, waitRestore, out)
		},
		View: describeView,
	})
	adornRecovery(all)
}

func adornRecovery(all map[string]adornment) {
	wait := false
	adorn(all, backup.RestoreToTime, Adorn[backup.RestoreToTimeInput, types.TableDescription]{
		Long: `Make a new table as another was at a time: --to 2026-01-31T12:00:00Z, --to 2h (ago), or the latest restorable time when --to is left out.
A restore brings back items, keys and indexes; time to live, tags, streams, policies and point-in-time recovery are set anew.`,
		Example: "ddb pitr restore Orders OrdersBefore --to 10m --wait\nddb pitr restore Orders OrdersNow",
		Hide:    []string{"source-table-arn", "global-secondary-indexes", "local-secondary-indexes", "vector-indexes", "provisioned-throughput", "on-demand-throughput", "sse-specification"},
		Flags: func(f *pflag.FlagSet) func(context.Context, *app, *backup.RestoreToTimeInput, []string) error {
			f.BoolVar(&wait, "wait", false, "wait until the new table is ready")
			return func(_ context.Context, _ *app, in *backup.RestoreToTimeInput, args []string) error {
				if len(args) < 2 {
					return usage("TARGET is missing: the name of the new table", "usage: ddb pitr restore TABLE TARGET")
				}
				if in.RestoreDateTime == nil && in.UseLatestRestorableTime == nil {
					latest := true
					in.UseLatestRestorableTime = &latest
				}
				return nil
			}
		},
		After: func(ctx context.Context, a *app, in *backup.RestoreToTimeInput, out *types.TableDescription) (*types.TableDescription, error) {
			return a.restored(ctx, in.TargetTableName, wait, out)
		},
		View: describeView,
	})
	adorn(all, backup.DescribeContinuous, Adorn[backup.DescribeContinuousInput, types.ContinuousBackupsDescription]{
		Example: "ddb pitr status Orders",
	})
	adorn(all, backup.UpdateContinuous, Adorn[backup.UpdateContinuousInput, types.ContinuousBackupsDescription]{
		Ask: func(in *backup.UpdateContinuousInput) string {
			return "Turning point-in-time recovery of " + in.TableName + " off, which drops its history,"
		},
		Example: "ddb pitr update Orders --enabled --days 7",
	})
}

// waitFlag is a --wait on its own.
func waitFlag[In any](wait *bool, help string) func(*pflag.FlagSet) func(context.Context, *app, *In, []string) error {
	return func(f *pflag.FlagSet) func(context.Context, *app, *In, []string) error {
		f.BoolVar(wait, "wait", false, help)
		return func(context.Context, *app, *In, []string) error { return nil }
	}
}

func (a *app) restored(ctx context.Context, name string, wait bool, out *types.TableDescription) (*types.TableDescription, error) {
	if !wait {
		return out, nil
	}
	env, err := a.env(ctx)
	if err != nil {
		return nil, err
	}
	return a.waitActive(ctx, env, name)
}

// backupARN finds a backup by its name; an ARN is taken as it is.
func (a *app) backupARN(ctx context.Context, text string) (string, error) {
	if strings.HasPrefix(text, "arn:") {
		return text, nil
	}
	env, err := a.env(ctx)
	if err != nil {
		return "", err
	}
	var newest *types.BackupSummary
	_, err = backup.List.Each(ctx, env, &backup.ListInput{}, func(b types.BackupSummary) error {
		later := newest == nil || aws.ToTime(b.BackupCreationDateTime).After(aws.ToTime(newest.BackupCreationDateTime))
		if aws.ToString(b.BackupName) == text && later {
			newest = &b
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if newest == nil {
		return "", &op.Error{Code: "BackupNotFoundException", Message: fmt.Sprintf("no backup is named %q", text), Hint: "see the backups with: ddb backup list"}
	}
	return aws.ToString(newest.BackupArn), nil
}

func backupsView(answer *render.Object) []render.Section {
	s := render.Section{Header: []string{"name", "table", "status", "created", "size", "arn"}}
	for _, row := range answer.List("BackupSummaries") {
		b, ok := row.(*render.Object)
		if !ok {
			continue
		}
		s.Rows = append(s.Rows, []string{
			b.Text("BackupName"), b.Text("TableName"), b.Text("BackupStatus"), minute(b.Text("BackupCreationDateTime")), sizeText(b.Text("BackupSizeBytes")), b.Text("BackupArn"),
		})
	}
	return []render.Section{s}
}

// minute shortens a time for the eye.
func minute(text string) string {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	return at.Format("2006-01-02 15:04")
}

// pitrCommands are update_continuous_backups as two verbs.
func pitrCommands(a *app) []*cobra.Command {
	days := int32(0)
	run := func(enabled bool) func(*cobra.Command, []string) error {
		return func(c *cobra.Command, args []string) error {
			ctx, cancel := a.timeout(c.Context())
			defer cancel()
			in := &backup.UpdateContinuousInput{PointInTimeRecoveryEnabled: enabled}
			var err error
			if in.TableName, err = a.table(append(args, ".")[0]); err != nil {
				return err
			}
			if enabled && days > 0 {
				in.RecoveryPeriodInDays = &days
			}
			return a.invoke(ctx, backup.UpdateContinuous, a.adornments()["update_continuous_backups"], in, 0)
		}
	}
	enable := &cobra.Command{
		Use: "enable TABLE", Short: "Turn point-in-time recovery on [API: UpdateContinuousBackups]", Args: cobra.MaximumNArgs(1),
		Example: example("ddb pitr enable Orders\nddb pitr enable Orders --days 7"), RunE: run(true), ValidArgsFunction: completeTables(a),
	}
	enable.Flags().Int32Var(&days, "days", 0, "how far back a restore may go: 1 to 35, the service's choice is 35")
	disable := &cobra.Command{
		Use: "disable TABLE", Short: "Turn point-in-time recovery off, which drops its history [API: UpdateContinuousBackups]", Args: cobra.MaximumNArgs(1),
		Example: example("ddb pitr disable Orders --yes"), RunE: run(false), ValidArgsFunction: completeTables(a),
	}
	return []*cobra.Command{enable, disable}
}
