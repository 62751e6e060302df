package local

import (
	"context"
	"errors"
	"os"
	"sync/atomic"
	"time"
)

// An owner may take its time over a call, and it may hang: stopped by a signal, or on a disk that does not answer. So one who waits for an answer asks now and
// then, on a connection of its own, whether anybody is there. Who is busy says so; who does not, for as often as hungAfter, is given up.
const (
	askEvery  = 5 * time.Second
	hungAfter = 3
)

// watch looks after a call that waits on c until end is called, and cuts the connection when the owner hangs, which end reports.
func (p *peer) watch(ctx context.Context, c *conn) (end func() (hung bool)) {
	var hung, over atomic.Bool
	silent := 0
	var timer *time.Timer
	ready := make(chan struct{})
	timer = time.AfterFunc(p.every, func() {
		<-ready
		asked, err := p.connect(ctx)
		switch {
		case err == nil:
			silent = 0
			_ = asked.Close()
		case errors.Is(err, os.ErrDeadlineExceeded): // an owner that ends refuses instead, and still answers what it has begun
			silent++
		}
		if silent == hungAfter {
			hung.Store(true)
			_ = c.SetDeadline(time.Unix(1, 0))
			return
		}
		if !over.Load() {
			timer.Reset(p.every)
		}
	})
	close(ready)
	return func() bool {
		over.Store(true)
		timer.Stop()
		return hung.Load()
	}
}
