package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// server is a process under measurement.
type server struct {
	url string
	cmd *exec.Cmd // nil where somebody else started it
	pid int
	end context.CancelFunc

	started time.Duration // from exec to the first answer
}

// start runs a program that listens on address and waits for its first answer.
func start(ctx context.Context, address string, env []string, name string, args ...string) (*server, error) {
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = env
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	var words strings.Builder
	cmd.Stderr = &words
	began := time.Now()
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	s := &server{url: "http://" + address, cmd: cmd, pid: cmd.Process.Pid, end: cancel}
	if err := ready(ctx, newClient(s.url, 1), 20*time.Second); err != nil {
		s.stop()
		return nil, fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, words.String())
	}
	s.started = time.Since(began)
	return s, nil
}

func (s *server) stop() {
	if s.cmd == nil {
		return
	}
	s.end()
	_ = s.cmd.Wait() // it was interrupted: how it says so does not matter here
	s.cmd = nil
}

// cpu gives the seconds of processor time the server's threads have had. Where the system has no /proc it is 0, and the
// table shows times alone. A thread that ends takes its time with it; Go's do not end while a server is busy.
func (s *server) cpu() float64 { return cpuOf(s.pid) }

func cpuOf(pid int) float64 {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil {
		return 0
	}
	var total float64
	for _, name := range threads {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		var nanoseconds float64 // the first of three numbers: time on a processor
		if _, err := fmt.Sscan(string(text), &nanoseconds); err == nil {
			total += nanoseconds
		}
	}
	return total / 1e9
}

// memory gives the resident and the anonymous part of a process's memory in MiB, or an error where there is no /proc.
func memory(pid int) (resident, anonymous float64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	field := func(name string) float64 {
		_, rest, _ := strings.Cut(string(text), "\n"+name+":")
		var kb float64
		if _, scanErr := fmt.Sscan(rest, &kb); scanErr != nil {
			err = fmt.Errorf("/proc/%d/status: %s: %w", pid, name, scanErr)
		}
		return kb / 1024
	}
	resident, anonymous = field("VmRSS"), field("RssAnon")
	return resident, anonymous, err
}
