package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/op"
)

// askedTogether is how many places are asked at once.
const askedTogether = 8

// everywhere runs the command line once for each place and prints all rows as one answer, each with the place it comes from. The rows of a place stay together, and places keep
// their order; those of the first are printed as they come.
func (a *app) everywhere(c *cobra.Command, w *several) error {
	ctx, cancel := context.WithCancelCause(c.Context())
	defer cancel(nil)
	if slices.Contains(c.Flags().Args(), "-") {
		return usage("standard input can be read once, and several places are named", "write it to a file and name it: @FILE")
	}
	if err := a.withPlace(site{}, func() error { _, err := a.config(); return err }); err != nil {
		return err
	}
	p, err := a.printer()
	if err != nil {
		return err
	}
	visits, err := a.visits(ctx, w)
	if err != nil {
		return err
	}
	shared := &sharedErr{w: a.io.Err}
	rows := newMerge(ctx, len(visits), a.placeWriter(p, c, shared))
	run := &placesRun{app: a, shared: shared, rows: rows, errs: make([]error, len(visits)), capped: p.Terminal()}
	room := make(chan struct{}, askedTogether)
	var wait sync.WaitGroup
	for i, v := range visits {
		room <- struct{}{}
		if ctx.Err() != nil {
			run.errs[i] = context.Cause(ctx)
			rows.end(i)
			<-room
			continue
		}
		wait.Go(func() {
			defer func() { <-room }()
			run.visit(ctx, i, v, len(visits))
			if errors.Is(run.errs[i], errPipe) {
				cancel(errPipe)
			}
		})
	}
	wait.Wait()
	shared.progress("")
	if err := rows.close(); err != nil {
		return err
	}
	if s := interruption(ctx); s != nil {
		return s
	}
	return a.failedPlaces(w, visits, run.errs)
}

// A placesRun is what the visits of one command line have in common.
type placesRun struct {
	app    *app
	shared *sharedErr
	rows   *merge
	capped bool

	mu   sync.Mutex
	done int
	errs []error
}

// visit runs the command line in one place.
func (r *placesRun) visit(ctx context.Context, i int, v visit, all int) {
	lines := &lineSink{take: func(line []byte) error { return r.rows.add(i, placed{v.shown, line}) }}
	notes := &lineSink{take: func(line []byte) error { r.shared.note(v.shown, string(line)); return nil }}
	child := newApp(&IO{In: strings.NewReader(""), Out: lines, Err: notes})
	child.visiting, child.real, child.capped = &v, v.env, r.capped
	child.args = r.app.args
	err := child.execute(ctx, r.app.args)
	if flushed := errors.Join(lines.end(), notes.end()); err == nil {
		err = flushed
	}
	r.rows.end(i)
	r.errs[i] = err
	r.mu.Lock()
	r.done++
	done := r.done
	r.mu.Unlock()
	if r.app.io.ErrTerminal && done < all {
		r.shared.progress(r.app.paint("2", fmt.Sprintf("%d of %d places have answered", done, all)))
	}
}

// visitFlags are set in a visit whatever the command line says: where it goes, and rows that can be put together.
func (a *app) visitFlags(c *cobra.Command) error {
	v := a.visiting
	for flag, value := range map[string]string{config.FlagProfile: v.site.profile, config.FlagRegion: v.site.region} {
		f := c.Flags().Lookup(flag)
		if err := f.Value.Set(value); err != nil {
			return err
		}
		f.Changed = value != ""
	}
	if out := c.Flags().Lookup(config.FlagOutput); out != nil {
		if out.Value.String() == "dynamodb" {
			a.flags.typed = true
		}
		if err := c.Flags().Set(config.FlagOutput, "jsonl"); err != nil {
			return err
		}
	}
	a.flags.query, a.flags.jq, a.flags.columns = "", "", nil
	if limit := c.Flags().Lookup("limit"); a.capped && c.Annotations[placesKey] == placesItems && limit != nil && !limit.Changed {
		return c.Flags().Set("limit", fmt.Sprint(terminalItems)) // as on a terminal, for each place
	}
	return nil
}

// failedPlaces says which places gave no answer. Among all regions those that the account has not turned on are no failure.
func (a *app) failedPlaces(w *several, visits []visit, errs []error) error {
	var failed, off, silent int
	var last error
	codes := make(map[int]string) // a code for each exit code
	said := make(map[string]bool)
	for _, err := range errs { // a mistake on the command line is one mistake
		if err == nil || codeOf(err) != exitUsage || err.Error() != errs[0].Error() {
			break
		}
		if failed++; failed == len(errs) {
			return err
		}
	}
	failed = 0
	for i, err := range errs {
		if err == nil {
			continue
		}
		if _, quiet := errors.AsType[*errQuiet](err); quiet {
			silent++
			last = err
			continue
		}
		last = err
		r := reportOf(err)
		if w.every && r.Exit == int(exitDenied) {
			off++
			continue
		}
		failed++
		codes[r.Exit] = r.Code
		a.failAt(visits[i].shown, err, said)
	}
	switch {
	case off == len(errs):
		return last
	case off > 0:
		a.io.notef("ddb: %s not asked: not turned on for this account, or access is denied", counted(off, "region"))
	}
	if failed == 0 {
		if silent > 0 {
			return last
		}
		return nil
	}
	code := "SomePlacesFailed"
	if len(codes) == 1 {
		for _, c := range codes {
			code = c
		}
	}
	e := &op.Error{Code: code, Message: fmt.Sprintf("%d of %s gave no answer", failed, counted(len(errs), "place"))}
	if failed < len(errs) {
		e.Hint = "the rows of the others are complete"
	}
	return e
}

// failAt prints the error of one place; a hint is given once.
func (a *app) failAt(at site, err error, said map[string]bool) {
	r := reportOf(err)
	known := op.Error{Code: r.Code, Message: at.String() + ": " + r.Message, Hint: r.Hint, Retryable: r.Retryable, RequestID: r.RequestID}
	if e, ok := errors.AsType[*op.Error](err); ok && e.Brief != "" {
		known.Brief = at.String() + ": " + e.Brief
	}
	if said[r.Hint] {
		known.Hint = ""
	}
	said[r.Hint] = true
	a.fail(&known)
}
