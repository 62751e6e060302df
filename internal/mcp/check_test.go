package mcp

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/dynamo"
	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

// overStdio sends requests to a server of its own, on an engine of its own, each when the one before was answered, and gives the answers by
// id and the notifications by method.
func overStdio(t *testing.T, change func(*Options), lines ...string) map[string]envelope {
	t.Helper()
	e, err := engine.Open(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	factory := dynamo.New(t.Context(), dynamo.Config{Local: e.Handler(), MCP: true, MaxAttempts: 1})
	o := Options{Operations: ops.All, Version: "test", Env: &op.Env{Clients: factory.Clients, Explain: factory.Explain}}
	if change != nil {
		change(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	in, feed := io.Pipe()
	out := make(answerSink, 100)
	ended := make(chan error, 1)
	go func() { ended <- s.ServeStdio(t.Context(), in, out) }()
	answers := map[string]envelope{}
	for _, line := range lines {
		if _, err := io.WriteString(feed, line+"\n"); err != nil {
			t.Fatal(err)
		}
		for answered := false; !answered; {
			select {
			case text := <-out:
				var answer envelope
				if err := json.Unmarshal(text, &answer); err != nil {
					t.Fatalf("%v: %s", err, text)
				}
				if answered = answer.Method == ""; !answered {
					answer.ID = []byte(answer.Method)
				}
				answers[string(answer.ID)] = answer
			case <-time.After(time.Minute):
				t.Fatalf("no answer within a minute: %s", line)
			}
		}
	}
	_ = feed.Close()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	return answers
}

// answerSink takes messages as they are written.
type answerSink chan []byte

func (a answerSink) Write(p []byte) (int, error) {
	a <- bytes.Clone(p)
	return len(p), nil
}

// Requests that cannot be answered as they stand are refused with the code that the protocol has for it, and a message that says what there is,
// over both transports. Nothing in a message is hidden.
func TestRequestsThatCannotBeAnswered(t *testing.T) {
	narrowed := func(o *Options) { o.Env.Tables, o.Toolsets = []string{"dev-*"}, []string{"default", "account"} }
	f := serveOverHTTP(t, "", func(o *Options, _ *HTTPOptions) { narrowed(o) })
	session := f.begin(t, nil)
	for _, k := range []struct {
		name, method, params string
		code                 int
		says                 string
	}{
		{"a call without parameters", "tools/call", ``, mcp.INVALID_PARAMS, "needs params with the name of a tool"},
		{"a call without a name", "tools/call", `{"arguments":{}}`, mcp.INVALID_PARAMS, "needs params with the name of a tool"},
		{"a tool mistyped", "tools/call", `{"name":"get_itme"}`, mcp.INVALID_PARAMS, `did you mean "get_item"?`},
		{"a tool of another set", "tools/call", `{"name":"wait_for"}`, mcp.INVALID_PARAMS, `toolset "wait"`},
		{"a tool nobody has", "tools/call", "{\"name\":\"rm\u202e\u200b\"}", mcp.INVALID_PARAMS, `rm\u202e\u200b`},
		{"a prompt nobody has", "prompts/get", "{\"name\":\"x\u2066\"}", mcp.INVALID_PARAMS, "there are dynamodb_data_modeling, review_model"},
		{"no prompt", "prompts/get", ``, mcp.INVALID_PARAMS, "needs the name"},
		{"a section nobody has", "prompts/get", `{"name":"dynamodb_data_modeling","arguments":{"section":"x"}}`, mcp.INVALID_PARAMS, "there are role"},
		{"an argument nobody has", "prompts/get", `{"name":"reduce_cost","arguments":{"tabel":"x"}}`, mcp.INVALID_PARAMS, "it has table, attribute"},
		{"an argument of a prompt that is no text", "prompts/get", `{"name":"reduce_cost","arguments":{"table":7}}`, mcp.INVALID_PARAMS, "is a string"},
		{"a resource nobody has", "resources/read", "{\"uri\":\"ddb://x\u200b\"}", mcp.RESOURCE_NOT_FOUND, `ddb://x\u200b`},
		{"a resource without a name", "resources/read", `{"uri":"ddb://table/"}`, mcp.RESOURCE_NOT_FOUND, "there are ddb://tables"},
		{"no resource", "resources/read", `{}`, mcp.INVALID_PARAMS, "needs the uri"},
		{"a table outside the list", "resources/read", `{"uri":"ddb://table/prod"}`, mcp.RESOURCE_NOT_FOUND, op.CodeTableNotAllowed},
		{"a table that is not there", "resources/read", `{"uri":"ddb://table/dev-1"}`, mcp.RESOURCE_NOT_FOUND, "ResourceNotFoundException"},
		{"a table that cannot be", "resources/read", "{\"uri\":\"ddb://table/dev-\u202e\"}", mcp.RESOURCE_NOT_FOUND, `dev-\u202e`},
		{"a cursor of tools", "tools/list", `{"cursor":"%%%"}`, mcp.INVALID_PARAMS, "not one of this server"},
		{"a cursor of resources", "resources/list", `{"cursor":"Zm9v"}`, mcp.INVALID_PARAMS, "not one of this server"},
		{"a cursor of templates", "resources/templates/list", `{"cursor":7}`, mcp.INVALID_PARAMS, "not one of this server"},
		{"a cursor of prompts", "prompts/list", `{"cursor":"x"}`, mcp.INVALID_PARAMS, "not one of this server"},
		{"no cursor", "tools/list", `{"cursor":null}`, 0, ""},
		{"completion for nothing", "completion/complete", `{"ref":{"type":"x"},"argument":{"name":"a","value":""}}`, mcp.INVALID_PARAMS, "ref/prompt or ref/resource"},
		{"completion without an argument", "completion/complete", `{"ref":{"type":"ref/prompt","name":"reduce_cost"}}`, mcp.INVALID_PARAMS, "needs a ref and an argument"},
		{"a method nobody has", "x/\u200b", ``, mcp.METHOD_NOT_FOUND, `x/\u200b`},
	} {
		line := `{"jsonrpc":"2.0","id":9007199254740993,"method":"` + k.method + `"`
		if k.params != "" {
			line += `,"params":` + k.params
		}
		line += "}"
		resp, text := f.send(t, http.MethodPost, endpointPath, line, map[string]string{"Mcp-Session-Id": session})
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", k.name, resp.Status)
		}
		var overHTTP envelope
		if err := json.Unmarshal([]byte(text), &overHTTP); err != nil {
			t.Fatalf("%s: %v: %s", k.name, err, text)
		}
		for transport, answer := range map[string]envelope{"HTTP": overHTTP, "stdio": overStdio(t, narrowed, line)["9007199254740993"]} {
			var told struct {
				Code    int
				Message string
			}
			if answer.Error != nil {
				if err := json.Unmarshal(answer.Error, &told); err != nil {
					t.Fatal(err)
				}
			}
			if told.Code != k.code || !strings.Contains(told.Message, k.says) || string(answer.ID) != "9007199254740993" {
				t.Errorf("%s over %s: id %s, %d %s; want %d and %q", k.name, transport, answer.ID, told.Code, told.Message, k.code, k.says)
			}
			unseen(t, k.name, told.Message)
		}
	}
}

// A client of the newest revision, which has no code for a missing resource, gets the code and the status that its revision has.
func TestResourceNotFoundInTheNewestRevision(t *testing.T) {
	f := serveOverHTTP(t, "", func(o *Options, _ *HTTPOptions) { o.Env.Tables = []string{"dev-*"} })
	for _, uri := range []string{"ddb://x", "ddb://table/prod", "ddb://table/dev-1"} {
		line := `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"` + uri + `","_meta":{"io.modelcontextprotocol/protocolVersion":"` + mcp.ProtocolVersion20260728 +
			`","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}`
		resp, text := f.send(t, http.MethodPost, endpointPath, line, map[string]string{
			mcp.HeaderProtocolVersion: mcp.ProtocolVersion20260728, "Mcp-Method": "resources/read", "Mcp-Name": uri,
		})
		if resp.StatusCode != http.StatusBadRequest || !strings.Contains(text, `"code":-32602`) || !strings.Contains(text, "Resource not found") {
			t.Errorf("%s: %s %s", uri, resp.Status, text)
		}
	}
}

// Why a tool is not there is said truly: another set, a flag, a token, or another way to it.
func TestWhyAToolIsNotThere(t *testing.T) {
	build := func(change func(*Options), grant *Grant) *Server {
		o := Options{Operations: ops.All, Version: "test", Env: &op.Env{}}
		if change != nil {
			change(&o)
		}
		var s *Server
		var err error
		if grant != nil {
			s, err = forGrant(o, *grant)
		} else {
			s, err = New(o)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := s.ready(); err != nil {
			t.Fatal(err)
		}
		return s
	}
	items := func(o *Options) { o.Toolsets = []string{"item"} }
	without := func(o *Options) { o.Exclude = []string{"delete_table"} }
	for _, k := range []struct {
		name string
		s    *Server
		tool string
		says string
	}{
		{"another set", build(items, nil), "create_table", `toolset "table", which this server was started without`},
		{"--exclude-tools", build(without, nil), "delete_table", "--exclude-tools"},
		{"a token's exclude_tools", build(nil, &Grant{Name: "ci", Exclude: []string{"delete_table"}}), "delete_table", `the token "ci" does not include it`},
		{"a token's toolsets", build(nil, &Grant{Name: "ci", Toolsets: []string{"item"}}), "create_table", `the token "ci" does not include it`},
		{"a token's toolsets, and no default of the server's", build(nil, &Grant{Name: "ci", Toolsets: []string{"item"}}), "wait_for", `the token "ci" does not include it`},
		{"the server, whatever the token says", build(items, &Grant{Name: "ci", Tools: []string{"get_item"}}), "create_table", "which this server was started without"},
		{"--exclude-tools for a token", build(without, &Grant{Name: "ci", Toolsets: []string{"table"}}), "delete_table", "--exclude-tools"},
		{"discovery", build(func(o *Options) { o.Discover = true }, nil), "get_item", "call it by call_tool"},
		{"discovery without it", build(func(o *Options) { o.Discover = true; without(o) }, nil), "delete_table", "--exclude-tools"},
		{"discovery, and nothing like it", build(func(o *Options) { o.Discover = true }, nil), "make_coffee", "find tools with search_tools"},
	} {
		if got := k.s.noTool(k.tool); !strings.Contains(got, k.says) {
			t.Errorf("%s: %s; want %q", k.name, got, k.says)
		}
		if !k.s.discover || k.tool == "get_item" {
			continue
		}
		if _, err := k.s.reach(k.tool); err == nil || k.tool == "delete_table" && !strings.Contains(err.Error(), k.says) {
			t.Errorf("%s, through call_tool: %v", k.name, err)
		}
	}
}

// A progress token comes back as it was sent, whatever number it is.
func TestProgressTokensAreKept(t *testing.T) {
	for _, token := range []string{"9007199254740993", "12345678901234567890123", "1.0", `"9007199254740993"`, "7"} {
		answers := overStdio(t, func(o *Options) { o.Toolsets = []string{"default", "wait"} },
			`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_table","arguments":{"table_name":"books","billing_mode":"PAY_PER_REQUEST","attribute_definitions":[{"AttributeName":"k","AttributeType":"S"}],"key_schema":[{"AttributeName":"k","KeyType":"HASH"}]}}}`,
			`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"wait_for","arguments":{"kind":"table","table_name":"books","timeout_seconds":20},"_meta":{"progressToken":`+token+`}}}`)
		if got := string(answers["notifications/progress"].Params); !strings.Contains(got, `"progressToken":`+token+`,`) && !strings.Contains(got, `"progressToken":`+token+`}`) {
			t.Errorf("token %s: %s\n%s", token, got, answers["2"].Result)
		}
	}
}
