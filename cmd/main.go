// Package cmd is the terminal: a tree of commands over the operations in package ops. root.go holds the tree and its global flags, bind.go makes a command of an operation by
// reflection over its input, adorn_*.go add what only a person needs, and the daily verbs on items (item_*.go) speak the command language of package attr. Everything that is
// printed goes through an IO, so that a test sees all of it; only answers go to standard output.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/start"
	"github.com/ddb-cli/ddb/internal/version"
	"github.com/ddb-cli/ddb/internal/wholefile"
)

// Main runs ddb with the process's arguments and streams and returns its exit code.
func Main() int {
	// A reader that has had enough closes the pipe; the write then fails with EPIPE, which ends ddb quietly instead of by a signal.
	signal.Ignore(syscall.SIGPIPE)
	start.GiveBack()
	ctx, stop := untilSignal(context.Background())
	defer stop()
	return Run(ctx, os.Args[1:], System())
}

// Run runs ddb once. It is Main for tests and for programs that hold the streams.
func Run(ctx context.Context, args []string, streams *IO) int {
	if slices.Equal(args, []string{"--version"}) { // ahead of the tree, which takes longer to build than the answer to print
		fmt.Fprintln(streams.Out, "ddb "+version.String())
		return streams.code(nil)
	}
	return newApp(streams).run(ctx, args)
}

// run runs one command line and returns its exit code.
func (a *app) run(ctx context.Context, args []string) int {
	err := a.execute(ctx, args)
	if cause := interruption(ctx); cause != nil && err != nil && !errors.Is(err, errPipe) {
		a.interrupted(cause.name, err)
		return int(cause.code)
	}
	code := a.io.code(err)
	if code != int(exitOK) {
		a.fail(err)
	}
	return code
}

// execute runs one command line and closes what it opened.
func (a *app) execute(ctx context.Context, args []string) error {
	a.args = args
	root := newRoot(a)
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		completeRest(a, root)
	}
	root.SetArgs(positions(root, args))
	err := root.ExecuteContext(ctx)
	if places, ok := errors.AsType[*placesDone](err); ok {
		err = places.err
	}
	if closing := a.close(); err == nil {
		err = closing
	}
	return err
}

// A signalError is why a context ended: Ctrl-C or a request to terminate.
type signalError struct {
	name string
	code exitCode
}

func (e *signalError) Error() string { return e.name }

func interruption(ctx context.Context) *signalError {
	if s, ok := errors.AsType[*signalError](context.Cause(ctx)); ok {
		return s
	}
	return nil
}

// listening counts who waits for a signal: a command of the shell does while the shell itself does too, and a signal is for the innermost.
var listening atomic.Int32

// untilSignal ends the context at the first Ctrl-C or SIGTERM. The second one ends the process at once; a file that is being written stays as it was.
func untilSignal(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	depth, stopped := listening.Add(1), make(chan struct{})
	go func() {
		for {
			select {
			case got := <-signals:
				why := &signalError{"interrupted", exitInterrupted}
				if got == syscall.SIGTERM {
					why = &signalError{"terminated", exitTerminated}
				}
				switch {
				case listening.Load() > depth:
				case interruption(ctx) == nil:
					cancel(why)
				default:
					wholefile.Abandon()
					os.Exit(int(why.code))
				}
			case <-stopped:
				return
			}
		}
	}()
	return ctx, sync.OnceFunc(func() {
		signal.Stop(signals)
		listening.Add(-1)
		close(stopped)
		cancel(nil)
	})
}
