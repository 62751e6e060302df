package mcp

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine"
)

// TestBinaryTellsEachFailureOfTheService runs the program against an endpoint that fails as the service does when credentials end, capacity
// is short or the network breaks: each failure is a result with isError that names the exception and the remedy, and the
// server goes on.
func TestBinaryTellsEachFailureOfTheService(t *testing.T) {
	faults, err := engine.ParseFaults([]byte(`{"faults": [
		{"operation": "GetItem", "count": 2, "exception": "ExpiredTokenException"},
		{"operation": "PutItem", "exception": "ProvisionedThroughputExceededException"},
		{"operation": "DeleteItem", "exception": "AccessDeniedException"},
		{"operation": "UpdateItem", "cut": "before"},
		{"operation": "Scan", "cut": "amid"},
		{"operation": "TagResource", "exception": "InternalServerError"}
	]}`))
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.Open(engine.Options{Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e.Handler())
	t.Cleanup(func() {
		server.Close()
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	c := startClient(t, environment(t, append(credentials, "AWS_ENDPOINT_URL="+server.URL, "AWS_MAX_ATTEMPTS=1")...))
	if result := callTool(t.Context(), t, c, "create_table", shop); result.IsError {
		t.Fatal(textOf(t, result))
	}
	const key = `"table_name":"shop","key":{"pk":{"S":"a"},"sk":{"N":"1"}}`
	const item = `"table_name":"shop","item":{"pk":{"S":"a"},"sk":{"N":"1"}}`
	for _, k := range []struct {
		tool, args, code, says string
		retryable              bool
	}{
		{"get_item", key, "ExpiredTokenException", "aws sso login", false},
		{"put_item", item, "ProvisionedThroughputExceededException", "slow down", true},
		{"delete_item", key, "AccessDeniedException", "whoami", false},
		{"update_item", key, "EndpointUnreachable", "read it back before repeating", true},
		{"scan", `"table_name":"shop"`, "EndpointUnreachable", "cut amid the answer", true},
		{"tag_resource", `"resource_arn":"arn:aws:dynamodb:us-west-2:000000000000:table/shop","tags":[{"Key":"a","Value":"b"}]`, "InternalServerError", "", true},
	} {
		t.Run(k.tool, func(t *testing.T) {
			result := callTool(t.Context(), t, c, k.tool, "{"+k.args+"}")
			text := textOf(t, result)
			var failed struct{ Error failure }
			if err := json.Unmarshal([]byte(text), &failed); err != nil || !result.IsError {
				t.Fatalf("no error but %s (%v)", text, err)
			}
			if failed.Error.Code != k.code || failed.Error.Retryable != k.retryable {
				t.Errorf("code %s, retryable %v; want %s, %v", failed.Error.Code, failed.Error.Retryable, k.code, k.retryable)
			}
			if said := failed.Error.Message + "\n" + fromPointer(failed.Error.Hint); !strings.Contains(said, k.says) {
				t.Errorf("the error does not say %q: %s", k.says, said)
			}
			if result := callTool(t.Context(), t, c, k.tool, "{"+k.args+"}"); result.IsError {
				t.Errorf("the next call fails too: %s", textOf(t, result))
			}
		})
	}
}
