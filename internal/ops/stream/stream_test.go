package stream

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/optest"
)

// TestReadingChanges goes from a table to the records of its stream by the four operations.
func TestReadingChanges(t *testing.T) {
	env := optest.Env(t)
	optest.Call(t, env, table.Create, `{"table_name":"Orders","billing_mode":"PAY_PER_REQUEST",
		"attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],
		"stream_specification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}}`)
	optest.Call(t, env, item.Put, `{"table_name":"Orders","item":{"pk":{"S":"a"},"n":{"N":"1"},"l":{"L":[{"BOOL":true},{"NULL":true},{"M":{"b":{"B":"YQ=="}}}]},"s":{"SS":["x"]}}}`)
	list, ok := optest.Call(t, env, List, `{"table_name":"Orders"}`)["Streams"].([]any)
	if !ok || len(list) != 1 {
		t.Fatalf("streams: %v", list)
	}
	arn := list[0].(map[string]any)["StreamArn"].(string)
	described := optest.Call(t, env, Describe, `{"stream_arn":"`+arn+`"}`)["StreamDescription"].(map[string]any)
	shard := described["Shards"].([]any)[0].(map[string]any)["ShardId"].(string)
	place := optest.Call(t, env, Iterator, `{"stream_arn":"`+arn+`","shard_id":"`+shard+`","shard_iterator_type":"TRIM_HORIZON"}`)["ShardIterator"].(string)
	records := optest.Call(t, env, Records, `{"shard_iterator":"`+place+`"}`)["Records"].([]any)
	if len(records) != 1 {
		t.Fatalf("records: %v", records)
	}
	record := records[0].(map[string]any)
	change := record["dynamodb"].(map[string]any)
	const image = `{"l":{"L":[{"BOOL":true},{"NULL":true},{"M":{"b":{"B":"YQ=="}}}]},"n":{"N":"1"},"pk":{"S":"a"},"s":{"SS":["x"]}}`
	if record["eventName"] != "INSERT" || optest.JSON(t, change["NewImage"].(map[string]any)) != image {
		t.Errorf("record: %v", record)
	}
	limited := *env
	limited.Tables = []string{"dev-*"}
	if e := optest.Fail(t, &limited, Records, `{"shard_iterator":"`+place+`"}`); e.Code != op.CodeTableNotAllowed {
		t.Errorf("outside the allow-list: %#v", e)
	}
	if streams := optest.Call(t, &limited, List, `{}`)["Streams"].([]any); len(streams) != 0 {
		t.Errorf("streams outside the allow-list: %v", streams)
	}
}
