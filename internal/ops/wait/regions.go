package wait

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/globaltable"
	"github.com/ddb-cli/ddb/internal/ops/replica"
)

// global waits for a global table of the version of 2017, its replicas and their settings, or until it is gone.
func (t Target) global(ctx context.Context, env *op.Env) (State, error) {
	out, err := globaltable.Describe.Call(ctx, env, &globaltable.DescribeInput{GlobalTableName: t.Table, Region: t.Region})
	if e, ok := errors.AsType[*op.Error](err); ok && t.Gone && e.Code == "GlobalTableNotFoundException" {
		return State{Done: true, Text: "gone"}, nil
	}
	if err != nil {
		return State{}, err
	}
	d := out.GlobalTableDescription
	parts := []string{string(d.GlobalTableStatus)}
	if t.Gone {
		return State{Text: parts[0]}, nil
	}
	for _, r := range d.ReplicationGroup {
		if r.ReplicaStatus != types.ReplicaStatusActive && r.ReplicaStatus != "" {
			parts = append(parts, fmt.Sprintf("replica %s %s", aws.ToString(r.RegionName), replicaState(r)))
		}
	}
	settings, err := globaltable.DescribeSettings.Call(ctx, env, &globaltable.DescribeSettingsInput{GlobalTableName: t.Table, Region: t.Region})
	if err != nil {
		return State{}, err
	}
	for _, r := range settings.ReplicaSettings {
		if r.ReplicaStatus != types.ReplicaStatusActive && r.ReplicaStatus != "" {
			parts = append(parts, fmt.Sprintf("settings in %s %s", aws.ToString(r.RegionName), r.ReplicaStatus))
		}
	}
	return State{Done: d.GlobalTableStatus == types.GlobalTableStatusActive && len(parts) == 1, Text: strings.Join(parts, ", "), Answer: d}, nil
}

// scaling waits until a change of auto scaling is made in every region.
func (t Target) scaling(ctx context.Context, env *op.Env) (State, error) {
	out, err := replica.DescribeAutoScaling.Call(ctx, env, &replica.DescribeAutoScalingInput{TableName: t.Table, Region: t.Region})
	if err != nil {
		return State{}, err
	}
	d := out.TableAutoScalingDescription
	parts := []string{string(d.TableStatus)}
	for _, r := range d.Replicas {
		if r.ReplicaStatus != types.ReplicaStatusActive && r.ReplicaStatus != "" {
			parts = append(parts, fmt.Sprintf("replica %s %s", aws.ToString(r.RegionName), r.ReplicaStatus))
		}
	}
	return State{Done: d.TableStatus == types.TableStatusActive && len(parts) == 1, Text: strings.Join(parts, ", "), Answer: d}, nil
}
