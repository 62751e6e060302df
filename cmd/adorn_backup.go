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
	var waitCreate waiting
	adorn(all, backup.Create, Adorn[backup.CreateInput, types.BackupDetails]{
		Example: "ddb backup create Orders nightly\nddb backup create Orders before-migration --wait --query BackupArn",
		Flags:   waitFlag[backup.CreateInput](&waitCreate, "wait until the backup is there"),
		After: func(ctx context.Context, a *app, _ *backup.CreateInput, out *types.BackupDetails) (*types.BackupDetails, error) {
			if !waitCreate.wanted() {
				return out, nil
			}
			env, err := a.env(ctx)
			if err != nil {
				return nil, err
			}
			return a.waitBackup(ctx, env, aws.ToString(out.BackupArn), waitCreate)
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
	adornRestores(all, byName)
	adornRecovery(all)
}

func adornRecovery(all map[string]adornment) {
	adorn(all, backup.DescribeContinuous, Adorn[backup.DescribeContinuousInput, types.ContinuousBackupsDescription]{
		Example: "ddb pitr status Orders",
	})
	adorn(all, backup.UpdateContinuous, Adorn[backup.UpdateContinuousInput, types.ContinuousBackupsDescription]{
		Ask: func(in *backup.UpdateContinuousInput) string {
			return "Turning point-in-time recovery of " + in.TableName + " off with all its history"
		},
		Example: "ddb pitr update Orders --enabled --days 7",
	})
}

// waitFlag is a --wait on its own.
func waitFlag[In any](wait *waiting, help string) func(*pflag.FlagSet) func(context.Context, *app, *In, []string) error {
	return func(f *pflag.FlagSet) func(context.Context, *app, *In, []string) error {
		wait.define(f, help)
		return func(context.Context, *app, *In, []string) error { return nil }
	}
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
	var w waiting
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
			return a.invoke(ctx, backup.UpdateContinuous, a.waitedFor("update_continuous_backups", w, func(ctx context.Context, env *op.Env) error {
				return a.waitPITR(ctx, env, in.TableName, w)
			}), in, 0)
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
	w.define(enable.Flags(), "wait until there is a time to restore to")
	return []*cobra.Command{enable, disable}
}
