// Package wait waits for what the service does beside its answers: tables, indexes, replicas, backups, exports, imports and settings. It
// knows how to look at each of them; who is told how far it is, and what a timeout means, is the caller's affair.
package wait

import (
	"context"
	"time"

	"github.com/ddb-cli/ddb/internal/op"
)

// Polls begin quick, for what is done in a moment, and slow down to what the service's own waiters do.
const (
	firstPoll = 20 * time.Millisecond
	slowPoll  = 5 * time.Second
)

// State is how far a job is, as it was last looked at.
type State struct {
	// Done says that there is nothing more to wait for.
	Done bool
	// Text is the state in the service's words.
	Text string
	// Answer is what the service said of it last, such as a *types.TableDescription; nil for nothing.
	Answer any
}

// Job is something asynchronous that can be waited for.
type Job struct {
	// What it is: "table Orders". Again is the command that waits for it: "ddb wait table Orders".
	What, Again string
	// Usual is how long it may take where nothing else is said.
	Usual time.Duration
	// Look looks once. A job that has failed is an error, and so is one that is not there.
	Look func(context.Context, *op.Env) (State, error)
}

// Until looks at a job until it is done, telling its state each time, and gives the last one. The error is Look's, or that of the
// context that ended the waiting; the job itself goes on then.
func (j Job) Until(ctx context.Context, env *op.Env, tell func(State)) (State, error) {
	state := State{Text: "unknown"}
	for pause := firstPoll; ; pause = min(pause*3/2, slowPoll) {
		now, err := j.Look(ctx, env)
		switch {
		case ctx.Err() != nil && err != nil:
			return state, ctx.Err()
		case err != nil || now.Done:
			return now, err
		}
		state = now
		tell(state)
		select {
		case <-ctx.Done():
			return state, ctx.Err()
		case <-time.After(pause):
		}
	}
}
