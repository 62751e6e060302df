package mcp

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

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
	e, err := engine.Open(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	factory := dynamo.New(t.Context(), dynamo.Config{Local: e.Handler(), MCP: true})
	s, err := New(Options{Operations: ops.All, Version: "test", Env: &op.Env{Clients: factory.Clients, Explain: factory.Explain}, MaxResultBytes: DefaultResultBytes})
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
	p.ask(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_table","arguments":{"table_name":"bench","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],"billing_mode":"PAY_PER_REQUEST"}}}`)
	var texts strings.Builder
	for i := range 10 {
		fmt.Fprintf(&texts, `,"text%d":{"S":"%s"}`, i, strings.Repeat("lorem ", 16))
	}
	p.ask(t, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"put_item","arguments":{"table_name":"bench","item":{"pk":{"S":"a"},"n":{"N":"12"},"m":{"M":{"x":{"SS":["a","b"]}}}`+texts.String()+`}}}}`)
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
