package mcp

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestHTTPProgress reads 250 items over many pages with a token for progress: the answer is a stream that tells how far it
// is, and ends with the result.
func TestHTTPProgress(t *testing.T) {
	f := serveOverHTTP(t, "", func(o *Options, _ *HTTPOptions) { o.MaxResultBytes = 0 })
	c := f.connect(t, "")
	library(t, c, 250)
	headers := map[string]string{"Mcp-Session-Id": f.begin(t, nil)}
	const scan = `{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"scan","arguments":{"table_name":"books","max_items":250,"limit":20}`
	resp, text := f.send(t, http.MethodPost, endpointPath, scan+`,"_meta":{"progressToken":"p1"}}}`, headers)
	var events []string
	for line := range strings.Lines(text) {
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			events = append(events, data)
		}
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") || len(events) != 3 {
		t.Fatalf("%s with %d events: %.300s", resp.Header.Get("Content-Type"), len(events), text)
	}
	var first struct {
		Method string
		Params struct {
			ProgressToken   string
			Progress, Total float64
		}
	}
	if err := json.Unmarshal([]byte(events[0]), &first); err != nil || first.Params.ProgressToken != "p1" || first.Params.Progress != 100 || first.Params.Total != 250 {
		t.Errorf("%s, %v", events[0], err)
	}
	if !strings.Contains(events[2], `"id":5`) || !strings.Contains(events[2], `"Count":250`) {
		t.Errorf("it ends with %.200s", events[2])
	}
	headers["Mcp-Session-Id"] = f.begin(t, nil)
	if resp, _ := f.send(t, http.MethodPost, endpointPath, scan+`}}`, headers); resp.Header.Get("Content-Type") != "application/json" {
		t.Errorf("without a token: %s", resp.Header.Get("Content-Type"))
	}
}

// TestProgressBelongsToItsRequest tells at the very end of a call, over and over, with a second stream open in the session: every
// notification comes, on the stream of its own request and before the answer.
func TestProgressBelongsToItsRequest(t *testing.T) {
	f := serveOverHTTP(t, "", func(o *Options, _ *HTTPOptions) { o.MaxResultBytes = 0 })
	c := f.connect(t, "")
	library(t, c, 100)
	headers := map[string]string{"Mcp-Session-Id": f.begin(t, nil)}
	f.listen(t, headers["Mcp-Session-Id"])
	for i := range 60 {
		_, text := f.send(t, http.MethodPost, endpointPath, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"scan","arguments":{"table_name":"books","max_items":100},"_meta":{"progressToken":%d}}}`, i, i), headers)
		told, answer, _ := strings.Cut(text, "\n\n")
		if !strings.Contains(told, fmt.Sprintf(`"progressToken":%d,`, i)) || !strings.Contains(answer, fmt.Sprintf(`"id":%d`, i)) || strings.Count(text, "data: ") != 2 {
			t.Fatalf("call %d: %d events: %.300s", i, strings.Count(text, "data: "), text)
		}
	}
}
