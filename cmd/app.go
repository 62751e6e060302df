package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/dynamo"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/render"
	"github.com/ddb-cli/ddb/internal/start"
	"github.com/ddb-cli/ddb/internal/version"
)

// An app is one run of ddb: its streams, its flags, and what they lead to, each made when first asked for.
type app struct {
	io          *IO
	in          io.Reader // the streams once more, for commands that want no more than them
	out, errOut io.Writer

	args    []string // the command line
	flags   globalFlags
	set     *pflag.FlagSet // of the command that runs, for config
	command string         // its words
	asked   time.Duration  // that questions waited for their answers
	there   *bool          // whether there was anything to lose, nil where nobody looked

	loaded bool
	cfg    config.Config
	real   *op.Env
	dry    *dryRun
	// described is the table that was last asked for, for estimates.
	described *types.TableDescription
	planned   string // how a --where is read, for --explain
	handler   http.Handler
	session   *session // of the shell this is a command of, or nil
	visiting  *visit   // the place of this run among several, or nil
	capped    bool     // a visit for a terminal, where items stop early
	closers   []io.Closer
	adorned   map[string]adornment
	pretty    bool // tables also where there is no terminal: for the demo
}

func newApp(streams *IO) *app {
	return &app{io: streams, in: streams.In, out: streams.Out, errOut: streams.Err}
}

// config loads the settings once.
func (a *app) config() (config.Config, error) {
	if a.loaded {
		return a.cfg, nil
	}
	cfg, err := config.Load(a.set)
	if err != nil {
		return cfg, err
	}
	a.cfg, a.loaded = cfg, true
	return cfg, nil
}

// env is what operations run in: the service, or the embedded engine.
func (a *app) env(ctx context.Context) (*op.Env, error) {
	if a.real != nil {
		return a.real, nil
	}
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	settings := dynamo.Config{
		Profile: cfg.Profile, Region: cfg.Region, Endpoint: cfg.Endpoint,
		UserAgent: "ddb/" + version.String(), MFA: a.askMFA, Snapshots: cfg.Snapshots,
	}
	if a.flags.debug {
		settings.Trace = a.trace
	}
	if cfg.Local {
		if settings.Local, err = a.local(ctx); err != nil {
			return nil, err
		}
	}
	factory := a.factory(ctx, settings)
	a.real = &op.Env{
		Gate:    cfg.Gate(),
		Clients: factory.Clients, Explain: factory.Explain, Confirm: a.confirm,
	}
	return a.real, nil
}

// dryRun tells that requests are shown and not sent, by --dry-run or --explain.
func (a *app) dryRun() bool { return a.flags.dryRun || a.flags.explain }

func (a *app) factory(ctx context.Context, settings dynamo.Config) *dynamo.Factory {
	if a.session != nil {
		return a.session.factory(ctx, settings, a.cfg)
	}
	return dynamo.New(ctx, settings)
}

// callEnv is env for the operation that a command is about: under --dry-run it shows the request instead of sending it.
func (a *app) callEnv(ctx context.Context) (*op.Env, error) {
	env, err := a.env(ctx)
	if err != nil || !a.dryRun() {
		return env, err
	}
	return a.dryEnv(ctx, env), nil
}

// local is the embedded engine, opened at most once.
func (a *app) local(ctx context.Context) (http.Handler, error) {
	if a.handler != nil {
		return a.handler, nil
	}
	if a.session != nil {
		handler, err := a.session.store(ctx, a, a.cfg)
		a.handler = handler
		return handler, err
	}
	store, err := a.openLocal(ctx, a.cfg, nil)
	if err != nil {
		return nil, err
	}
	a.handler = store.Handler()
	a.closers = append(a.closers, store)
	return a.handler, nil
}

// quietClose is how long closing may take before it is said what takes so long.
const quietClose = time.Second

// close ends what was opened, last first. The engine has up to a minute for backups, exports, imports and the like that were begun; what is not done by then
// the next process takes up, or ends as failed.
func (a *app) close() error {
	var errs []error
	if a.handler != nil && a.session == nil {
		defer ifSlow(quietClose, func() {
			a.io.notef("ddb: work that was begun is being finished, for a minute at most; Ctrl-C twice leaves it to the next process")
		})()
	}
	for _, v := range slices.Backward(a.closers) {
		errs = append(errs, v.Close())
	}
	a.closers = nil
	return errors.Join(errs...)
}

// ifSlow calls tell once when what follows takes longer than a time. What it returns ends that, and tell has returned by then.
func ifSlow(after time.Duration, tell func()) (end func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-done:
		case <-time.After(after):
			tell()
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}

// printer prints the answer by the output flags.
func (a *app) printer() (*render.Printer, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	return render.New(a.io.Out, render.Options{
		Format: render.Format(cfg.Output), Query: a.flags.query, JQ: a.flags.jq, Columns: a.flags.columns,
		NoHeader: a.flags.noHeader, CRLF: a.flags.crlf, Typed: a.flags.typed,
		Terminal: a.io.OutTerminal || a.pretty, Width: a.io.Width, Color: a.color(a.io.OutTerminal),
		Note: func(s string) { a.hint(s) },
	})
}

func (a *app) color(terminal bool) bool {
	switch a.cfg.Color {
	case "always":
		return true
	case "never":
		return false
	}
	return terminal && !a.io.Mute
}

// colorErr decides for standard error, where an error may come before the settings are known.
func (a *app) colorErr() bool { return a.loaded && a.color(a.io.ErrTerminal) }

// errorsAsJSON tells whether -o json was given, also where the command line could not be read to its end.
func (a *app) errorsAsJSON() bool {
	if a.loaded {
		return a.cfg.Output == "json" || a.cfg.Output == "jsonl"
	}
	for i, arg := range a.args {
		switch {
		case (arg == "-o" || arg == "--"+config.FlagOutput) && i+1 < len(a.args):
			return strings.HasPrefix(a.args[i+1], "json")
		case strings.HasPrefix(arg, "-ojson"), strings.HasPrefix(arg, "-o=json"), strings.HasPrefix(arg, "--"+config.FlagOutput+"=json"):
			return true
		}
	}
	return false
}

// timeout bounds a call where --timeout was given.
func (a *app) timeout(ctx context.Context) (context.Context, context.CancelFunc) {
	if a.flags.timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, a.flags.timeout)
}

// trace shows a call for --debug. Only headers that carry no secret are named at all.
func (a *app) trace(r *http.Request, resp *http.Response, took time.Duration, err error) {
	answer := "no answer"
	switch {
	case err != nil:
		answer = err.Error()
	case resp != nil:
		answer = fmt.Sprintf("%d, request id %s", resp.StatusCode, resp.Header.Get("X-Amzn-Requestid"))
	}
	_, target, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	signature := "unsigned"
	if r.Header.Get("Authorization") != "" {
		signature = "signed, credentials redacted"
	}
	a.io.notef("ddb: debug: %s %s %s (%s): %s, %s", r.Method, r.URL.Redacted(), target, signature, answer, took.Round(time.Microsecond))
}

// begin is called before each command: from here on the flags are known.
func (a *app) begin(cmd *cobra.Command) {
	start.Done()
	a.set, a.command = cmd.Flags(), cmd.CommandPath()
}

// A placesDone ends a command that was sent to several places: what it would do itself is done.
type placesDone struct{ err error }

func (p *placesDone) Error() string { return "done in several places" }

// before runs before each command: where several places are named, it goes to them instead.
func (a *app) before(cmd *cobra.Command) error {
	a.begin(cmd)
	if a.visiting != nil {
		return a.visitFlags(cmd)
	}
	done, err := a.goesTo(cmd)
	if done {
		return &placesDone{err}
	}
	return err
}
