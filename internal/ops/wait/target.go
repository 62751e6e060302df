package wait

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// How long is waited unless something else is said.
const (
	tableWait  = 10 * time.Minute
	indexWait  = 12 * time.Hour // a backfill reads the whole table
	backupWait = 30 * time.Minute
	exportWait = 12 * time.Hour
	quickWait  = 10 * time.Minute // settings: time to live, recovery, insights, Kinesis
)

// Target is what is waited for. Table, or for a backup, export, import or bulk operation ARN, says which; Name is the index (of
// KindIndex, or of KindInsights where it is not the table's own), the replica's region, or one Kinesis stream of several.
type Target struct {
	Kind  Kind
	Table string
	ARN   string
	Name  string
	// Gone waits until a table, index or replica is no more.
	Gone bool
	op.Region
}

// New is the job of waiting for a target of a known kind.
func New(t Target) Job {
	j := t.job()
	again := []string{"ddb wait", string(t.Kind), t.Table + t.ARN}
	switch {
	case t.Name != "" && t.Kind == KindInsights:
		again = append(again, "--index "+t.Name)
	case t.Name != "":
		again = append(again, t.Name)
	}
	if t.Gone {
		again = append(again, "--gone")
	}
	j.Again = strings.Join(again, " ")
	return j
}

func (t Target) job() Job {
	switch t.Kind {
	case KindTable:
		return Job{What: "table " + t.Table, Usual: tableWait, Look: t.table}
	case KindIndex:
		return Job{What: "index " + t.Name + " of " + t.Table, Usual: indexWait, Look: t.index}
	case KindReplica:
		return Job{What: "replica of " + t.Table + " in " + t.Name, Usual: indexWait, Look: t.replica}
	case KindGlobal:
		return Job{What: "global table " + t.Table, Usual: indexWait, Look: t.global}
	case KindScaling:
		return Job{What: "auto scaling of " + t.Table, Usual: quickWait, Look: t.scaling}
	case KindBackup:
		return Job{What: "backup", Usual: backupWait, Look: t.backup}
	case KindExport:
		return Job{What: "export", Usual: exportWait, Look: t.export}
	case KindImport:
		return Job{What: "import", Usual: exportWait, Look: t.imported}
	case KindBulk:
		return Job{What: "bulk operation", Usual: exportWait, Look: t.bulk}
	case KindTTL:
		return Job{What: "time to live of " + t.Table, Usual: quickWait, Look: t.ttl}
	case KindPITR:
		return Job{What: "point-in-time recovery of " + t.Table, Usual: quickWait, Look: t.pitr}
	case KindKinesis:
		return Job{What: "Kinesis destinations of " + t.Table, Usual: quickWait, Look: t.kinesis}
	case KindInsights:
		what := "insights of " + t.Table
		if t.Name != "" {
			what += " index " + t.Name
		}
		return Job{What: what, Usual: quickWait, Look: t.insights}
	}
	return Job{What: string(t.Kind), Look: func(context.Context, *op.Env) (State, error) {
		return State{}, op.Invalid(fmt.Sprintf("nothing of the kind %q can be waited for", t.Kind), "")
	}}
}

func (t Target) describe(ctx context.Context, env *op.Env) (*types.TableDescription, error) {
	return table.Describe.Call(ctx, env, &table.DescribeInput{TableName: t.Table, Region: t.Region})
}

// table waits for a table, its indexes and its replicas, or until it is no more.
func (t Target) table(ctx context.Context, env *op.Env) (State, error) {
	d, err := t.describe(ctx, env)
	switch {
	case t.Gone && missing(err):
		return State{Done: true, Text: "gone"}, nil
	case err != nil:
		return State{}, err
	case t.Gone:
		return State{Text: string(d.TableStatus), Answer: d}, nil
	}
	unready := unreadyParts(d)
	text := strings.Join(append([]string{string(d.TableStatus)}, unready...), ", ")
	return State{Done: d.TableStatus == types.TableStatusActive && len(unready) == 0, Text: text, Answer: d}, nil
}

// unreadyParts are what of a table is not as it is to be: indexes, replicas, encryption.
func unreadyParts(d *types.TableDescription) []string {
	var parts []string
	index := func(name *string, status types.IndexStatus, backfilling *bool) {
		if status == types.IndexStatusActive || status == "" {
			return
		}
		text := fmt.Sprintf("index %s %s", aws.ToString(name), status)
		if aws.ToBool(backfilling) {
			text += " (backfilling)"
		}
		parts = append(parts, text)
	}
	for _, x := range d.GlobalSecondaryIndexes {
		index(x.IndexName, x.IndexStatus, x.Backfilling)
	}
	for _, x := range d.VectorIndexes {
		index(x.IndexName, x.IndexStatus, x.Backfilling)
	}
	for _, r := range d.Replicas {
		switch r.ReplicaStatus {
		case types.ReplicaStatusCreating, types.ReplicaStatusUpdating, types.ReplicaStatusDeleting:
			parts = append(parts, fmt.Sprintf("replica %s %s", aws.ToString(r.RegionName), replicaState(r)))
		}
	}
	if s := d.SSEDescription; s != nil && (s.Status == types.SSEStatusEnabling || s.Status == types.SSEStatusUpdating || s.Status == types.SSEStatusDisabling) {
		parts = append(parts, "encryption "+string(s.Status))
	}
	return parts
}

func replicaState(r types.ReplicaDescription) string {
	state := string(r.ReplicaStatus)
	if p := aws.ToString(r.ReplicaStatusPercentProgress); p != "" {
		state += " " + strings.TrimSuffix(p, "%") + "%"
	}
	return state
}

// index waits for one index, which is filled after UpdateTable has answered, or until it is gone.
func (t Target) index(ctx context.Context, env *op.Env) (State, error) {
	d, err := t.describe(ctx, env)
	if err != nil {
		return t.unlessGone(err)
	}
	status, backfilling, items, ok := IndexState(d, t.Name)
	switch {
	case !ok && t.Gone:
		return State{Done: true, Text: "gone", Answer: d}, nil
	case !ok:
		return State{}, &op.Error{Code: "IndexNotFoundException", Message: fmt.Sprintf("table %q has no index %q", t.Table, t.Name), Hint: "see its indexes with describe_table (ddb index list " + t.Table + ")"}
	case backfilling:
		return State{Text: fmt.Sprintf("%s, backfilling: %d of about %d items", status, items, aws.ToInt64(d.ItemCount)), Answer: d}, nil
	}
	return State{Done: !t.Gone && status == types.IndexStatusActive, Text: string(status), Answer: d}, nil
}

// unlessGone is a failed look at what may be waited for to go.
func (t Target) unlessGone(err error) (State, error) {
	if t.Gone && missing(err) {
		return State{Done: true, Text: "gone"}, nil
	}
	return State{}, err
}

// IndexState is the state of one index of a table, with how many items the service last counted in it.
func IndexState(d *types.TableDescription, index string) (status types.IndexStatus, backfilling bool, items int64, ok bool) {
	for _, x := range d.GlobalSecondaryIndexes {
		if aws.ToString(x.IndexName) == index {
			return x.IndexStatus, aws.ToBool(x.Backfilling), aws.ToInt64(x.ItemCount), true
		}
	}
	for _, x := range d.VectorIndexes {
		if aws.ToString(x.IndexName) == index {
			return x.IndexStatus, aws.ToBool(x.Backfilling), aws.ToInt64(x.ItemCount), true
		}
	}
	for _, x := range d.LocalSecondaryIndexes {
		if aws.ToString(x.IndexName) == index {
			status = types.IndexStatusActive
			if d.TableStatus == types.TableStatusCreating {
				status = types.IndexStatusCreating
			}
			return status, false, aws.ToInt64(x.ItemCount), true
		}
	}
	return "", false, 0, false
}

// replica waits for the replica in a region, or until it is gone.
func (t Target) replica(ctx context.Context, env *op.Env) (State, error) {
	d, err := t.describe(ctx, env)
	if err != nil {
		return t.unlessGone(err)
	}
	for _, r := range d.Replicas {
		if aws.ToString(r.RegionName) != t.Name {
			continue
		}
		if r.ReplicaStatus == types.ReplicaStatusCreationFailed {
			return State{}, &op.Error{Code: "ReplicaCreationFailed", Message: fmt.Sprintf("the replica in %s failed: %s", t.Name, aws.ToString(r.ReplicaStatusDescription))}
		}
		return State{Done: !t.Gone && r.ReplicaStatus == types.ReplicaStatusActive, Text: replicaState(r), Answer: d}, nil
	}
	if t.Gone {
		return State{Done: true, Text: "gone", Answer: d}, nil
	}
	if d.TableStatus == types.TableStatusUpdating { // the service shows a new replica some seconds after it has taken the request
		return State{Text: "not shown yet", Answer: d}, nil
	}
	return State{}, &op.Error{Code: "ReplicaNotFoundException", Message: fmt.Sprintf("table %q has no replica in %s", t.Table, t.Name)}
}

// backup waits until a backup is there.
func (t Target) backup(ctx context.Context, env *op.Env) (State, error) {
	d, err := backup.Describe.Call(ctx, env, &backup.DescribeInput{BackupArn: t.ARN, Region: t.Region})
	if err != nil {
		return State{}, err
	}
	details := d.BackupDetails
	return State{Done: details.BackupStatus != types.BackupStatusCreating, Text: string(details.BackupStatus), Answer: details}, nil
}
