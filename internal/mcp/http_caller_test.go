package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// TestHTTPManySessions lets 200 clients with a session each make 10,000 calls together: none is lost, each gets its own
// answer, and afterwards nothing of them is left.
func TestHTTPManySessions(t *testing.T) {
	const sessions, calls = 200, 10_000
	f := serveOverHTTP(t, "", nil)
	first := f.connect(t, "")
	if result := callTool(t.Context(), t, first, "create_table", shop); result.IsError {
		t.Fatal(textOf(t, result))
	}
	shared := &http.Transport{MaxIdleConnsPerHost: sessions}
	round := func(write bool) {
		var wg sync.WaitGroup
		for n := range sessions {
			wg.Go(func() {
				c := &httpCaller{f: f, transport: shared}
				if err := c.initialize(t.Context()); err != nil {
					t.Error(err)
					return
				}
				for i := range calls / sessions / 2 {
					tool, args := "get_item", fmt.Sprintf(`{"table_name":"shop","key":{"pk":{"S":"s%d"},"sk":{"N":"%d"}}}`, n, i)
					if write {
						tool, args = "put_item", fmt.Sprintf(`{"table_name":"shop","item":{"pk":{"S":"s%d"},"sk":{"N":"%d"},"who":{"S":"session %d call %d"}}}`, n, i, n, i)
					}
					text, err := c.call(t.Context(), i+2, tool, args)
					if err != nil {
						t.Error(err)
						return
					}
					if want := fmt.Sprintf("session %d call %d", n, i); !write && !strings.Contains(text, want) {
						t.Errorf("%q is not in %.200s", want, text)
					}
				}
				if err := c.end(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	round(true)
	before := heapInUse()
	round(false)
	if left := len(f.server.in.Load().bearers[0].sessions.all()); left != 1 { // that of first
		t.Errorf("%d sessions are left", left-1)
	}
	shared.CloseIdleConnections()
	if grown := int64(heapInUse()) - int64(before); grown > 8<<20 {
		t.Errorf("5,000 calls of 200 sessions left %d bytes more in use", grown)
	}
}

func heapInUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// httpCaller is a client as small as can be, so that the test measures the server.
type httpCaller struct {
	f         *httpFixture
	transport http.RoundTripper
	session   string
}

func (c *httpCaller) post(ctx context.Context, method, body string) (*http.Response, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.f.base+endpointPath, strings.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Mcp-Session-Id", c.session)
	resp, err := c.transport.RoundTrip(r)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 300 {
		err = errors.New(resp.Status + ": " + string(text))
	}
	return resp, text, err
}

func (c *httpCaller) initialize(ctx context.Context) error {
	resp, _, err := c.post(ctx, http.MethodPost, initializeLine)
	if err != nil {
		return err
	}
	c.session = resp.Header.Get("Mcp-Session-Id")
	_, _, err = c.post(ctx, http.MethodPost, `{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	return err
}

func (c *httpCaller) call(ctx context.Context, id int, tool, args string) (string, error) {
	_, text, err := c.post(ctx, http.MethodPost, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q,"arguments":%s}}`, id, tool, args))
	if err != nil {
		return "", err
	}
	var a struct {
		answer
		Result struct{ IsError bool }
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return "", err
	}
	if a.Error != nil || a.Result.IsError || !bytes.Equal(a.ID, fmt.Append(nil, id)) {
		return "", fmt.Errorf("call %d of %s: %s", id, tool, text)
	}
	return string(text), nil
}

func (c *httpCaller) end(ctx context.Context) error {
	_, _, err := c.post(ctx, http.MethodDelete, "")
	return err
}
