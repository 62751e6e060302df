package mcp

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/dynamo"
	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

const (
	waitLine = `{"jsonrpc":"2.0","id":"w","method":"tools/call","params":{"name":"wait_for","arguments":{"kind":"table","table_name":"books","gone":true,"timeout_seconds":50}%s}}`
	putLine  = `{"jsonrpc":"2.0","id":"p","method":"tools/call","params":{"name":"put_item","arguments":{"table_name":"books","item":{"pk":{"S":"late"}}}}}`
	hasLine  = `{"jsonrpc":"2.0","id":"g","method":"tools/call","params":{"name":"get_item","arguments":{"table_name":"books","key":{"pk":{"S":"late"}}}}}`
	makeLine = `{"jsonrpc":"2.0","id":"m","method":"tools/call","params":{"name":"create_table","arguments":{"table_name":"books","billing_mode":"PAY_PER_REQUEST",` +
		`"attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}]}}}`
)

// heldPuts is an engine that answers no PutItem before it is released.
func heldPuts(t *testing.T) (*op.Env, chan struct{}) {
	t.Helper()
	e, err := engine.Open(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	release := make(chan struct{})
	held := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".PutItem") {
			select {
			case <-release:
			case <-r.Context().Done():
			}
		}
		e.Handler().ServeHTTP(w, r)
	})
	factory := dynamo.New(t.Context(), dynamo.Config{Local: held, MCP: true, MaxAttempts: 1})
	return &op.Env{Clients: factory.Clients, Explain: factory.Explain}, release
}

// post sends a message beside the test and gives its answer.
func (f *httpFixture) post(t *testing.T, session, line string) <-chan string {
	t.Helper()
	answered := make(chan string, 1)
	go func() {
		resp, text := f.send(t, http.MethodPost, endpointPath, line, map[string]string{"Mcp-Session-Id": session})
		answered <- fmt.Sprintf("%d %s", resp.StatusCode, text)
	}()
	return answered
}

// under waits until so many calls are under way that do at least as much.
func (f *httpFixture) under(t *testing.T, n int, s stage) {
	t.Helper()
	eventually(t, "the calls", func() bool {
		f.server.calls.mu.Lock()
		defer f.server.calls.mu.Unlock()
		found := 0
		for _, w := range f.server.calls.works {
			w.mu.Lock()
			if w.stage >= s {
				found++
			}
			w.mu.Unlock()
		}
		return found == n
	})
}

func received(t *testing.T, what string, answer <-chan string) string {
	t.Helper()
	select {
	case text := <-answer:
		return text
	case <-time.After(time.Minute):
		t.Fatalf("%s: no answer within a minute", what)
		return ""
	}
}

// A server that is told to stop says so to who asks for its health, ends what only waits with an answer, and lets what changes something finish.
func TestHTTPStopIsTold(t *testing.T) {
	env, release := heldPuts(t)
	f := serveOverHTTP(t, "", func(o *Options, _ *HTTPOptions) { o.Toolsets, o.Env = []string{"default", "wait"}, env })
	f.server.grace = time.Minute
	session := f.begin(t, nil)
	f.send(t, http.MethodPost, endpointPath, makeLine, map[string]string{"Mcp-Session-Id": session})
	wait, streamed, put := f.post(t, session, fmt.Sprintf(waitLine, "")), f.post(t, session, strings.Replace(fmt.Sprintf(waitLine, `,"_meta":{"progressToken":1}`), `"id":"w"`, `"id":"s"`, 1)), f.post(t, session, putLine)
	f.under(t, 1, writing)
	f.under(t, 3, waiting)
	time.Sleep(50 * time.Millisecond) // most likely the streamed wait has told of its progress by now
	ended := make(chan error, 1)
	go func() { ended <- f.stop() }()
	for what, answer := range map[string]<-chan string{"the wait": wait, "the wait in a stream": streamed} {
		if text := received(t, what, answer); !strings.Contains(text, `"code":-32000`) || !strings.Contains(text, "the server stops; nothing was changed by it") || !strings.HasPrefix(text, "200 ") {
			t.Errorf("%s: %s", what, text)
		}
	}
	if resp, text := f.send(t, http.MethodGet, healthPath, "", nil); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("health of a server that stops: %s %s", resp.Status, text)
	}
	if resp, text := f.send(t, http.MethodPost, endpointPath, pingLine, map[string]string{"Mcp-Session-Id": session}); resp.StatusCode != http.StatusServiceUnavailable || !resp.Close {
		t.Errorf("a call to a server that stops: %s %s", resp.Status, text)
	}
	close(release)
	if text := received(t, "the write", put); !strings.HasPrefix(text, "200 ") || !strings.Contains(text, `"id":"p"`) || strings.Contains(text, "error") {
		t.Errorf("the write: %s", text)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A question that nobody has answered holds up no end, and what it was about is not done.
func TestHTTPStopEndsQuestions(t *testing.T) {
	f := serveOverHTTP(t, "", func(o *Options, _ *HTTPOptions) { o.Confirm = ConfirmAlways })
	f.server.grace = time.Hour
	resp, _ := f.send(t, http.MethodPost, endpointPath, strings.Replace(initializeLine, `"capabilities":{}`, `"capabilities":{"elicitation":{}}`, 1), nil)
	session := resp.Header.Get("Mcp-Session-Id")
	f.send(t, http.MethodPost, endpointPath, makeLine, map[string]string{"Mcp-Session-Id": session})
	deleted := f.post(t, session, `{"jsonrpc":"2.0","id":"d","method":"tools/call","params":{"name":"delete_table","arguments":{"table_name":"books"}}}`)
	eventually(t, "the question", func() bool {
		f.server.calls.mu.Lock()
		defer f.server.calls.mu.Unlock()
		for _, w := range f.server.calls.works {
			w.mu.Lock()
			asks := w.stage == waiting
			w.mu.Unlock()
			return asks
		}
		return false
	})
	if err := f.stop(); err != nil {
		t.Error(err)
	}
	if text := received(t, "the call", deleted); !strings.Contains(text, `"id":"d","error":{"code":-32000`) || !strings.Contains(text, "nothing was changed by it") {
		t.Errorf("the call: %s", text)
	}
}

// What goes on longer than the server waits for is told that, and that nobody knows whether it was done.
func TestHTTPGraceEnds(t *testing.T) {
	f := serveOverHTTP(t, `{"faults":[{"operation":"PutItem","delay":"60s"},{"operation":"ListTables","delay":"60s"}]}`, nil)
	f.server.grace = 100 * time.Millisecond
	session := f.begin(t, nil)
	put, read := f.post(t, session, putLine), f.post(t, session, fmt.Sprintf(listLine, ""))
	f.under(t, 1, writing)
	f.under(t, 2, reading)
	if err := f.stop(); err != nil {
		t.Error(err)
	}
	if text := received(t, "the write", put); !strings.Contains(text, "whether it was done is not known") || !strings.Contains(text, `"id":"p"`) {
		t.Errorf("the write: %s", text)
	}
	if text := received(t, "the read", read); !strings.Contains(text, "the server stops; nothing was changed") {
		t.Errorf("the read: %s", text)
	}
}

// A call whose session or token ends under it is told that.
func TestHTTPCallsThatLoseTheirSession(t *testing.T) {
	f := serveOverHTTP(t, `{"faults":[{"operation":"ListTables","count":9,"delay":"60s"}]}`, func(_ *Options, h *HTTPOptions) {
		h.Grants = []Grant{{Name: "a", Digest: digestOf("a")}, {Name: "b", Digest: digestOf("b")}}
	})
	for _, k := range []struct {
		token, says string
		end         func(headers map[string]string)
	}{
		{"a", "the session was ended", func(headers map[string]string) { f.send(t, http.MethodDelete, endpointPath, "", headers) }},
		{"b", "the token is no longer good", func(map[string]string) {
			if err := f.server.SetGrants([]Grant{{Name: "a", Digest: digestOf("a")}}); err != nil {
				t.Error(err)
			}
		}},
	} {
		headers := map[string]string{"Authorization": "Bearer " + k.token}
		headers["Mcp-Session-Id"] = f.begin(t, headers)
		answered := make(chan string, 1)
		go func() {
			_, text := f.send(t, http.MethodPost, endpointPath, fmt.Sprintf(listLine, ""), headers)
			answered <- text
		}()
		f.under(t, 1, reading)
		k.end(headers)
		if text := received(t, k.says, answered); !strings.Contains(text, k.says) || !strings.Contains(text, `"code":-32000`) {
			t.Errorf("%s: %q", k.says, text)
		}
	}
}

// On standard input and output the end of the input ends at once what only waits, with an answer; a write goes on to its end.
func TestStdioInputEnds(t *testing.T) {
	env, release := heldPuts(t)
	s, err := New(Options{Operations: ops.All, Toolsets: []string{"default", "wait"}, Env: env})
	if err != nil {
		t.Fatal(err)
	}
	serve := func(ctx context.Context) (feed *io.PipeWriter, out answerSink, ended chan error) {
		in, feed := io.Pipe()
		out, ended = make(answerSink, 100), make(chan error, 1)
		go func() { ended <- s.ServeStdio(ctx, in, out) }()
		return feed, out, ended
	}
	next := func(out answerSink) (id, text string) {
		select {
		case line := <-out:
			var answer envelope
			if err := json.Unmarshal(line, &answer); err != nil {
				t.Fatal(err)
			}
			return string(answer.ID), string(line)
		case <-time.After(time.Minute):
			t.Fatal("no answer within a minute")
			return "", ""
		}
	}
	send := func(feed *io.PipeWriter, lines ...string) {
		for _, line := range lines {
			if _, err := io.WriteString(feed, line+"\n"); err != nil {
				t.Fatal(err)
			}
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	feed, out, ended := serve(ctx)
	send(feed, makeLine)
	next(out)
	send(feed, putLine, fmt.Sprintf(waitLine, ""))
	time.Sleep(50 * time.Millisecond) // most likely both are at it by now
	_ = feed.Close()
	if id, text := next(out); id != `"w"` || !strings.Contains(text, "the client has closed its end; nothing was changed by it") {
		t.Errorf("first came %s", text)
	}
	close(release)
	if id, text := next(out); id != `"p"` || strings.Contains(text, "error") {
		t.Errorf("then came %s", text)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	// Told to stop it does the same.
	feed, out, ended = serve(ctx)
	send(feed, fmt.Sprintf(waitLine, ""), hasLine)
	if _, text := next(out); !strings.Contains(text, "late") {
		t.Errorf("the write is not there: %s", text)
	}
	stop()
	if id, text := next(out); id != `"w"` || !strings.Contains(text, "the server stops; nothing was changed by it") {
		t.Errorf("told to stop: %s", text)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	_ = feed.Close()
}
