package mcp

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/otlp"
)

// collector keeps what is posted to it, by path.
type collector struct {
	mu   sync.Mutex
	sent map[string]string
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent[r.URL.Path] += string(text)
	if r.Header.Get("Content-Type") != "application/json" || !json.Valid(text) {
		w.WriteHeader(http.StatusBadRequest)
	}
}

// TestTelemetry makes calls over HTTP, one of them within a trace of the caller's, and looks at what a collector gets.
func TestTelemetry(t *testing.T) {
	c := &collector{sent: map[string]string{}}
	endpoint := httptest.NewServer(c)
	defer endpoint.Close()
	own := &http.Transport{DisableKeepAlives: true}
	exporter := otlp.New(otlp.Config{
		TracesURL: endpoint.URL + "/v1/traces", MetricsURL: endpoint.URL + "/v1/metrics", Resource: map[string]string{"service.name": "ddb"},
		Scope: "ddb", Ratio: 1, TraceDelay: time.Hour, MetricInterval: time.Hour, Client: &http.Client{Transport: own},
	})
	f := serveOverHTTP(t, "", func(o *Options, h *HTTPOptions) {
		o.Telemetry, h.Grants = exporter, []Grant{{Name: "tester", Digest: digestOf("tester-token")}}
	})
	headers := map[string]string{"Authorization": "Bearer tester-token"}
	headers["Mcp-Session-Id"] = f.begin(t, headers)
	session := headers["Mcp-Session-Id"]
	headers["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	f.send(t, http.MethodPost, endpointPath, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"describe_table","arguments":{"table_name":"secretless"}}}`, headers)
	exporter.Close(t.Context())
	traces, metrics := c.sent["/v1/traces"], c.sent["/v1/metrics"]
	for _, want := range []string{
		`"name":"tool.describe_table"`, `"name":"mcp.tools/call"`, `"traceId":"0af7651916cd43dd8448eb211c80319c"`, `"parentSpanId":"b7ad6b7169203331"`,
		`{"key":"error.type","value":{"stringValue":"ResourceNotFoundException"}}`, `{"key":"ddb.token","value":{"stringValue":"tester"}}`,
		`{"key":"aws.dynamodb.table_names","value":{"stringValue":"secretless"}}`, `"status":{"code":2}`,
	} {
		if !strings.Contains(traces, want) {
			t.Errorf("the traces lack %s: %s", want, traces)
		}
	}
	for _, want := range []string{`"name":"mcp.server.operation.duration"`, `"count":"1"`, `"unit":"s"`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s: %s", want, metrics)
		}
	}
	if all := traces + metrics; strings.Contains(all, "tester-token") || strings.Contains(all, session) {
		t.Errorf("telemetry lets its reader in: %s", all)
	}
}
