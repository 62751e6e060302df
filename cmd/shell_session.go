package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/dynamo"
)

// A session is what the commands of one shell have in common, so that each finds the clients, their credentials and the embedded
// store as the one before left them.
type session struct {
	factories map[string]*dynamo.Factory
	stores    map[string]localStore
}

func newSession() *session {
	return &session{factories: make(map[string]*dynamo.Factory), stores: make(map[string]localStore)}
}

// factory gives the clients for settings, those of an earlier command where the settings are the same.
func (s *session) factory(ctx context.Context, c dynamo.Config, cfg config.Config) *dynamo.Factory {
	key := fmt.Sprintf("%q", []any{c.Profile, c.Region, c.Endpoint, cfg.Local, cfg.Memory, cfg.Data, c.Trace != nil})
	if s.factories[key] == nil {
		s.factories[key] = dynamo.New(ctx, c)
	}
	return s.factories[key]
}

// store gives the embedded engine for settings, opened once.
func (s *session) store(ctx context.Context, a *app, cfg config.Config) (http.Handler, error) {
	key := fmt.Sprintf("%q", []any{cfg.Memory, cfg.Data, cfg.S3Root})
	if s.stores[key] == nil {
		store, err := a.openLocal(ctx, cfg, nil)
		if err != nil {
			return nil, err
		}
		s.stores[key] = store
	}
	return s.stores[key].Handler(), nil
}

// Close closes the stores.
func (s *session) Close() error {
	var errs []error
	for _, store := range s.stores {
		errs = append(errs, store.Close())
	}
	return errors.Join(errs...)
}

// run runs one command of the shell, as if it had been typed behind ddb, and gives its exit code. Ctrl-C ends the command and not the shell.
func (s *shell) run(ctx context.Context, args ...string) exitCode {
	ctx, stop := untilSignal(context.WithoutCancel(ctx))
	defer stop()
	streams := *s.app.io
	if !s.prompting { // standard input is the script
		streams.In, streams.InTerminal = strings.NewReader(""), false
	}
	if s.out != nil {
		streams.Out, streams.OutTerminal, streams.Width = s.out, false, 0
	}
	a := newApp(&streams)
	a.session = s.session
	format := []string{}
	if s.format != "" {
		format = []string{"--" + config.FlagOutput + "=" + s.format}
	}
	line := append(append(append([]string{}, s.inherited...), format...), args...)
	return exitCode(a.run(ctx, line))
}

// capture runs a command and gives what it printed, for completion.
func (s *shell) capture(ctx context.Context, into io.Writer, args []string) {
	a := newApp(&IO{In: strings.NewReader(""), Out: into, Err: io.Discard})
	a.session = s.session
	a.run(ctx, args)
}
