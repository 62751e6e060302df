package replica

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// DescribeAutoScalingInput names a table with replicas.
type DescribeAutoScalingInput struct {
	TableName string `json:"table_name" arg:"table"`
	op.Region
}

// DescribeAutoScaling shows the auto scaling settings of a table and its replicas.
var DescribeAutoScaling = op.New(op.Spec{
	Tool: "describe_table_replica_auto_scaling", Title: "Describe replica auto scaling", Use: "autoscaling describe <table>",
	Short:   "Show auto scaling of a table and its replicas",
	API:     "DescribeTableReplicaAutoScaling",
	Toolset: "replica", Actions: []string{"dynamodb:DescribeTableReplicaAutoScaling", "application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScalingPolicies"},
	Effect: op.Read, Idempotent: true,
}, describeAutoScaling, op.Table(func(in *DescribeAutoScalingInput) []string { return []string{in.TableName} }))

func describeAutoScaling(ctx context.Context, env *op.Env, in *DescribeAutoScalingInput) (*dynamodb.DescribeTableReplicaAutoScalingOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.DescribeTableReplicaAutoScaling(ctx, op.Request[dynamodb.DescribeTableReplicaAutoScalingInput](in))
}
