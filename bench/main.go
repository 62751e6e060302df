// Command bench measures ddb on one machine in one go: the engine in memory and on disk against the limit of net/http, any
// other endpoint it is given, and the program as a process (start, memory, size, a call over MCP). The figure that holds
// on a noisy machine is the server's own CPU time per call, so that is what the ratios are made of.
//
//	go run ./bench                                    the whole
//	go run ./bench -only engine -rounds 3             the engine alone, best of three
//	go run ./bench -only mcp                          calls over MCP against a server of one tool
//	go run ./bench -only terminal                     commands as processes, on a server of loopback
//	go run ./bench -only scale                        an import of a million items, and the same calls on it and on 5,000
//	go run ./bench -endpoint other=http://127.0.0.1:8001@4711   another server on loopback, whose process is 4711
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

type options struct {
	items, clients, rounds, calls int
	large                         int
	match                         *regexp.Regexp // the operations that -only scale measures
	binary, only                  string
	endpoints                     endpoints
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == measureArgument {
		fail(measure(os.Args[2:]))
		return
	}
	var o options
	flag.IntVar(&o.items, "n", 5000, "items in the table")
	flag.IntVar(&o.large, "large", 1_000_000, "items in the large table of -only scale")
	flag.IntVar(&o.clients, "c", 4, "concurrent clients")
	flag.IntVar(&o.rounds, "rounds", 1, "rounds over all servers; the best CPU figure of each counts")
	flag.StringVar(&o.binary, "ddb", "", "the ddb to measure (default: built from this tree, stripped)")
	flag.StringVar(&o.only, "only", "", "engine, process, mcp, terminal or scale (default: all but scale)")
	flag.Var(&o.endpoints, "endpoint", "NAME=URL[@PID] of another server on loopback; may be repeated")
	flag.IntVar(&o.calls, "calls", 100_000, "calls over MCP after which memory is to be what it was")
	match := flag.String("match", "", "measure only operations that this regular expression matches, with -only scale")
	one := flag.Bool("serve-one-tool", false, "be the yardstick of MCP: a server of one tool on standard input and output")
	floor := flag.String("serve-floor", "", "be the limit: listen on this address and answer without looking")
	flag.Parse()

	if *one {
		fail(serveOneTool())
		return
	}
	if *floor != "" {
		fail(serveFloor(*floor, o.items))
		return
	}
	var err error
	if o.match, err = regexp.Compile(*match); err != nil {
		fail(fmt.Errorf("-match: %w", err))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err = run(ctx, o)
	stop()
	fail(err)
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if !slices.Contains([]string{"", "engine", "process", "mcp", "terminal", "scale"}, o.only) {
		return fmt.Errorf("-only %s: want engine, process, mcp, terminal or scale", o.only)
	}
	if min(o.items, o.large) < partition {
		return errors.New("-n: want at least 100 items, one whole partition")
	}
	dir, err := os.MkdirTemp("", "ddb-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if o.binary == "" {
		if o.binary, err = build(ctx, dir); err != nil {
			return err
		}
	}
	fmt.Printf("%s %s/%s, %d processors, %d items of 1 KB, %d clients\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), o.items, o.clients)
	// Processes first: the kernel counts what bench itself has resident at a fork as the child's, until it is exec'd.
	if cmp.Or(o.only, "process") == "process" {
		if err := measureProcess(ctx, o.binary, dir); err != nil {
			return err
		}
		fmt.Println()
	}
	if cmp.Or(o.only, "terminal") == "terminal" {
		if err := measureTerminal(ctx, o.binary, dir); err != nil {
			return err
		}
		fmt.Println()
	}
	if cmp.Or(o.only, "mcp") == "mcp" {
		if err := measureCalls(ctx, o, dir); err != nil {
			return err
		}
		fmt.Println()
	}
	if o.only == "scale" {
		return measureScale(ctx, o, dir)
	}
	if cmp.Or(o.only, "engine") == "engine" {
		return measureEngine(ctx, o, dir)
	}
	return nil
}

// build makes the binary as a release does, and copies it as an installation does: how much of a file one touch of it makes resident
// depends on how the kernel came to have it, and what a linker wrote lies in larger pieces.
func build(ctx context.Context, dir string) (string, error) {
	out := filepath.Join(dir, "built")
	installed := filepath.Join(dir, "ddb")
	if runtime.GOOS == "windows" {
		installed += ".exe"
	}
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, "./cmd/ddb")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build ./cmd/ddb (run bench in the module's root): %w\n%s", err, text)
	}
	return installed, install(out, installed)
}

func install(built, installed string) error {
	in, err := os.Open(built)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(installed, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// endpoint is a server that somebody else started.
type endpoint struct {
	name, url string
	pid       int
}

type endpoints []endpoint

// String and Set make endpoints a flag that may be repeated.
func (e *endpoints) String() string {
	names := make([]string, len(*e))
	for i, one := range *e {
		names[i] = one.name
	}
	return strings.Join(names, ",")
}

// Set reads NAME=URL[@PID].
func (e *endpoints) Set(text string) error {
	name, rest, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return fmt.Errorf("%q: want NAME=URL or NAME=URL@PID", text)
	}
	one := endpoint{name: name, url: rest}
	if url, pid, found := strings.Cut(rest, "@"); found {
		one.url = url
		if _, err := fmt.Sscanf(pid, "%d", &one.pid); err != nil {
			return fmt.Errorf("%q: the part behind @ is the server's process id", text)
		}
	}
	if err := loopback(one.url); err != nil {
		return err
	}
	*e = append(*e, one)
	return nil
}
