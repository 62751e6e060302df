package mcp

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	"go.uber.org/goleak"
)

var binary struct {
	once sync.Once
	dir  string
	path string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, "the tests leave goroutines behind:", err)
		code = 1
	}
	if binary.dir != "" {
		_ = os.RemoveAll(binary.dir)
	}
	os.Exit(code)
}

// program is the path of ddb, built once for all tests that need the real one.
func program(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program")
	}
	binary.once.Do(func() {
		//nolint:usetesting // it outlives the test that builds it; TestMain removes it
		if binary.dir, binary.err = os.MkdirTemp("", "ddb-mcp-"); binary.err != nil {
			return
		}
		binary.path = filepath.Join(binary.dir, "ddb.exe")
		// With the settings of the test itself, so that all but the linking comes from the cache.
		build := exec.Command("go", "build", "-ldflags=-s -w", "-o", binary.path, "github.com/ddb-cli/ddb/cmd/ddb")
		if out, err := build.CombinedOutput(); err != nil {
			binary.err = fmt.Errorf("build ddb: %w\n%s", err, out)
		}
	})
	if binary.err != nil {
		t.Fatal(binary.err)
	}
	return binary.path
}

// environment is one in which nothing of the machine's AWS or ddb settings is
// found, with some variables of the test's own.
func environment(t testing.TB, extra ...string) []string {
	t.Helper()
	home := t.TempDir()
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_CONFIG_HOME=" + home, "TMPDIR=" + os.TempDir(),
		"AWS_CONFIG_FILE=" + filepath.Join(home, "none"), "AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join(home, "none"),
		"AWS_EC2_METADATA_DISABLED=true",
	}, extra...)
}

// startClient runs the program with a client of mcp-go on its standard streams.
func startClient(t *testing.T, env []string, args ...string) *client.Client {
	t.Helper()
	command := program(t)
	c, err := client.NewStdioMCPClientWithOptions(command, nil, append([]string{"serve-mcp"}, args...),
		transport.WithCommandFunc(func(ctx context.Context, command string, _, args []string) (*exec.Cmd, error) {
			cmd := exec.CommandContext(ctx, command, args...)
			cmd.Env = env
			return cmd, nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	initialize(t, c)
	return c
}

func initialize(t *testing.T, c *client.Client) *mcp.InitializeResult {
	t.Helper()
	request := mcp.InitializeRequest{}
	request.Params.ProtocolVersion = mcp.LATEST_LEGACY_PROTOCOL_VERSION
	request.Params.ClientInfo = mcp.Implementation{Name: "test", Version: "1"}
	result, err := c.Initialize(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// process is the program with its streams in the hands of the test.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	outEnd io.Closer
	errors *lockedBuffer
}

type lockedBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func startProcess(t testing.TB, env []string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(program(t), append([]string{"serve-mcp"}, args...)...), errors: &lockedBuffer{}}
	p.cmd.Env = env
	p.cmd.Stderr = p.errors
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out, p.outEnd = bufio.NewReaderSize(out, 1<<20), out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.in.Close()
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	})
	return p
}

func (p *process) send(t testing.TB, line string) {
	t.Helper()
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		t.Fatalf("send: %v; the program says: %s", err, p.errors)
	}
}

func (p *process) receive(t testing.TB) []byte {
	t.Helper()
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		t.Fatalf("receive: %v; the program says: %s", err, p.errors)
	}
	return line
}

// closeOutput is what a client that dies does.
func (p *process) closeOutput(t testing.TB) {
	t.Helper()
	if err := p.outEnd.Close(); err != nil {
		t.Fatal(err)
	}
}

// exit waits for the program to end by itself and gives its exit code.
func (p *process) exit(t testing.TB, limit time.Duration) int {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, p.out)
		_ = p.cmd.Wait() // the exit code tells what there is to know
	}()
	select {
	case <-ended:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(limit):
		t.Fatalf("the program does not end; it says: %s", p.errors)
		return -1
	}
}

const initializeLine = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}`

func TestBinaryRunsTheScenario(t *testing.T) {
	c := startClient(t, environment(t), "--local=memory", "--toolsets", "all")
	newScenario(t, c).run(t, contractSteps)
}

func TestBinaryAnswersWhatIsPipedIn(t *testing.T) {
	p := startProcess(t, environment(t), "--local=memory")
	p.send(t, initializeLine)
	p.send(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_tables","arguments":{}}}`)
	_ = p.in.Close()
	seen := map[string]bool{}
	for range 2 {
		var message struct {
			ID     json.RawMessage
			Result json.RawMessage
		}
		line := p.receive(t)
		if err := json.Unmarshal(line, &message); err != nil || message.Result == nil {
			t.Fatalf("not a result: %s", line)
		}
		seen[string(message.ID)] = true
	}
	if !seen["0"] || !seen["1"] {
		t.Errorf("answers to %v, want 0 and 1", seen)
	}
	if code := p.exit(t, 5*time.Second); code != 0 {
		t.Errorf("exit code %d, want 0: %s", code, p.errors)
	}
}

// seedTable makes a table with one item through the tools.
func (p *process) seed(t testing.TB) {
	t.Helper()
	p.send(t, initializeLine)
	p.receive(t)
	for _, line := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_table","arguments":{"table_name":"bench","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],"billing_mode":"PAY_PER_REQUEST"}}}`,
		`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"put_item","arguments":{"table_name":"bench","item":{"pk":{"S":"a"},"text":{"S":"` + strings.Repeat("lorem ", 60) + `"}}}}}`,
	} {
		p.send(t, line)
		if answer := string(p.receive(t)); strings.Contains(answer, `"isError":true`) || strings.Contains(answer, `"error":{`) {
			t.Fatalf("seed: %s", answer)
		}
	}
}

// BenchmarkBinaryGetItem is a get_item call as a client sees it: the program, its
// streams, the embedded engine. The goal is 0.6 ms at the median.
func BenchmarkBinaryGetItem(b *testing.B) {
	p := startProcess(b, environment(b), "--local=memory")
	p.seed(b)
	took := make([]time.Duration, 0, 1<<16)
	for b.Loop() {
		start := time.Now()
		p.send(b, `{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"get_item","arguments":{"table_name":"bench","key":{"pk":{"S":"a"}}}}}`)
		p.receive(b)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-median")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
}

// BenchmarkBinaryInitialize is the time from starting the program to its answer
// to initialize. The goal is 40 ms.
func BenchmarkBinaryInitialize(b *testing.B) {
	env := environment(b)
	program(b)
	for b.Loop() {
		p := startProcess(b, env, "--local=memory")
		p.send(b, initializeLine)
		p.receive(b)
		_ = p.in.Close()
		_ = p.cmd.Wait()
	}
}
