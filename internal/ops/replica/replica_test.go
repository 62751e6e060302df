package replica

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/optest"
)

// TestAutoScaling sets the bounds of a table's write capacity and reads them back.
func TestAutoScaling(t *testing.T) {
	env := optest.Env(t)
	optest.Call(t, env, table.Create, `{"table_name":"Orders","provisioned_throughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5},
		"stream_specification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"},
		"attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}]}`)
	optest.Call(t, env, UpdateAutoScaling, `{"table_name":"Orders","provisioned_write_capacity_auto_scaling_update":{"MinimumUnits":5,"MaximumUnits":50,
		"ScalingPolicyUpdate":{"TargetTrackingScalingPolicyConfiguration":{"TargetValue":70}}}}`)
	optest.Call(t, env, table.Update, `{"table_name":"Orders","replica_updates":[{"Create":{"RegionName":"eu-west-1"}}]}`)
	described := optest.Call(t, env, DescribeAutoScaling, `{"table_name":"Orders"}`)["TableAutoScalingDescription"].(map[string]any)
	replicas := described["Replicas"].([]any)
	if len(replicas) != 2 {
		t.Fatalf("replicas: %v", replicas)
	}
	for _, r := range replicas {
		settings, _ := r.(map[string]any)["ReplicaProvisionedWriteCapacityAutoScalingSettings"].(map[string]any)
		if settings["MaximumUnits"] != float64(50) {
			t.Errorf("settings: %v", r)
		}
	}
}
