package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// waitActive waits for a table, its indexes and its replicas, and gives their description.
func (a *app) waitActive(ctx context.Context, env *op.Env, name string, w waiting) (*types.TableDescription, error) {
	var d *types.TableDescription
	j := job{what: "table " + name, again: "ddb wait table " + name, usual: tableWait, waiting: w}
	err := a.wait(ctx, j, func() (bool, string, error) {
		var err error
		if d, err = table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name}); err != nil {
			return false, "unknown", err
		}
		unready := unreadyParts(d)
		return d.TableStatus == types.TableStatusActive && len(unready) == 0, strings.Join(append([]string{string(d.TableStatus)}, unready...), ", "), nil
	})
	return d, err
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
			text := fmt.Sprintf("replica %s %s", aws.ToString(r.RegionName), r.ReplicaStatus)
			if p := aws.ToString(r.ReplicaStatusPercentProgress); p != "" {
				text += " " + strings.TrimSuffix(p, "%") + "%"
			}
			parts = append(parts, text)
		}
	}
	if s := d.SSEDescription; s != nil && (s.Status == types.SSEStatusEnabling || s.Status == types.SSEStatusUpdating || s.Status == types.SSEStatusDisabling) {
		parts = append(parts, "encryption "+string(s.Status))
	}
	return parts
}

// waitGone waits until a table is no more.
func (a *app) waitGone(ctx context.Context, env *op.Env, name string, w waiting) error {
	j := job{what: "table " + name, again: "ddb wait table " + name + " --gone", usual: tableWait, waiting: w}
	return a.wait(ctx, j, func() (bool, string, error) {
		d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
		switch {
		case missingNow(err):
			return true, "", nil
		case err != nil:
			return false, "unknown", err
		}
		return false, string(d.TableStatus), nil
	})
}

// waitIndex waits for one index, which is filled after UpdateTable has answered, or until it is gone.
func (a *app) waitIndex(ctx context.Context, env *op.Env, name, index string, gone bool, w waiting) error {
	j := job{what: "index " + index + " of " + name, again: "ddb wait index " + name + " " + index, usual: indexWait, waiting: w}
	if gone {
		j.again += " --gone"
	}
	return a.wait(ctx, j, func() (bool, string, error) {
		d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
		if err != nil {
			return gone && missingNow(err), "unknown", dropMissing(err, gone)
		}
		status, backfilling, items, ok := indexState(d, index)
		switch {
		case !ok && gone:
			return true, "", nil
		case !ok:
			return false, "unknown", &op.Error{Code: "IndexNotFoundException", Message: fmt.Sprintf("table %q has no index %q", name, index), Hint: "see: ddb index list " + name}
		case backfilling:
			return false, fmt.Sprintf("%s, backfilling: %d of about %d items", status, items, aws.ToInt64(d.ItemCount)), nil
		}
		return !gone && status == types.IndexStatusActive, string(status), nil
	})
}

func dropMissing(err error, gone bool) error {
	if gone && missingNow(err) {
		return nil
	}
	return err
}

func indexState(d *types.TableDescription, index string) (status types.IndexStatus, backfilling bool, items int64, ok bool) {
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

// waitReplica waits for the replica in a region, or until it is gone.
func (a *app) waitReplica(ctx context.Context, env *op.Env, name, region string, gone bool, w waiting) error {
	j := job{what: "replica of " + name + " in " + region, again: "ddb wait replica " + name + " " + region, usual: indexWait, waiting: w}
	if gone {
		j.again += " --gone"
	}
	return a.wait(ctx, j, func() (bool, string, error) {
		d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
		if err != nil {
			return gone && missingNow(err), "unknown", dropMissing(err, gone)
		}
		for _, r := range d.Replicas {
			if aws.ToString(r.RegionName) != region {
				continue
			}
			state := string(r.ReplicaStatus)
			if p := aws.ToString(r.ReplicaStatusPercentProgress); p != "" {
				state += " " + strings.TrimSuffix(p, "%") + "%"
			}
			if r.ReplicaStatus == types.ReplicaStatusCreationFailed {
				return false, state, &op.Error{Code: "ReplicaCreationFailed", Message: fmt.Sprintf("the replica in %s failed: %s", region, aws.ToString(r.ReplicaStatusDescription))}
			}
			return !gone && r.ReplicaStatus == types.ReplicaStatusActive, state, nil
		}
		if gone {
			return true, "", nil
		}
		return false, "unknown", &op.Error{Code: "ReplicaNotFoundException", Message: fmt.Sprintf("table %q has no replica in %s", name, region)}
	})
}

// waitBackup waits until a backup is there.
func (a *app) waitBackup(ctx context.Context, env *op.Env, arn string, w waiting) (*types.BackupDetails, error) {
	var out *types.BackupDetails
	j := job{what: "backup", again: "ddb wait backup " + arn, usual: backupWait, waiting: w}
	err := a.wait(ctx, j, func() (bool, string, error) {
		d, err := backup.Describe.Call(ctx, env, &backup.DescribeInput{BackupArn: arn})
		if err != nil {
			return false, "unknown", err
		}
		out = d.BackupDetails
		return out.BackupStatus != types.BackupStatusCreating, string(out.BackupStatus), nil
	})
	return out, err
}
