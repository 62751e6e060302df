package mcp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/dynamo"
	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

// pipes is a server in this process, spoken to line by line.
type pipes struct {
	in  io.Writer
	out *bufio.Reader
}

func openPipes(t testing.TB) *pipes {
	t.Helper()
	p := pipesOn(t, engine.Options{})
	p.ask(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_table","arguments":{"table_name":"bench","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],"billing_mode":"PAY_PER_REQUEST"}}}`)
	var texts strings.Builder
	for i := range 10 {
		fmt.Fprintf(&texts, `,"text%d":{"S":"%s"}`, i, strings.Repeat("lorem ", 16))
	}
	p.ask(t, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"put_item","arguments":{"table_name":"bench","item":{"pk":{"S":"a"},"n":{"N":"12"},"m":{"M":{"x":{"SS":["a","b"]}}}`+texts.String()+`}}}}`)
	return p
}

// pipesOn is a server of all tools on an engine of its own, that has answered initialize.
func pipesOn(t testing.TB, options engine.Options) *pipes {
	t.Helper()
	e, err := engine.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	factory := dynamo.New(t.Context(), dynamo.Config{Local: e.Handler(), MCP: true})
	s, err := New(Options{Operations: ops.All, Version: "test", Env: &op.Env{Clients: factory.Clients, Explain: factory.Explain}, MaxResultBytes: DefaultResultBytes, Toolsets: []string{toolsetAll}})
	if err != nil {
		t.Fatal(err)
	}
	requests, in := io.Pipe()
	out, answers := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- s.ServeStdio(context.WithoutCancel(t.Context()), requests, answers) }()
	t.Cleanup(func() {
		_ = in.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_ = e.Close()
	})
	p := &pipes{in, bufio.NewReaderSize(out, 1<<20)}
	p.ask(t, initializeLine)
	return p
}

func (p *pipes) ask(t testing.TB, line string) {
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := p.out.ReadSlice('\n')
	if err != nil || strings.Contains(string(answer[:min(len(answer), 200)]), `"error"`) {
		t.Fatalf("%v: %.300s", err, answer)
	}
}

const getItemLine = `{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"get_item","arguments":{"table_name":"bench","key":{"pk":{"S":"a"}}}}}`

// BenchmarkGetItem is a call over pipes in this process, for profiles. bench has the figures of the real one.
func BenchmarkGetItem(b *testing.B) {
	p := openPipes(b)
	b.ReportAllocs()
	for b.Loop() {
		p.ask(b, getItemLine)
	}
}

// maxAllocations is the most a call of get_item may allocate from the line that comes in to the line that goes out, the SDK's encoder
// and decoder and the engine included. A clock would say less: it measures the machine.
const maxAllocations = 215

func TestGetItemAllocations(t *testing.T) {
	p := openPipes(t)
	for range 20 {
		p.ask(t, getItemLine)
	}
	if n := testing.AllocsPerRun(200, func() { p.ask(t, getItemLine) }); n > maxAllocations {
		t.Errorf("a call of get_item allocates %.0f times, at most %d are allowed: see what it does with go test ./internal/mcp -run NONE -bench GetItem -memprofile mem", n, maxAllocations)
	}
}

// The results written by hand are what encoding/json would write.
func TestAppendResult(t *testing.T) {
	id := mcp.NewRequestId(json.RawMessage(`"a\u00e9"`))
	failed := mcp.NewToolResultText(`{"error":"<no> \"way\""}`)
	failed.IsError = true
	modern := &mcp.CallToolResult{Content: []mcp.Content{mcp.NewTextContent("é\u2028\x01\\\n")}, RawStructuredContent: json.RawMessage(`{"a":[1,"<b>"]}`)}
	modern.ResultType = mcp.ResultTypeComplete
	for _, result := range []*mcp.CallToolResult{mcp.NewToolResultText(""), failed, modern} {
		message := mcp.JSONRPCResponse{JSONRPC: "2.0", ID: id, Result: result}
		line, ok := appendResult(nil, message)
		if !ok {
			t.Fatalf("%+v is not written by hand", result)
		}
		slow, err := json.Marshal(message)
		if err != nil {
			t.Fatal(err)
		}
		var got, want any
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if err := json.Unmarshal(slow, &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	for _, other := range []mcp.JSONRPCMessage{
		mcp.JSONRPCError{},
		mcp.JSONRPCResponse{ID: id, Result: mcp.EmptyResult{}},
		mcp.JSONRPCResponse{ID: id, Result: &mcp.CallToolResult{}},
		mcp.JSONRPCResponse{ID: mcp.NewRequestId(1), Result: failed},
		mcp.JSONRPCResponse{ID: id, Result: mcp.NewToolResultStructuredOnly(1)},
	} {
		if line, ok := appendResult(nil, other); ok {
			t.Errorf("%+v is written as %s", other, line)
		}
	}
}

func TestAppendIndented(t *testing.T) {
	for _, compact := range []string{
		`{}`, `[]`, `"a\"{,:"`, `{"a":{},"b":[],"c":[1,-2.5e3,true,null,{"d":"\\"}]}`, `[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]`, `{"a":{"b":{"c":["x","y"]}}}`,
	} {
		var want bytes.Buffer
		if err := json.Indent(&want, []byte(compact), "", "  "); err != nil {
			t.Fatal(err)
		}
		if got := appendIndented(nil, []byte(compact)); string(got) != want.String() {
			t.Errorf("%s:\n%s\nwant:\n%s", compact, got, want.String())
		}
	}
}
