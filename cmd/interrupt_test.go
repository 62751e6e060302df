//go:build linux || darwin

package cmd_test

import (
	"bytes"
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
