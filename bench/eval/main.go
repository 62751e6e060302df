// Command eval plays the part of an assistant: it answers written questions by the tools of `ddb serve-mcp`, a real process on
// standard input and output, against the embedded engine, and then looks through the SDK at what was left behind. It shows
// that the tools compose, and counts the calls and bytes that takes.
//
//	go run ./bench/eval               all tasks
//	go run ./bench/eval -run streams  those whose question or toolset has this word
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
)

func main() {
	binary := flag.String("ddb", "", "the ddb to run (default: built from this tree)")
	word := flag.String("run", "", "only tasks whose question or toolset has this word")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *binary, *word)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "eval: error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, binary, word string) error {
	dir, err := os.MkdirTemp("", "ddb-eval-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if binary == "" {
		if binary, err = build(ctx, dir); err != nil {
			return err
		}
	}
	tasks, err := readTasks(word)
	if err != nil {
		return err
	}
	w, err := openWorld(ctx, binary, dir)
	if err != nil {
		return err
	}
	defer w.close()
	var calls, bytes, failed int
	for i, t := range tasks {
		cost, err := w.play(ctx, i, t)
		verdict := "pass"
		if err != nil {
			verdict = "FAIL"
			failed++
		}
		calls, bytes = calls+cost.calls, bytes+cost.bytes
		fmt.Printf("%s %3d calls %7d bytes  %-10s %s\n", verdict, cost.calls, cost.bytes, t.toolset, t.question)
		if err != nil {
			fmt.Println("    ", err)
		}
	}
	fmt.Printf("%d of %d tasks pass; %d calls, %d bytes of requests and results\n", len(tasks)-failed, len(tasks), calls, bytes)
	if failed > 0 {
		return fmt.Errorf("%d tasks fail", failed)
	}
	return nil
}

// build makes the program; it is run in the module's root or below it.
func build(ctx context.Context, dir string) (string, error) {
	out := filepath.Join(dir, "ddb")
	if runtime.GOOS == "windows" {
		out += ".exe"
	}
	c := exec.CommandContext(ctx, "go", "build", "-ldflags=-s -w", "-o", out, "github.com/ddb-cli/ddb/cmd/ddb")
	if text, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build ddb: %w\n%s", err, text)
	}
	return out, nil
}
