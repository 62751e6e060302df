package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
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
	if err := newClient(s.url, 1).ready(ctx, 20*time.Second); err != nil {
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

// ticks is the kernel's USER_HZ, the unit of the times in /proc/PID/stat; it is 100 on every platform Go runs on.
const ticks = 100

// cpu gives the seconds of processor time, user and system, the server has used. Where the system has no /proc it is 0, and
// the table shows times alone.
func (s *server) cpu() float64 {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.pid))
	if err != nil {
		return 0
	}
	text := string(content)
	// The second field is the program's name in brackets and may hold anything; utime and stime are fields 14 and 15.
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	user, err1 := strconv.ParseFloat(fields[11], 64)
	system, err2 := strconv.ParseFloat(fields[12], 64)
	if errors.Join(err1, err2) != nil {
		return 0
	}
	return (user + system) / ticks
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
