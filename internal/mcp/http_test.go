package mcp

import (
	"context"
	"crypto/sha256"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/dynamo"
	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

// httpFixture is a server over HTTP on an embedded engine of its own.
type httpFixture struct {
	server *HTTPServer
	base   string // http://127.0.0.1:port
	stop   func() error
}

func serveOverHTTP(t *testing.T, faults string, change func(*Options, *HTTPOptions)) *httpFixture {
	t.Helper()
	var hooks *engine.Faults
	if faults != "" {
		var err error
		if hooks, err = engine.ParseFaults([]byte(faults)); err != nil {
			t.Fatal(err)
		}
	}
	e, err := engine.Open(engine.Options{Faults: hooks})
	if err != nil {
		t.Fatal(err)
	}
	factory := dynamo.New(t.Context(), dynamo.Config{Local: e.Handler(), MCP: true, MaxAttempts: 1})
	o := Options{Operations: ops.All, Version: "test", Env: &op.Env{Clients: factory.Clients, Explain: factory.Explain}}
	var h HTTPOptions
	if change != nil {
		change(&o, &h)
	}
	s, err := NewHTTP(o, h)
	if err != nil {
		t.Fatal(err)
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	stop := sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("Serve: %v", err)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return &httpFixture{server: s, base: "http://" + l.Addr().String(), stop: stop}
}

// connect is a client of mcp-go with a session of its own.
func (f *httpFixture) connect(t *testing.T, token string, options ...transport.StreamableHTTPCOption) *client.Client {
	t.Helper()
	if token != "" {
		options = append(options, transport.WithHTTPHeaders(map[string]string{"Authorization": "Bearer " + token}))
	}
	own := &http.Transport{}
	options = append(options, transport.WithHTTPBasicClient(&http.Client{Transport: own}))
	c, err := client.NewStreamableHttpClient(f.base+endpointPath, options...)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(); own.CloseIdleConnections() })
	initialize(t, c)
	return c
}

// send makes one request and reads the whole answer.
func (f *httpFixture) send(t *testing.T, method, path, body string, headers map[string]string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, f.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	for name, value := range headers {
		if r.Header.Set(name, value); name == "Host" {
			r.Host = value
		}
	}
	own := &http.Transport{DisableKeepAlives: true}
	resp, err := own.RoundTrip(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

// begin makes a session by hand, and gives its id.
func (f *httpFixture) begin(t *testing.T, headers map[string]string) string {
	t.Helper()
	resp, text := f.send(t, http.MethodPost, endpointPath, initializeLine, headers)
	id := resp.Header.Get("Mcp-Session-Id")
	if resp.StatusCode != http.StatusOK || id == "" {
		t.Fatalf("initialize: %s %q", resp.Status, text)
	}
	return id
}

const pingLine = `{"jsonrpc":"2.0","id":7,"method":"ping"}`

func digestOf(token string) [sha256.Size]byte { return sha256.Sum256([]byte(token)) }

// TestHTTPDoor sends what must not come in, and what may.
func TestHTTPDoor(t *testing.T) {
	f := serveOverHTTP(t, "", func(_ *Options, h *HTTPOptions) {
		h.Grants = []Grant{{Name: "one", Digest: digestOf("correct-horse")}, {Name: "old", Digest: digestOf("expired-horse"), Expires: time.Unix(1, 0)}}
		h.Hosts, h.Origins = []string{"db.internal"}, []string{"https://app.example.com"}
	})
	good := map[string]string{"Authorization": "Bearer correct-horse"}
	good["Mcp-Session-Id"] = f.begin(t, good)
	large := `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"` + strings.Repeat("a", maxLine) + `"}}`
	for _, k := range []struct {
		name, method, path, body string
		set                      map[string]string
		status                   int
		says                     string
	}{
		{"a ping", "POST", endpointPath, pingLine, nil, 200, `"id":7`},
		{"health without a token", "GET", healthPath, "", map[string]string{"Authorization": ""}, 200, "ok"},
		{"health of another host", "GET", healthPath, "", map[string]string{"Host": "10.0.0.1"}, 200, "ok"},
		{"a host allowed", "POST", endpointPath, pingLine, map[string]string{"Host": "db.internal:8808"}, 200, "result"},
		{"localhost", "POST", endpointPath, pingLine, map[string]string{"Host": "localhost:1234"}, 200, "result"},
		{"a host of a rebound name", "POST", endpointPath, pingLine, map[string]string{"Host": "evil.example"}, 403, "--allow-host"},
		{"an address that is not listened on", "POST", endpointPath, pingLine, map[string]string{"Host": "192.0.2.1"}, 403, "--allow-host"},
		{"a page", "POST", endpointPath, pingLine, map[string]string{"Origin": "https://evil.example"}, 403, "--cors"},
		{"a page on this machine", "POST", endpointPath, pingLine, map[string]string{"Origin": "http://localhost:3000"}, 403, "--cors"},
		{"a page of the server itself", "POST", endpointPath, pingLine, map[string]string{"Host": "localhost:7", "Origin": "http://localhost:7"}, 200, "result"},
		{"a page that has its name point here", "POST", endpointPath, pingLine, map[string]string{"Host": "evil.example", "Origin": "http://evil.example"}, 403, "--allow-host"},
		{"a page allowed", "POST", endpointPath, pingLine, map[string]string{"Origin": "https://app.example.com"}, 200, "result"},
		{"what a browser asks first", "OPTIONS", endpointPath, "", map[string]string{"Origin": "https://app.example.com", "Authorization": ""}, 204, ""},
		{"what a browser asks for a page not allowed", "OPTIONS", endpointPath, "", map[string]string{"Origin": "null"}, 403, ""},
		{"no token", "POST", endpointPath, pingLine, map[string]string{"Authorization": ""}, 401, "Bearer"},
		{"another token", "POST", endpointPath, pingLine, map[string]string{"Authorization": "Bearer correct-horsf"}, 401, "Bearer"},
		{"a token that has ended", "POST", endpointPath, pingLine, map[string]string{"Authorization": "Bearer expired-horse"}, 401, "Bearer"},
		{"another scheme", "POST", endpointPath, pingLine, map[string]string{"Authorization": "Basic correct-horse"}, 401, "Bearer"},
		{"the token in the address", "POST", endpointPath + "?token=correct-horse", pingLine, map[string]string{"Authorization": ""}, 401, "Bearer"},
		{"another path", "POST", "/", pingLine, nil, 404, endpointPath},
		{"another method", "PUT", endpointPath, pingLine, nil, 405, "not served"},
		{"no JSON", "POST", endpointPath, `{"jsonrpc":`, nil, 400, "-32700"},
		{"nothing", "POST", endpointPath, "", nil, 400, "-32700"},
		{"a batch", "POST", endpointPath, "[" + pingLine + "]", nil, 400, "one message at a time"},
		{"a text", "POST", endpointPath, `"ping"`, nil, 400, "JSON object"},
		{"an id that is none", "POST", endpointPath, `{"jsonrpc":"2.0","id":{},"method":"ping"}`, nil, 400, "string or a number"},
		{"too long a message", "POST", endpointPath, large, nil, 413, "16777216"},
		{"no session", "POST", endpointPath, pingLine, map[string]string{"Mcp-Session-Id": ""}, 404, "initialize"},
		{"an unknown session", "POST", endpointPath, pingLine, map[string]string{"Mcp-Session-Id": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, 404, "initialize"},
		{"listening without a session", "GET", endpointPath, "", map[string]string{"Mcp-Session-Id": ""}, 400, "initialize"},
		{"listening to an unknown session", "GET", endpointPath, "", map[string]string{"Mcp-Session-Id": "made-up"}, 404, "initialize"},
		{"an unknown tool", "POST", endpointPath, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_itm"}}`, nil, 200, `did you mean \"get_item\"?`},
		{"the same session after all that", "POST", endpointPath, pingLine, nil, 200, `"id":7`},
	} {
		t.Run(k.name, func(t *testing.T) {
			headers := map[string]string{}
			maps.Copy(headers, good)
			maps.Copy(headers, k.set)
			resp, text := f.send(t, k.method, k.path, k.body, headers)
			if resp.StatusCode != k.status || !strings.Contains(text, k.says) {
				t.Errorf("%d %.200q; want %d and %q", resp.StatusCode, text, k.status, k.says)
			}
			if allow := resp.Header.Get("Access-Control-Allow-Origin"); (allow != "") != (k.set["Origin"] == "https://app.example.com") {
				t.Errorf("Access-Control-Allow-Origin is %q", allow)
			}
			if strings.Contains(text, "correct-horse") {
				t.Errorf("the answer holds the token: %s", text)
			}
		})
	}
}

// TestHTTPGrants gives three tokens different limits, and one the session of another.
func TestHTTPGrants(t *testing.T) {
	f := serveOverHTTP(t, "", func(_ *Options, h *HTTPOptions) {
		h.Grants = []Grant{
			{Name: "owner", Digest: digestOf("owner-token")},
			{Name: "reader", Digest: digestOf("reader-token"), Gate: op.Gate{ReadOnly: true, Tables: []string{"books"}}},
			{Name: "partiql", Digest: digestOf("partiql-token"), Toolsets: []string{"partiql"}, Exclude: []string{"execute_transaction"}},
		}
	})
	owner, reader, statements := f.connect(t, "owner-token"), f.connect(t, "reader-token"), f.connect(t, "partiql-token")
	library(t, owner, 3)
	if result := callTool(t.Context(), t, owner, "create_table", shop); result.IsError {
		t.Fatal(textOf(t, result))
	}
	refused := func(c *client.Client, tool, args, code string) {
		t.Helper()
		result := callTool(t.Context(), t, c, tool, args)
		if text := textOf(t, result); !result.IsError || !strings.Contains(text, code) {
			t.Errorf("%s: %.200s; want %s", tool, text, code)
		}
	}
	refused(reader, "delete_table", `{"table_name":"books"}`, op.CodeReadOnly)
	refused(reader, "get_item", `{"table_name":"shop","key":{"pk":{"S":"a"},"sk":{"N":"1"}}}`, op.CodeTableNotAllowed)
	if text := textOf(t, callTool(t.Context(), t, reader, "list_tables", `{}`)); strings.Contains(text, "shop") || !strings.Contains(text, "books") {
		t.Errorf("the reader lists %s", text)
	}
	if text := textOf(t, callTool(t.Context(), t, owner, "list_tables", `{}`)); !strings.Contains(text, "shop") {
		t.Errorf("the owner lists %s", text)
	}
	tools, err := statements.ListTools(t.Context(), mcp.ListToolsRequest{})
	if err != nil || len(tools.Tools) != 2 {
		t.Errorf("the third token has %d tools, %v; want 2", len(tools.Tools), err)
	}
	session := f.begin(t, map[string]string{"Authorization": "Bearer owner-token"})
	if resp, _ := f.send(t, http.MethodPost, endpointPath, pingLine, map[string]string{"Authorization": "Bearer reader-token", "Mcp-Session-Id": session}); resp.StatusCode != http.StatusNotFound {
		t.Errorf("the session of one token with another: %s", resp.Status)
	}
}
