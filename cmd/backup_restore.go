package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

const restoreText = `
A restore brings back items, keys, indexes, capacity and encryption. It drops time to live, tags, point-in-time recovery, the stream, the policy,
deletion protection, insights, Kinesis destinations and auto scaling; ddb says which of them the table had. --settings puts them back, from the
table that was backed up as it is now, or with --settings=FILE from a table file, and waits for the new table. Replicas and alarms are not put
back.`

// adornRestores are the two ways of restoring.
func adornRestores(all map[string]adornment, byName string) {
	var fromBackup, toTime restoring
	adorn(all, backup.Restore, Adorn[backup.RestoreInput, types.TableDescription]{
		Long:    "Make a new table out of a backup. " + byName + restoreText,
		Example: "ddb backup restore nightly OrdersRestored --wait\nddb backup restore nightly OrdersRestored --settings\nddb backup restore nightly OrdersRestored --settings=orders.yaml",
		Hide:    []string{"global-secondary-indexes", "local-secondary-indexes", "vector-indexes", "provisioned-throughput", "on-demand-throughput", "sse-specification"},
		Flags: func(f *pflag.FlagSet) func(context.Context, *app, *backup.RestoreInput, []string) error {
			fromBackup.define(f)
			return func(ctx context.Context, a *app, in *backup.RestoreInput, _ []string) (err error) {
				if in.BackupArn, err = a.backupARN(ctx, in.BackupArn); err != nil {
					return err
				}
				return fromBackup.prepare(ctx, a, op.TableName(in.BackupArn), in.BackupArn)
			}
		},
		After: func(ctx context.Context, a *app, in *backup.RestoreInput, out *types.TableDescription) (*types.TableDescription, error) {
			return fromBackup.finish(ctx, a, in.TargetTableName, out)
		},
		View: describeView,
	})
	adorn(all, backup.RestoreToTime, Adorn[backup.RestoreToTimeInput, types.TableDescription]{
		Long: `Make a new table as another was at a time: --to yesterday-10:00, --to 2026-01-31T12:00:00Z, --to '2h ago', or the latest restorable time when
--to is left out.` + restoreText,
		Example: "ddb pitr restore Orders OrdersBefore --to yesterday-10:00 --settings\nddb pitr restore Orders OrdersBefore --to 10m --wait\nddb pitr restore Orders OrdersNow",
		Hide:    []string{"source-table-arn", "global-secondary-indexes", "local-secondary-indexes", "vector-indexes", "provisioned-throughput", "on-demand-throughput", "sse-specification"},
		Flags: func(f *pflag.FlagSet) func(context.Context, *app, *backup.RestoreToTimeInput, []string) error {
			toTime.define(f)
			return func(ctx context.Context, a *app, in *backup.RestoreToTimeInput, args []string) error {
				if len(args) < 2 {
					return usage("TARGET is missing: the name of the new table", "usage: ddb pitr restore TABLE TARGET")
				}
				if in.RestoreDateTime == nil && in.UseLatestRestorableTime == nil {
					latest := true
					in.UseLatestRestorableTime = &latest
				}
				source := in.SourceTableName
				if source == "" {
					source = op.TableName(in.SourceTableArn)
				}
				return toTime.prepare(ctx, a, source, "")
			}
		},
		After: func(ctx context.Context, a *app, in *backup.RestoreToTimeInput, out *types.TableDescription) (*types.TableDescription, error) {
			return toTime.finish(ctx, a, in.TargetTableName, out)
		},
		View: describeView,
	})
}

// fromSource is --settings without a file.
const fromSource = "source"

// restoring is what a restore does beside the call: it knows what will be lost, and may put it back.
type restoring struct {
	settings string
	wait     waiting
	// whole says that the restore itself brings all settings back.
	whole bool
	// want is what the table had, or should have; nil where nothing is known.
	want *tablefile.Table
}

func (r *restoring) define(f *pflag.FlagSet) {
	f.StringVar(&r.settings, "settings", "", "put back what a restore drops: from the table itself, or --settings=`FILE`")
	f.Lookup("settings").NoOptDefVal = fromSource
	r.wait.define(f, "wait until the new table is ready")
}

// prepare learns the settings before the restore begins, so that nothing is restored where they cannot be had.
func (r *restoring) prepare(ctx context.Context, a *app, source, arn string) error {
	if r.settings != "" && r.settings != fromSource {
		tables, err := a.tableFile(r.settings)
		if err != nil {
			return err
		}
		r.want = tables[0]
		for _, t := range tables {
			if t.Name == source {
				r.want = t
			}
		}
		if len(tables) > 1 && r.want.Name != source {
			return usage(fmt.Sprintf("%s holds several tables, and none of them is %s", r.settings, source), "leave the others out")
		}
		return nil
	}
	env, err := a.env(ctx)
	if err != nil {
		return err
	}
	if arn != "" {
		if whole, err := backup.IsSnapshotARN(ctx, env, arn); err == nil && whole {
			r.whole, r.settings = true, ""
			return nil
		}
	}
	l, err := live(ctx, env, source)
	switch {
	case err == nil:
		if r.settings != "" {
			a.noteUnknown(l)
		}
		r.want = l.model
		return nil
	case r.settings == "":
		return nil // what is lost cannot be told; that is no reason not to restore
	case !missingNow(err):
		return err
	case arn == "":
		return err
	}
	return r.fromBackup(ctx, a, env, source, arn)
}

// fromBackup takes what a backup itself remembers, where its table is gone: time to live and the stream.
func (r *restoring) fromBackup(ctx context.Context, a *app, env *op.Env, source, arn string) error {
	d, err := backup.Describe.Call(ctx, env, &backup.DescribeInput{BackupArn: arn})
	if err != nil {
		return err
	}
	r.want = &tablefile.Table{Name: source}
	if f := d.SourceTableFeatureDetails; f != nil {
		if t := f.TimeToLiveDescription; t != nil {
			r.want.TTL = ttlOf(t.TimeToLiveStatus, t.AttributeName)
		}
		if s := f.StreamDescription; s != nil && aws.ToBool(s.StreamEnabled) {
			r.want.Stream = tablefile.Word("stream", string(s.StreamViewType))
		}
	}
	a.io.notef("ddb: warning: the table %s is gone: the backup remembers its time to live and stream; tags, policy, point-in-time recovery and the rest are not known", source)
	a.hint("give them by a table file: --settings=FILE")
	return nil
}

// finish waits, and puts back or says what was dropped.
func (r *restoring) finish(ctx context.Context, a *app, target string, out *types.TableDescription) (*types.TableDescription, error) {
	env, err := a.env(ctx)
	if err != nil {
		return nil, err
	}
	if r.settings == "" {
		if !r.whole {
			r.tell(a, target)
		}
		if !r.wait.wanted() {
			return out, nil
		}
		return a.waitActive(ctx, env, target, r.wait)
	}
	if _, err := a.waitActive(ctx, env, target, r.wait); err != nil {
		r.sayUndone(a, target)
		return nil, err
	}
	l, err := live(ctx, env, target)
	if err != nil {
		return nil, err
	}
	p, err := tablefile.MakePlan(l.model, droppedOf(r.want, l.model))
	if err != nil {
		return nil, err
	}
	if err := a.carrier(env, r.wait).carry(ctx, p); err != nil {
		return nil, fmt.Errorf("the table is restored, but not all its settings: %w", err)
	}
	return a.waitActive(ctx, env, target, r.wait)
}

// sayUndone says how to put the settings back, where the wait for the new table has ended before that was done.
func (r *restoring) sayUndone(a *app, target string) {
	from := "ddb table describe " + r.want.Name + " -o yaml"
	if r.settings != fromSource {
		from = "cat " + shellWord(r.settings)
	}
	a.io.notef("ddb: the settings are not put back; when %s is ready: %s | sed 's/^table:.*/table: %s/' | ddb table apply - --without replicas --yes", target, from, target)
}

// tell says what the source has and the restored table lacks.
func (r *restoring) tell(a *app, target string) {
	if r.want == nil {
		a.io.notef("ddb: a restore drops time to live, tags, point-in-time recovery, stream, policy, deletion protection, insights and auto scaling")
		return
	}
	days := 0
	bare := &tablefile.Table{
		TTL: tablefile.Off, PITR: &days, Stream: tablefile.Off, Tags: map[string]string{}, Policy: tablefile.Off, Class: r.want.Class, Protection: tablefile.Off,
		Insights: tablefile.Off, Kinesis: []tablefile.Kinesis{}, Indexes: r.want.Clone().Indexes, Billing: r.want.Billing,
	}
	for i := range bare.Indexes {
		bare.Indexes[i].Insights, bare.Indexes[i].Scaling = tablefile.Off, nil
	}
	want := droppedOf(r.want, bare)
	want.Name = target
	p, err := tablefile.MakePlan(bare, want)
	if err != nil || len(p.Steps) == 0 {
		return
	}
	var lost []string
	for _, s := range p.Steps {
		lost = append(lost, s.Text)
	}
	a.io.notef("ddb: the restored table lacks what %s has: %s", r.want.Name, strings.Join(lost, "; "))
	a.hint("--settings puts it back in a restore; ddb table diff " + r.want.Name + " " + target + " shows it later")
}

// droppedOf is the part of a table that a restore drops, for a table that is restored. Indexes are the restored table's own, with the insights they had.
func droppedOf(want, restored *tablefile.Table) *tablefile.Table {
	t := &tablefile.Table{
		Name: restored.Name, TTL: want.TTL, PITR: want.PITR, Stream: want.Stream, Tags: want.Tags, Policy: want.Policy, Class: want.Class,
		Protection: want.Protection, Insights: want.Insights, Kinesis: want.Kinesis, Scaling: want.Scaling,
	}
	for _, x := range restored.Indexes {
		x.Capacity, x.Max, x.Warm, x.Scaling, x.Insights = nil, nil, nil, nil, ""
		for _, y := range want.Indexes {
			if y.Name == x.Name {
				x.Insights, x.Scaling = y.Insights, y.Scaling
			}
		}
		t.Indexes = append(t.Indexes, x)
	}
	return t
}
