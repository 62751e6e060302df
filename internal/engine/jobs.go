package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// jobs is the long work under way: backups, restores, exports, imports. Unlike other background work it is not ended at
// once by Close, for a command that opens the store for one call would never get such work done.
type jobs struct {
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu   sync.Mutex
	bulk map[catalog.Ref]*bulkRun // bulk operations, which can be watched and cancelled
}

// finish waits for the jobs under way, and ends them when they take longer than grace.
func (j *jobs) finish(grace time.Duration) {
	timer := time.AfterFunc(grace, j.cancel)
	defer timer.Stop()
	j.running.Wait()
	j.cancel()
}

// job runs long work in the background. Its context ends some time after Close began.
func (e *Engine) job(run func(context.Context)) {
	e.jobs.running.Add(1)
	e.background(func() {
		defer e.jobs.running.Done()
		run(e.jobs.ctx)
	})
}

// patience is how long a call waits for the work it started, so that what a test or a script asks next usually finds it
// done; larger work goes on behind the answer.
const patience = 2 * time.Second

// work runs a job that a call began, and whose description tells how it ended.
func (e *Engine) work(c *call, run func(context.Context)) {
	_ = e.await(c, func(ctx context.Context) error {
		run(ctx)
		return nil
	})
}

// await runs a job that a call began, and gives the error it ended with while the call waited.
func (e *Engine) await(c *call, run func(context.Context) error) error {
	done := make(chan error, 1)
	e.job(func(ctx context.Context) { done <- run(ctx) })
	if e.realistic() {
		return nil
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case err := <-done:
		return err
	case <-late.C:
	case <-c.ctx.Done():
	}
	return nil
}

// How long work that found the disk full waits before it tries again: at first, and at most.
const (
	fullWait     = time.Second
	longFullWait = 30 * time.Second
)

// whileFull does what must be done some time again and again while the disk is full, until Close.
func (e *Engine) whileFull(do func() error) error {
	for wait := fullWait; ; wait = min(2*wait, longFullWait) {
		err := do()
		if !errors.Is(err, storage.ErrFull) {
			return err
		}
		if wait == fullWait {
			e.opts.Logger.Warn("background work waits until there is room on the disk", "error", err)
		}
		select {
		case <-e.ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

// report logs what work that nobody waits for could not do.
func (e *Engine) report(what, name string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		e.opts.Logger.Error("background work failed", "work", what, "name", name, "error", err)
	}
}
