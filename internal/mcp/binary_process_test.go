package mcp

import (
	"bufio"
	"io"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

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
