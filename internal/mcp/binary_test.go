package mcp

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
