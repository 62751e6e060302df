package cmd

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/mcp"
)

// The file is read when it has changed and was then left alone; what cannot be used changes nothing.
func TestTokenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("tokens: [{name: a, token: aaaaaaaaaaaaaaaaaaaaaaaa}]")
	var log bytes.Buffer
	var used [][]mcp.Grant
	f := &tokenFile{
		path: path, state: stateOf(path), seen: stateOf(path), logger: slog.New(slog.NewTextHandler(&log, nil)),
		use: func(g []mcp.Grant) error { used = append(used, g); return nil },
	}
	look := func(what string, want int) {
		t.Helper()
		if f.look(); len(used) != want {
			t.Fatalf("%s: used %d times, want %d; log: %s", what, len(used), want, log.String())
		}
	}
	look("unchanged", 0)
	write("tokens: [{name: b, token: bbbbbbbbbbbbbbbbbbbbbbbb}, {name: c, token: cccccccccccccccccccccccc, read_only: true}]")
	look("changed a moment ago", 0)
	look("changed, and left alone", 1)
	look("known", 1)
	if got := used[0]; len(got) != 2 || got[1].Name != "c" || !got[1].Gate.ReadOnly {
		t.Errorf("used %+v", got)
	}
	write("tokens: [{name: b, token: short}]")
	look("a mistake, a moment ago", 1)
	look("a mistake", 1)
	if text := log.String(); !strings.Contains(text, "stay in force") || !strings.Contains(text, "shorter than 20") || strings.Contains(text, "bbbb") {
		t.Errorf("log: %s", text)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	look("gone", 1)
	look("gone for good", 1)
	write("dddddddddddddddddddddddd")
	look("back a moment ago", 1)
	look("back", 2)
}

// A SIGHUP has the file read at once, whatever its state.
func TestTokenFileHangup(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no such signals on Windows")
	}
	path := filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(path, []byte("aaaaaaaaaaaaaaaaaaaaaaaa"), 0o600); err != nil {
		t.Fatal(err)
	}
	used := make(chan string, 100)
	f := &tokenFile{
		path: path, state: stateOf(path), seen: stateOf(path), logger: slog.New(slog.DiscardHandler),
		use: func(g []mcp.Grant) error { used <- g[0].Name; return nil },
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { f.watch(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	// The first may come before the watch listens; it must not end the test.
	held := make(chan os.Signal, 1)
	signal.Notify(held, syscall.SIGHUP)
	defer signal.Stop(held)
	for range 600 {
		if err := self.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		select {
		case name := <-used:
			if name != "default" {
				t.Errorf("used %q", name)
			}
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Error("the file was not read within a minute of signals")
}
