package cmd

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/replica"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

// scalingInto reads the auto scaling of a provisioned table in the region it stands in. The operation is one on global tables: of another one, which the
// service calls not found, and where it tells nothing of this region, nothing is known.
func scalingInto(ctx context.Context, env *op.Env, t *tablefile.Table, region string) error {
	out, err := replica.DescribeAutoScaling.Call(ctx, env, &replica.DescribeAutoScalingInput{TableName: t.Name})
	if e, ok := errors.AsType[*op.Error](err); ok && e.Code == "ResourceNotFoundException" {
		return errNoScaling
	}
	if err != nil {
		return err
	}
	if d := out.TableAutoScalingDescription; d != nil {
		for _, r := range d.Replicas {
			if aws.ToString(r.RegionName) == region {
				readScaling(t, r)
				return nil
			}
		}
	}
	return errNoScaling
}

// errNoScaling says that DynamoDB does not know the auto scaling of a table, for it is Application Auto Scaling's alone.
var errNoScaling error = &op.Error{Code: "ValidationException", Message: "DescribeTableReplicaAutoScaling tells nothing of a table without replicas"}

func readScaling(t *tablefile.Table, r types.ReplicaAutoScalingDescription) {
	t.Scaling = &tablefile.Scaling{Read: boundsOf(r.ReplicaProvisionedReadCapacityAutoScalingSettings), Write: boundsOf(r.ReplicaProvisionedWriteCapacityAutoScalingSettings)}
	for i := range t.Indexes {
		for _, x := range r.GlobalSecondaryIndexes {
			if aws.ToString(x.IndexName) == t.Indexes[i].Name {
				t.Indexes[i].Scaling = &tablefile.Scaling{Read: boundsOf(x.ProvisionedReadCapacityAutoScalingSettings), Write: boundsOf(x.ProvisionedWriteCapacityAutoScalingSettings)}
			}
		}
	}
}

func boundsOf(s *types.AutoScalingSettingsDescription) *tablefile.Bounds {
	b := &tablefile.Bounds{}
	if s == nil || aws.ToBool(s.AutoScalingDisabled) || aws.ToInt64(s.MaximumUnits) == 0 {
		return b
	}
	b.Min, b.Max = aws.ToInt64(s.MinimumUnits), aws.ToInt64(s.MaximumUnits)
	for _, p := range s.ScalingPolicies {
		if x := p.TargetTrackingScalingPolicyConfiguration; x != nil {
			b.Target, b.Keep = aws.ToFloat64(x.TargetValue), aws.ToBool(x.DisableScaleIn)
			b.In, b.Out = int64(aws.ToInt32(x.ScaleInCooldown)), int64(aws.ToInt32(x.ScaleOutCooldown))
		}
	}
	return b
}

// scaling sets auto scaling: that of reads belongs to a region, that of writes to all of them.
func (c *carrier) scaling(ctx context.Context, name string, x *tablefile.SetScaling) error {
	clients, err := c.env.Clients(ctx, "")
	if err != nil {
		return err
	}
	in := &replica.UpdateAutoScalingInput{TableName: name}
	reads := types.ReplicaAutoScalingUpdate{RegionName: &clients.Region}
	for _, index := range slices.Sorted(maps.Keys(x.Of)) {
		read, write := settingsOf(x.Of[index].Read), settingsOf(x.Of[index].Write)
		if index == "" {
			in.ProvisionedWriteCapacityAutoScalingUpdate, reads.ReplicaProvisionedReadCapacityAutoScalingUpdate = write, read
			continue
		}
		if write != nil {
			in.GlobalSecondaryIndexUpdates = append(in.GlobalSecondaryIndexUpdates, types.GlobalSecondaryIndexAutoScalingUpdate{IndexName: &index, ProvisionedWriteCapacityAutoScalingUpdate: write})
		}
		if read != nil {
			reads.ReplicaGlobalSecondaryIndexUpdates = append(reads.ReplicaGlobalSecondaryIndexUpdates, types.ReplicaGlobalSecondaryIndexAutoScalingUpdate{IndexName: &index, ProvisionedReadCapacityAutoScalingUpdate: read})
		}
	}
	if reads.ReplicaProvisionedReadCapacityAutoScalingUpdate != nil || reads.ReplicaGlobalSecondaryIndexUpdates != nil {
		in.ReplicaUpdates = []types.ReplicaAutoScalingUpdate{reads}
	}
	if _, err := replica.UpdateAutoScaling.Call(ctx, c.env, in); err != nil {
		return err
	}
	return c.settled(ctx, name)
}

func settingsOf(b *tablefile.Bounds) *types.AutoScalingSettingsUpdate {
	switch {
	case b == nil:
		return nil
	case !b.On():
		return &types.AutoScalingSettingsUpdate{AutoScalingDisabled: aws.Bool(true)}
	}
	target := &types.AutoScalingTargetTrackingScalingPolicyConfigurationUpdate{TargetValue: &b.Target, DisableScaleIn: &b.Keep}
	if b.In > 0 {
		target.ScaleInCooldown = aws.Int32(int32(min(b.In, 1<<30)))
	}
	if b.Out > 0 {
		target.ScaleOutCooldown = aws.Int32(int32(min(b.Out, 1<<30)))
	}
	return &types.AutoScalingSettingsUpdate{
		MinimumUnits: &b.Min, MaximumUnits: &b.Max,
		ScalingPolicyUpdate: &types.AutoScalingPolicyUpdate{TargetTrackingScalingPolicyConfiguration: target},
	}
}
