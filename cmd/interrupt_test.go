//go:build linux || darwin

package cmd_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A heard is a stream that a test looks at while it is written.
type heard struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// A signal ends the waiting and not what is waited for: ddb says so, and how to wait again at the same place.
func TestSignalsEndAWait(t *testing.T) {
	local := home(t)
	dir := filepath.Dir(strings.TrimPrefix(local, "--local="))
	must(t, run(t, "", nil, "table", "create", "Orders", "--keys", "id:S", "--region", "eu-west-1", local))
	for _, c := range []struct {
		signal syscall.Signal
		word   string
		code   int
	}{{syscall.SIGINT, "interrupted", 130}, {syscall.SIGTERM, "terminated", 143}} {
		p := exec.Command(os.Args[0], "wait", "table", "Orders", "--gone", "--region", "eu-west-1", local)
		p.Env = []string{"DDB_TEST_MAIN=1", "HOME=" + dir, "XDG_DATA_HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "XDG_CACHE_HOME=" + dir, noExitSleep}
		said, out := &heard{}, &heard{}
		p.Stderr, p.Stdout = said, out
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		const progress = "ddb: table Orders: ACTIVE, "
		for range 2400 {
			if strings.Contains(said.String(), progress) {
				break
			}
			time.Sleep(25 * time.Millisecond)
		}
		if err := p.Process.Signal(c.signal); err != nil {
			t.Fatal(err)
		}
		_ = p.Wait()
		if code := p.ProcessState.ExitCode(); code != c.code {
			t.Errorf("%s: exit code %d, want %d", c.word, code, c.code)
		}
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		want := "ddb: table Orders is still ACTIVE and goes on without ddb; wait for it again with: ddb wait table Orders --gone --region=eu-west-1 " + local
		if len(lines) < 3 || !strings.HasPrefix(lines[0], progress) || lines[len(lines)-2] != want || lines[len(lines)-1] != "ddb: "+c.word {
			t.Errorf("%s: standard error\n%s\nwant at its end\n%s", c.word, said, want)
		}
		if out.String() != "" {
			t.Errorf("%s: standard output %q", c.word, out)
		}
	}
}

// A command that owns the store finishes the work it began before it ends, and says so. Two signals end it at once, and the next process tells what became
// of the work.
func TestSignalsWhileWorkIsFinished(t *testing.T) {
	local := home(t)
	dir := filepath.Dir(strings.TrimPrefix(local, "--local="))
	root := filepath.Join(dir, "s3")
	if err := os.MkdirAll(filepath.Join(root, "in"), 0o755); err != nil {
		t.Fatal(err)
	}
	var items strings.Builder
	for i := range 30_000 { // half a minute of work
		fmt.Fprintf(&items, `{"Item":{"id":{"S":"%d"}}}`+"\n", i)
	}
	if err := os.WriteFile(filepath.Join(root, "in", "items.json"), []byte(items.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, run(t, "", nil, "table", "create", "Orders", "--keys", "id:S", local))
	p := exec.Command(os.Args[0], "bulk", "start", "Orders", "--from", "s3://in/", "--errors-to", "s3://err/", "--max-write-units", "1024", "--s3-root", root, local)
	p.Env = []string{"DDB_TEST_MAIN=1", "HOME=" + dir, "XDG_DATA_HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "XDG_CACHE_HOME=" + dir, noExitSleep}
	said := &heard{}
	p.Stderr = said
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	for range 2400 {
		if strings.Contains(said.String(), "ddb: work that was begun is being finished") {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = p.Wait()
	}()
	for { // two that come at once may be one
		_ = p.Process.Signal(syscall.SIGINT)
		select {
		case <-ended:
		case <-time.After(100 * time.Millisecond):
			continue
		}
		break
	}
	if code := p.ProcessState.ExitCode(); code != 130 || !strings.Contains(said.String(), "ddb: work that was begun is being finished") {
		t.Errorf("exit code %d, standard error %q", code, said)
	}
	if r := must(t, run(t, "", nil, "bulk", "list", "--query", "BulkOperationsSummaryList[].BulkOperationStatus", local)); !strings.Contains(r.out, "FAILED") {
		t.Errorf("in the next process: %s", r.out)
	}
}
