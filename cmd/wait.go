package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/wait"
)

// In a pipe progress is told only of what takes its time, and then now and again.
const (
	quietFor  = 2 * time.Second
	heartbeat = time.Minute
)

// waiting is what --wait and --wait-timeout say.
type waiting struct {
	on    bool
	limit time.Duration
}

// define adds the two flags.
func (w *waiting) define(f *pflag.FlagSet, help string) {
	f.BoolVar(&w.on, "wait", false, help)
	w.defineLimit(f, "wait no longer than this `time`, then exit with 6; implies --wait")
}

// always defines the flags of a command that waits in any case; --wait is taken, because it is what one would say.
func (w *waiting) always(f *pflag.FlagSet, help string) {
	f.BoolVar(&w.on, "wait", true, "wait for each step, as it does in any case")
	w.defineLimit(f, help)
}

func (w *waiting) defineLimit(f *pflag.FlagSet, help string) {
	f.DurationVar(&w.limit, "wait-timeout", 0, help)
}

func (w *waiting) wanted() bool { return w.on || w.limit > 0 }

// waitFor waits for a job, and tells on standard error how far it is. It gives up after --wait-timeout, or after --timeout,
// or after the job's usual time, with exit code 6. What was begun goes on without ddb in each case; that is said.
func (a *app) waitFor(ctx context.Context, env *op.Env, t wait.Target, w waiting) (wait.State, error) {
	j := wait.New(t)
	again := j.Again + a.sameAccount()
	limit := w.limit
	if limit <= 0 && a.flags.timeout <= 0 {
		limit = j.Usual
	}
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	p := progress{a: a, what: j.What, begun: time.Now()}
	state, err := j.Until(ctx, env, func(s wait.State) { p.show(s.Text) })
	p.end()
	if err == nil || ctx.Err() == nil {
		return state, err
	}
	if s := interruption(ctx); s != nil {
		a.io.notef("ddb: %s is still %s and goes on without ddb; wait for it again with: %s", j.What, state.Text, again)
		return state, s
	}
	return state, &op.Error{
		Code: op.CodeTimeout, Message: fmt.Sprintf("%s is still %s", j.What, state.Text),
		Hint: "it goes on without ddb; wait longer with: " + again + " --wait-timeout 1h", Retryable: true, Cause: ctx.Err(),
	}
}

// sameAccount are the flags of this command that say where it works, for a command that is to work there too.
func (a *app) sameAccount() string {
	var text strings.Builder
	if a.set == nil {
		return ""
	}
	for _, name := range []string{config.FlagContext, config.FlagConfig, config.FlagProfile, config.FlagRegion, config.FlagEndpoint, config.FlagLocal, config.FlagData} {
		if f := a.set.Lookup(name); f != nil && f.Changed {
			text.WriteString(" --" + name + "=" + shellWord(f.Value.String()))
		}
	}
	return text.String()
}

// shellWord quotes a word where a shell would see more than one, or something else, in it.
func shellWord(s string) string {
	special := func(r rune) bool {
		return !strings.ContainsRune("-_./:@%+=,", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	if s != "" && !strings.ContainsFunc(s, special) {
		return s
	}
	return shellQuote(s)
}

// waited is what waitFor gives of the service's last answer, typed.
func waited[T any](s wait.State, err error) (*T, error) {
	answer, _ := s.Answer.(*T)
	return answer, err
}

// progress tells how far a job is. On a terminal it is one line that changes; in a pipe, lines where a state changes.
type progress struct {
	a     *app
	what  string
	begun time.Time

	shown string
	told  time.Time
}

func (p *progress) show(state string) {
	now := time.Now()
	elapsed := now.Sub(p.begun)
	if p.a.io.redraws() {
		line := fmt.Sprintf("%s: %s, %s", p.what, state, elapsed.Round(time.Second))
		_, _ = fmt.Fprintf(p.a.io.Err, "\r%s\x1b[K", p.a.paint("2", line))
		p.shown = line
		return
	}
	if elapsed < quietFor || state == p.shown && now.Sub(p.told) < heartbeat {
		return
	}
	p.a.io.notef("ddb: %s: %s, %s", p.what, state, elapsed.Round(time.Second))
	p.shown, p.told = state, now
}

// end takes the line of a terminal away.
func (p *progress) end() {
	if p.a.io.redraws() && p.shown != "" {
		_, _ = fmt.Fprint(p.a.io.Err, "\r\x1b[K")
		p.shown = ""
	}
}

// missingNow tells an error that means "not there".
func missingNow(err error) bool {
	e, ok := errors.AsType[*op.Error](err)
	return ok && codes[e.Code] == exitNotFound
}
