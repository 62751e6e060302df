package globaltable

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/optest"
)

// TestGlobalTables ties two tables together, shows them, and keeps an allow-list's tables apart.
func TestGlobalTables(t *testing.T) {
	env := optest.Env(t)
	for _, region := range []string{"us-west-2", "eu-west-1"} {
		optest.Call(t, env, table.Create, `{"table_name":"Orders","region_name":"`+region+`","billing_mode":"PAY_PER_REQUEST",
			"stream_specification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"},
			"attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}]}`)
	}
	optest.Call(t, env, Create, `{"global_table_name":"Orders","replication_group":[{"RegionName":"us-west-2"},{"RegionName":"eu-west-1"}]}`)
	described := optest.Call(t, env, Describe, `{"global_table_name":"Orders"}`)["GlobalTableDescription"].(map[string]any)
	if described["GlobalTableStatus"] != "ACTIVE" || len(described["ReplicationGroup"].([]any)) != 2 {
		t.Errorf("described: %v", described)
	}
	if list := optest.Call(t, env, List, `{}`)["GlobalTables"].([]any); len(list) != 1 {
		t.Errorf("all: %v", list)
	}
	if replicas := optest.Call(t, env, DescribeSettings, `{"global_table_name":"Orders"}`)["ReplicaSettings"].([]any); len(replicas) != 2 {
		t.Errorf("settings: %v", replicas)
	}
	limited := *env
	limited.Tables = []string{"dev-*"}
	if list := optest.Call(t, &limited, List, `{}`)["GlobalTables"].([]any); len(list) != 0 {
		t.Errorf("outside the allow-list: %v", list)
	}
	optest.Call(t, env, Update, `{"global_table_name":"Orders","replica_updates":[{"Delete":{"RegionName":"eu-west-1"}}]}`)
}
