package engine_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/engine/storage/storagetest"
)

// failingRun keeps a ledger on a disk of which the n-th change fails, from opening the store to closing it. Whatever
// fails, the caller gets a clean error, everything ends, and the store agrees with what was acknowledged when it is opened
// again. It reports whether anything failed.
func failingRun(t *testing.T, n int64, failure error, lasting, alone bool) (failed bool) {
	t.Helper()
	disk := storagetest.New()
	o := engine.Options{Dir: "ledger", TTLSweep: 5 * time.Millisecond, Storage: storage.Options{FS: disk}}
	l := &ledger{}
	disk.FailAt(n, failure, lasting)
	ended := make(chan error, 1)
	go func() { ended <- keepLedger(t.Context(), o, l, alone) }()
	select {
	case err := <-ended:
		failed = err != nil
		if err != nil && !cleanFailure(err, failure) {
			t.Errorf("change %d fails: the caller gets %v", n, err)
		}
	case <-time.After(30 * time.Second):
		stacks := make([]byte, 1<<20)
		t.Fatalf("change %d fails and the work does not end\n%s", n, stacks[:runtime.Stack(stacks, true)])
	}
	disk.Heal()
	checkLedger(t, o, l.copy(), l.copy())
	return failed
}

// cleanFailure reports whether an error says what happened: to who opens or closes the store in the file system's words,
// to a client as an error of the server with them, on one line.
func cleanFailure(err, failure error) bool {
	if strings.Contains(err.Error(), "panic") {
		return false
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return errors.Is(err, failure)
	}
	return api.ErrorCode() == "InternalServerError" && strings.Contains(api.ErrorMessage(), failure.Error()) && !strings.Contains(api.ErrorMessage(), "\n")
}

// keepLedger opens a store, keeps a ledger in it for a while and closes it. Its items are large, so that logs are changed
// and tables written. Alone, it does one thing after the other.
func keepLedger(ctx context.Context, o engine.Options, l *ledger, alone bool) error {
	e, err := engine.Open(o)
	if err != nil {
		return err
	}
	l.c = clientOf(e)
	work := func() error {
		if err := l.begin(ctx); err != nil {
			return err
		}
		if !alone {
			ctx, stop := context.WithTimeout(ctx, 150*time.Millisecond)
			defer stop()
			return l.run(ctx, 60<<10)
		}
		for n := range 8 {
			if err := l.round(ctx, "0", n+1, 120<<10); err != nil {
				return err
			}
		}
		for _, step := range []func(context.Context) error{l.backUp, l.addIndex, l.dropBackup, l.dropIndex} {
			if err := patiently(ctx, step); err != nil {
				return err
			}
		}
		return nil
	}
	err = work()
	if closing := e.Close(); err == nil {
		err = closing
	}
	return err
}

// apart, in the environment, says that this process is one of inItsOwnProcess.
const apart = "DDB_TEST_APART"

// inItsOwnProcess runs a test in a child: what Pebble does in the background stays for ever where its disk has failed (see
// storage.Store.Close), and would be taken for a leak here. It reports whether this is the child.
func inItsOwnProcess(t *testing.T) bool {
	t.Helper()
	if os.Getenv(apart) != "" {
		return true
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	child.Env = append(os.Environ(), apart+"=1")
	out, err := child.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
	return false
}

// TestEveryWriteFails lets each change of the disk fail in turn, once with an I/O error and once with a full disk: a few
// of them in the short run, all with DDB_TORTURE.
func TestEveryWriteFails(t *testing.T) {
	if !inItsOwnProcess(t) {
		return
	}
	step := int64(23)
	if tortureTime(t) > time.Minute {
		step = 1
	}
	runs, failures := 0, 0
	for n := int64(1) + rand.Int64N(step); ; n += step {
		failure := error(syscall.EIO)
		if n%2 == 0 {
			failure = syscall.ENOSPC
		}
		failed := failingRun(t, n, failure, n%3 == 0, true)
		runs++
		if t.Failed() {
			t.Fatalf("at change %d", n)
		}
		if failed {
			failures++
		} else if n > 100 {
			break
		}
	}
	t.Logf("%d runs, %d with a failure the caller saw", runs, failures)
}

// TestWritesFailAmongMany lets a change fail while several write: nobody waits for ever.
func TestWritesFailAmongMany(t *testing.T) {
	if !inItsOwnProcess(t) {
		return
	}
	runs := 0
	for end := time.Now().Add(tortureTime(t) / 2); time.Now().Before(end); runs++ {
		failingRun(t, 20+rand.Int64N(600), syscall.EIO, runs%2 == 0, false)
		if t.Failed() {
			t.FailNow()
		}
	}
	t.Logf("%d runs", runs)
}
