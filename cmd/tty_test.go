//go:build linux || darwin

package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// A tty is ddb on a pseudo-terminal of 100 columns, and a person who types.
type tty struct {
	t    *testing.T
	cmd  *exec.Cmd
	file *os.File

	mu   sync.Mutex
	seen strings.Builder
	done chan struct{}
}

// onTerminal starts ddb with the home of the test, on the embedded engine.
func onTerminal(t *testing.T, home string, args ...string) *tty {
	t.Helper()
	c := exec.Command(os.Args[0], args...)
	c.Env = []string{
		"DDB_TEST_MAIN=1", "DDB_LOCAL=1", "HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_CACHE_HOME=" + home,
		"XDG_STATE_HOME=" + filepath.Join(home, "state"), "TERM=xterm", "PATH=" + os.Getenv("PATH"), "TZ=UTC",
	}
	return startOnTerminal(t, c)
}

// startOnTerminal starts any program on a pseudo-terminal.
func startOnTerminal(t *testing.T, c *exec.Cmd) *tty {
	t.Helper()
	file, err := pty.StartWithSize(c, &pty.Winsize{Rows: 40, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	x := &tty{t: t, cmd: c, file: file, done: make(chan struct{})}
	go func() {
		defer close(x.done)
		buf := make([]byte, 4096)
		for {
			n, err := file.Read(buf)
			x.mu.Lock()
			x.seen.Write(buf[:n])
			x.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { _ = c.Process.Kill(); _ = file.Close() })
	return x
}

func (x *tty) screen() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.seen.String()
}

// expect waits until text was shown behind what was seen when the last line was typed.
func (x *tty) expect(text string) {
	x.t.Helper()
	x.expectFunc(text, func(screen string) bool { return strings.Contains(screen, text) })
}

// expectFunc waits up to a minute, which a machine under load may need.
func (x *tty) expectFunc(what string, shown func(screen string) bool) {
	x.t.Helper()
	for range 2400 {
		if shown(x.screen()) {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	x.t.Fatalf("%q was not shown:\n%q", what, x.screen())
}

// expectAt waits until text was shown and behind it the prompt, so that keys typed next are the editor's: before it is back, the
// terminal itself takes Ctrl-C, Ctrl-D and Ctrl-U for its own.
func (x *tty) expectAt(prompt, text string) {
	x.t.Helper()
	for range 2400 {
		if _, behind, ok := strings.Cut(x.screen(), text); ok && strings.Contains(behind, prompt) {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	x.t.Fatalf("%q and a prompt were not shown:\n%q", text, x.screen())
}

// send types keys, after forgetting what was shown.
func (x *tty) send(keys string) {
	x.t.Helper()
	x.mu.Lock()
	x.seen.Reset()
	x.mu.Unlock()
	if _, err := x.file.WriteString(keys); err != nil {
		x.t.Fatal(err)
	}
}

// end waits for the program and gives its exit code.
func (x *tty) end() int {
	x.t.Helper()
	select {
	case <-x.done:
	case <-time.After(time.Minute):
		x.t.Fatalf("it did not end:\n%q", x.screen())
	}
	_ = x.cmd.Wait()
	return x.cmd.ProcessState.ExitCode()
}

// A tail that has nothing to print notices all the same that its reader is gone.
func TestTailEndsWithItsReader(t *testing.T) {
	local := home(t)
	dir := filepath.Dir(strings.TrimPrefix(local, "--local="))
	must(t, run(t, "", nil, "table", "create", "Orders", "--keys", "c:S", "--stream", "new-and-old", local))
	if out, code := shellIn(t.Context(), "sh", dir, "(ddb stream tail Orders "+local+"; echo tail ended with $? >&2) | true", false); code != 0 || !strings.Contains(out, "tail ended with 0") {
		t.Errorf("exit code %d: %s", code, out)
	}
}
