package engine

import (
	"context"
	"errors"
	"time"
)

// patience is how long a call waits for the work it started, so that what a test or a script asks next usually finds it
// done; larger work goes on behind the answer.
const patience = 2 * time.Second

// work runs long work in the background. It ends at Close by its context.
func (e *Engine) work(c *call, run func(context.Context)) {
	done := make(chan struct{})
	e.background(func() {
		defer close(done)
		run(e.ctx)
	})
	if e.realistic() {
		return
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-done:
	case <-late.C:
	case <-c.ctx.Done():
	}
}

// report logs what work that nobody waits for could not do.
func (e *Engine) report(what, name string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		e.opts.Logger.Error("background work failed", "work", what, "name", name, "error", err)
	}
}
