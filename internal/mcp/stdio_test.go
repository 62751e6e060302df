package mcp

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// pipeServer serves tools that show how the transport treats calls: echo
// answers at once, wait when its context or release is done, panic never.
type pipeServer struct {
	in       *io.PipeWriter
	out      *bufio.Reader
	outEnd   *io.PipeReader
	started  chan string // ids of wait calls that have begun
	ended    chan error  // their contexts' errors
	release  chan struct{}
	finished chan error
	stop     context.CancelFunc
}

func startPipeServer(t *testing.T) *pipeServer {
	t.Helper()
	p := &pipeServer{
		started:  make(chan string, 100),
		ended:    make(chan error, 100),
		release:  make(chan struct{}),
		finished: make(chan error, 1),
	}
	core := server.NewMCPServer("test", "1")
	core.AddTool(mcp.NewTool("echo"), func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return mcp.NewToolResultText("echo"), nil
	})
	core.AddTool(mcp.NewTool("panic"), func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		panic("on purpose")
	})
	core.AddTool(mcp.NewTool("wait"), func(ctx context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		p.started <- r.GetString("name", "")
		select {
		case <-ctx.Done():
		case <-p.release:
		}
		p.ended <- ctx.Err()
		return mcp.NewToolResultText("waited"), nil
	})
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	p.in, p.outEnd, p.out = inW, outR, bufio.NewReader(outR)
	ctx, stop := context.WithCancel(t.Context())
	p.stop = stop
	s := &Server{server: core, ready: func() error { return nil }, logger: slog.New(slog.DiscardHandler)}
	go func() {
		p.finished <- s.ServeStdio(ctx, inR, outW)
		_ = outW.Close()
	}()
	t.Cleanup(func() {
		stop()
		_ = inW.Close()
		_ = outR.Close()
	})
	return p
}

func (p *pipeServer) send(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if _, err := io.WriteString(p.in, line+"\n"); err != nil {
			t.Fatalf("send: %v", err)
		}
	}
}

// answer is what a test looks at of a message from the server.
type answer struct {
	ID     json.RawMessage
	Result *struct{ Content []struct{ Text string } }
	Error  *struct {
		Code    int
		Message string
	}
}

func (p *pipeServer) receive(t *testing.T) answer {
	t.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil {
		t.Fatalf("receive: %v", err)
	}
	var a answer
	if err := json.Unmarshal([]byte(line), &a); err != nil {
		t.Fatalf("not a message: %q", line)
	}
	return a
}

func (p *pipeServer) finish(t *testing.T) {
	t.Helper()
	select {
	case err := <-p.finished:
		if err != nil {
			t.Fatalf("ServeStdio: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("ServeStdio does not return")
	}
}

func callLine(id, tool string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":%q,"arguments":{"name":"n"}}}`, id, tool)
}

func TestStdioRefusesBrokenMessages(t *testing.T) {
	cases := []struct {
		name, line string
		code       int
		id, says   string
	}{
		{"not JSON", `{"jsonrpc":`, mcp.PARSE_ERROR, "null", "not valid JSON"},
		{"not an object", `42`, mcp.INVALID_REQUEST, "null", "JSON object"},
		{"a batch", `[{"jsonrpc":"2.0","id":1,"method":"ping"}]`, mcp.INVALID_REQUEST, "null", "one message at a time"},
		{"id null", `{"jsonrpc":"2.0","id":null,"method":"ping"}`, mcp.INVALID_REQUEST, "null", "id must be"},
		{"id an object", `{"jsonrpc":"2.0","id":{},"method":"ping"}`, mcp.INVALID_REQUEST, "null", "id must be"},
		{"method a number", `{"jsonrpc":"2.0","id":3,"method":5}`, mcp.INVALID_REQUEST, "3", "method must be"},
		{"no method", `{"jsonrpc":"2.0","id":"x"}`, mcp.INVALID_REQUEST, `"x"`, "method is missing"},
		{"unknown method", `{"jsonrpc":"2.0","id":4,"method":"nonsense"}`, mcp.METHOD_NOT_FOUND, "4", "nonsense"},
		{"wrong version", `{"jsonrpc":"1.0","id":5,"method":"ping"}`, mcp.INVALID_REQUEST, "5", "version"},
		{"parameters an array", `{"jsonrpc":"2.0","id":6,"method":"tools/call","params":[]}`, mcp.INVALID_PARAMS, "6", "the name of a tool"},
		{"unknown tool", callLine("7", "nonsense"), mcp.INVALID_PARAMS, "7", "nonsense"},
		{"too long", `{"jsonrpc":"2.0","id":8,"method":"ping","params":{"x":"` + strings.Repeat("x", maxLine) + `"}}`, mcp.INVALID_REQUEST, "8", "limit is 16777216 bytes"},
		{"a tool that panics", callLine("9", "panic"), mcp.INTERNAL_ERROR, "9", "see the server's log"},
	}
	p := startPipeServer(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p.send(t, c.line)
			got := p.receive(t)
			if got.Error == nil || got.Error.Code != c.code || string(got.ID) != c.id || !strings.Contains(got.Error.Message, c.says) {
				t.Errorf("answer %+v (error %+v); want id %s, code %d, a message with %q", got, got.Error, c.id, c.code, c.says)
			}
			p.send(t, callLine("10", "echo"))
			if got := p.receive(t); got.Result == nil || string(got.ID) != "10" {
				t.Errorf("the server does not go on: %+v", got)
			}
		})
	}
	p.send(t, `{"jsonrpc":"2.0","method":"notifications/initialized"}`, `{"jsonrpc":"2.0","id":99,"result":{}}`)
	_ = p.in.Close()
	p.finish(t)
}

func TestStdioKeepsIDs(t *testing.T) {
	p := startPipeServer(t)
	for _, id := range []string{`0`, `-1`, `9007199254740993`, `"a\u0000b"`, `"9007199254740993"`} {
		p.send(t, callLine(id, "echo"))
		if got := p.receive(t); string(got.ID) != id || got.Result == nil {
			t.Errorf("id %s comes back as %s", id, got.ID)
		}
	}
}

func TestStdioRunsCallsInParallel(t *testing.T) {
	p := startPipeServer(t)
	for i := range maxInFlight {
		p.send(t, callLine(strconv.Itoa(i), "wait"))
		<-p.started
	}
	close(p.release)
	seen := map[string]bool{}
	for range maxInFlight {
		seen[string(p.receive(t).ID)] = true
	}
	if len(seen) != maxInFlight {
		t.Errorf("%d different answers, want %d", len(seen), maxInFlight)
	}
}

func TestStdioCancels(t *testing.T) {
	p := startPipeServer(t)
	p.send(t, callLine(`1`, "wait"), `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`)
	if err := <-p.ended; err == nil {
		t.Error("the call's context is not cancelled")
	}
	// No answer to a cancelled call: the next message is the echo's.
	p.send(t, callLine(`2`, "echo"))
	if got := p.receive(t); string(got.ID) != "2" {
		t.Errorf("answer to %s, want 2", got.ID)
	}
	// A cancellation of something unknown, or without an id, changes nothing.
	p.send(t, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}`,
		`{"jsonrpc":"2.0","method":"notifications/cancelled"}`, callLine(`3`, "echo"))
	if got := p.receive(t); string(got.ID) != "3" {
		t.Errorf("answer to %s, want 3", got.ID)
	}
}

func TestStdioRefusesAnIDUnderWay(t *testing.T) {
	p := startPipeServer(t)
	p.send(t, callLine(`1`, "wait"))
	<-p.started
	p.send(t, callLine(`1`, "echo"))
	if got := p.receive(t); got.Error == nil || got.Error.Code != mcp.INVALID_REQUEST {
		t.Errorf("answer %+v, want an invalid request", got)
	}
	close(p.release)
	if got := p.receive(t); got.Result == nil {
		t.Errorf("answer %+v, want the first call's result", got)
	}
}

func TestStdioAnswersCallsUnderWayWhenTheInputEnds(t *testing.T) {
	p := startPipeServer(t)
	p.send(t, callLine(`1`, "wait"))
	<-p.started
	_ = p.in.Close()
	close(p.release)
	if got := p.receive(t); got.Result == nil || cmp.Diff(got.Result.Content[0].Text, "waited") != "" {
		t.Errorf("answer %+v, want the call's result", got)
	}
	p.finish(t)
}

func TestStdioCancelsCallsWhenToldToStop(t *testing.T) {
	p := startPipeServer(t)
	p.send(t, callLine(`1`, "wait"))
	<-p.started
	p.stop()
	if err := <-p.ended; err == nil {
		t.Error("the call's context is not cancelled")
	}
	p.finish(t)
}

func TestStdioStopsWhenTheClientIsGone(t *testing.T) {
	p := startPipeServer(t)
	p.send(t, callLine(`1`, "wait"))
	<-p.started
	_ = p.outEnd.Close()
	p.send(t, callLine(`2`, "echo"))
	if err := <-p.ended; err == nil {
		t.Error("the call's context is not cancelled")
	}
	p.finish(t)
}
