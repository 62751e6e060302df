package mcp

import (
	"log/slog"
	"strings"
	"testing"
)

// TestLogHoldsNoData makes calls that succeed, fail and are refused, with a mark in every place where data, a key, a statement or a
// token can stand: the log tells of each call at its finest level, and has no mark.
func TestLogHoldsNoData(t *testing.T) {
	const mark = "s3cr3t-m4rk"
	var log lockedBuffer
	s := localServer(t, func(o *Options) {
		o.Toolsets, o.Confirm = []string{toolsetAll}, ConfirmAlways
		o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	send, receive := servePipes(t, s)
	send(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`)
	receive()
	answers := ""
	for _, call := range []struct{ tool, args string }{
		{"create_table", shop},
		{"put_item", `{"table_name":"shop","item":{"pk":{"S":"` + mark + `"},"sk":{"N":"1"},"x":{"S":"` + mark + `"}}}`},
		{"get_item", `{"table_name":"shop","key":{"pk":{"S":"` + mark + `"},"sk":{"N":"1"}}}`},
		{"put_item", `{"table_name":"shop","item":{"pk":{"N":"` + mark + `"},"sk":{"N":"1"}}}`},
		{"put_item", `{"table_name":"shop","item":{"pk":{"S":"` + mark + `"},"sk":{"N":"1"}},"condition_expression":"attribute_not_exists(pk)"}`},
		{"query", `{"table_name":"shop","key_condition_expression":"pk = ` + mark + `"}`},
		{"query", `{"table_name":"shop","key_condition_expression":"` + mark + `("}`},
		{"scan", `{"table_name":"shop","format":"` + mark + `"}`},
		{"scan", `{"table_name":"shop","` + mark + `":1}`},
		{"describe_table", `{"table_name":"` + mark + `!"}`},
		{"describe_table", `{"table_name":"shop","region_name":"` + mark + `"}`},
		{"delete_item", `{"table_name":"shop","key":{"pk":{"S":"` + mark + `"},"sk":{"N":"1"}}}`},
		{"delete_item", `{"table_name":"shop","key":{"pk":{"S":"` + mark + `"}}}`},
		{"delete_item", `{"table_name":"shop","key":{"pk":{"S":"a"},"sk":{"N":"1"}},"confirm_token":"` + mark + `"}`},
		{"execute_statement", `{"statement":"SELECT '` + mark + `' FORM shop"}`},
		{"execute_statement", `{"statement":"INSERT INTO shop VALUE {'pk':'` + mark + `','sk':1}"}`},
		{"batch_write_item", `{"request_items":{"shop":[{"PutRequest":{"Item":{"pk":{"S":"` + mark + `"}}}}]}}`},
		{"get_records", `{"shard_iterator":"` + mark + `"}`},
		{"put_resource_policy", `{"resource_arn":"shop","policy":"` + mark + `"}`},
	} {
		send(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + call.tool + `","arguments":` + call.args + `}}`)
		answer := receive()
		if result, ok := answer["result"].(map[string]any); ok {
			if content, ok := result["content"].([]any); ok && len(content) > 0 {
				if block, ok := content[0].(map[string]any); ok {
					text, _ := block["text"].(string)
					answers += text
				}
			}
		}
		if !strings.Contains(log.String(), "tool="+call.tool) {
			t.Errorf("the log does not tell of %s", call.tool)
		}
	}
	send(`{"jsonrpc":"2.0","id":2,"method":"resources/read","params":{"uri":"ddb://table/` + mark + `!"}}`)
	receive()
	send(`{"jsonrpc":"2.0","id":2,"method":"resources/read","params":{"uri":"ddb://table/none"}}`)
	receive()
	send(`{"jsonrpc":"2.0","id":3,"method":"` + mark + `"}`)
	receive()
	send(`{"jsonrpc":"2.0","id":4,` + mark)
	receive()
	if strings.Count(answers, mark) < 5 {
		t.Fatalf("the answers do not have the marks, so the log could not either: %s", answers)
	}
	if !strings.Contains(log.String(), "code=ConditionalCheckFailedException") || !strings.Contains(log.String(), "resource not read") {
		t.Errorf("the log does not tell what failed: %s", log.String())
	}
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, mark) {
			t.Errorf("data in the log: %s", line)
		}
	}
}
