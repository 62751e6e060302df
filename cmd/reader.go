package cmd

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"
)

// lookEvery is how often it is looked whether somebody still reads, in milliseconds.
const lookEvery = 250

// whileRead gives a context that ends, by errPipe, when the reader of standard output is gone, for what reads on without writing: it would notice
// at its next answer only, which may cost a whole table or never come.
func (s *IO) whileRead(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := func() { cancel(nil) }
	out, ok := s.Out.(pipeWriter)
	if !ok {
		return ctx, stop
	}
	f, ok := out.w.(*os.File)
	if !ok || !watchesReader(f) {
		return ctx, stop
	}
	go func() {
		select {
		case <-ctx.Done(): // most commands are done by then, and a mistake is told also where nobody reads
		case <-time.After(lookEvery * time.Millisecond):
		}
		for ctx.Err() == nil {
			if readerLeft(f, lookEvery) {
				cancel(errPipe)
			}
		}
	}()
	return ctx, stop
}

// whileRead makes a command that only reads end, quietly, when the reader of its standard output is gone.
func (a *app) whileRead(run func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		ctx, stop := a.io.whileRead(c.Context())
		defer stop()
		c.SetContext(ctx)
		err := run(c, args)
		if err != nil && errors.Is(context.Cause(ctx), errPipe) {
			return errPipe
		}
		return err
	}
}
