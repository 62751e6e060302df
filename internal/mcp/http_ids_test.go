package mcp

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Ids come back as they were sent, in an answer and in a stream, and name a call that is cancelled.
func TestHTTPIdsAreKept(t *testing.T) {
	f := serveOverHTTP(t, `{"faults":[{"operation":"ListBackups","count":100,"delay":"60s"}]}`, nil)
	headers := map[string]string{"Mcp-Session-Id": f.begin(t, nil)}
	for _, id := range []string{"9007199254740993", "-9223372036854775809", "123456789012345678901234567890", "1.0", "1e3", "0.5", "7", `"9007199254740993"`, `"number:9"`} {
		_, text := f.send(t, http.MethodPost, endpointPath, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"ping"}`, id), headers)
		if !strings.Contains(text, `"id":`+id+`,`) && !strings.Contains(text, `"id":`+id+`}`) || !json.Valid([]byte(text)) {
			t.Errorf("id %s: %s", id, text)
		}
	}
	c := f.connect(t, "")
	library(t, c, 120)
	var text string
	eventually(t, "progress with the token as it was sent", func() bool { // a notification right before the answer may be lost
		_, text = f.send(t, http.MethodPost, endpointPath, `{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call","params":{"name":"scan","arguments":{"table_name":"books","max_items":120},"_meta":{"progressToken":9007199254740993}}}`, headers)
		return strings.Contains(text, `"progressToken":9007199254740993`)
	})
	if strings.Count(text, `"id":9007199254740993`) != 1 || !strings.Contains(text, "event: message") || strings.Contains(text, idPrefix) {
		t.Errorf("in a stream: %.500s", text)
	}
	answered := make(chan string, 1)
	go func() {
		_, text := f.send(t, http.MethodPost, endpointPath, `{"jsonrpc":"2.0","id":9007199254740995,"method":"tools/call","params":{"name":"list_backups","arguments":{}}}`, headers)
		answered <- text
	}()
	// A notification that overtakes its request is to be ignored, so it is sent until the call ends.
	eventually(t, "the end of the call", func() bool {
		f.send(t, http.MethodPost, endpointPath, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9007199254740995,"reason":"enough"}}`, headers)
		select {
		case <-answered:
			return true
		default:
			return false
		}
	})
}
