package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/engine/local"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/start"
)

// serving is one ddb local start: its flags, and the run.
type serving struct {
	app                          *app
	port                         int
	hosts, origins, accounts     []string
	memory, sync, throttle       bool
	lifecycle, separated, faults string
	sweep                        time.Duration
}

func localStart(a *app) *cobra.Command {
	s := &serving{app: a}
	c := &cobra.Command{
		Use: "start", Short: "Serve DynamoDB on this machine, for any SDK, until interrupted", Args: cobra.NoArgs,
		Long: heredoc.Doc(`
			Serve DynamoDB on this machine, for any SDK, in the foreground until interrupted. It listens on the loopback
			addresses of IPv4 and IPv6 and prints them. The data is that of --local; other ddb processes share it meanwhile.
			Any credentials are taken, and none are needed by ddb itself.
		`),
		Example: example(`
			ddb local start --port 8000
			ddb local start --in-memory --port 0
			ddb local start --data ./dynamodb --s3-root ./s3
		`),
	}
	s.define(c.Flags())
	c.RunE = s.run
	return c
}

func (s *serving) define(f *pflag.FlagSet) {
	f.IntVar(&s.port, "port", 8000, "`port` to listen on; 0 takes a free one")
	f.StringArrayVar(&s.hosts, "host", nil, "listen on this `address` instead of loopback only, once for each")
	f.StringArrayVar(&s.origins, "cors", nil, "let web pages of this `origin` call it, such as http://localhost:3000; * is any")
	f.BoolVar(&s.memory, "in-memory", false, "keep nothing")
	f.BoolVar(&s.sync, "sync", false, "write through to the disk, to survive a loss of power")
	f.StringVar(&s.lifecycle, "lifecycle", "instant", "instant, or realistic: tables and indexes take their time")
	f.DurationVar(&s.sweep, "ttl-sweep", 0, "how often expired items are deleted (default 2s)")
	f.StringArrayVar(&s.accounts, "account", nil, "take ARNs of this AWS `account` for the engine's own, beside 000000000000; * is any")
	f.StringVar(&s.separated, "namespace", "", "key: tables are separate by access key")
	f.BoolVar(&s.throttle, "throttle", false, "refuse what exceeds the throughput of tables, indexes and partition keys")
	f.StringVar(&s.faults, "fault", "", "JSON `file` of failures to produce on purpose: exceptions, delays, cut connections")
}

// check refuses what the flags cannot mean.
func (s *serving) check(given *pflag.FlagSet) error {
	if s.port < 0 || s.port > 65535 {
		return usage(fmt.Sprintf("--port %d is no port", s.port), "a port is a number from 0 to 65535")
	}
	if s.lifecycle != "instant" && s.lifecycle != "realistic" {
		return usage(fmt.Sprintf("--lifecycle %s is not known", s.lifecycle), "it is instant or realistic")
	}
	if i := slices.IndexFunc(s.accounts, func(id string) bool { return id != "*" && !accountID.MatchString(id) }); i >= 0 {
		return usage(fmt.Sprintf("--account %s is no account", s.accounts[i]), "an account is 12 digits, as in an ARN; * is any")
	}
	if s.separated != "" && s.separated != "key" {
		return usage(fmt.Sprintf("--namespace %s is not known", s.separated), "it is key, or left out")
	}
	if given.Changed("ttl-sweep") && s.sweep <= 0 {
		return usage(fmt.Sprintf("--ttl-sweep %s is no interval", s.sweep), "it is longer than 0, such as 500ms or 1m; 2s if left out")
	}
	if err := checkOrigins(s.origins); err != nil {
		return err
	}
	if s.memory && given.Changed(config.FlagData) {
		return usage("--in-memory keeps nothing, and --data names a folder to keep it in", "give one of them")
	}
	if s.memory && s.sync {
		return usage("--in-memory keeps nothing, and --sync writes it to the disk", "give one of them")
	}
	return nil
}

// options are what the engine is started with.
func (s *serving) options(cfg config.Config) (local.Options, error) {
	o := local.Options{Options: engine.Options{
		Dir: cfg.Data, Region: cfg.Region, Sync: s.sync, Lifecycle: s.lifecycle, TTLSweep: s.sweep, S3Root: cfg.S3Root, Namespace: s.separated,
		Throttle: s.throttle, Accounts: s.accounts,
	}}
	o.Origins = s.origins
	if s.memory || cfg.Memory {
		o.Dir = ""
	}
	if s.faults != "" {
		var err error
		if o.Faults, err = engine.LoadFaults(s.faults); err != nil {
			return o, usage(err.Error(), `a fault is {"operation": "PutItem", "call": 3, "exception": "ThrottlingException"}`)
		}
	}
	if s.app.flags.debug {
		o.Logger = slog.New(slog.NewTextHandler(s.app.io.Err, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	return o, nil
}

// addresses are those to listen on: loopback unless others are named, of which those that other machines reach are told.
func (s *serving) addresses() ([]string, error) {
	addresses := []string{net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)), net.JoinHostPort("::1", strconv.Itoa(s.port))}
	if len(s.hosts) > 0 {
		addresses = addresses[:0]
		for i, h := range s.hosts {
			h, err := hostOnly(h)
			if err != nil {
				return nil, err
			}
			s.hosts[i] = h
			addresses = append(addresses, net.JoinHostPort(h, strconv.Itoa(s.port)))
			if ip := net.ParseIP(h); h != "localhost" && (ip == nil || !ip.IsLoopback()) {
				s.app.io.notef("ddb: warning: %s can be reached from other machines, and nobody has to log in", h)
			}
		}
	}
	return addresses, nil
}

func (s *serving) run(c *cobra.Command, _ []string) error {
	a := s.app
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if err := s.check(c.Flags()); err != nil {
		return err
	}
	o, err := s.options(cfg)
	if err != nil {
		return err
	}
	addresses, err := s.addresses()
	if err != nil {
		return err
	}
	o.Hosts = s.hosts
	o.Storage.Grown = easeMemory()
	err = local.Serve(c.Context(), o, addresses, func(at ...net.Addr) {
		a.listening(o.Dir, at)
		a.tellOwner(c.Flags(), o.Dir)
		time.AfterFunc(settled, start.GiveBack)
	})
	if ended := interruption(c.Context()); err == nil && ended != nil && ended.code == exitTerminated {
		return nil // asked to end, it ended in order
	}
	return localError(err)
}

// hostOnly is a value of --host as an address or a name; brackets around IPv6 may stay, a port may not.
func hostOnly(s string) (string, error) {
	bare := strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	if _, _, err := net.SplitHostPort(s); bare == "" || err == nil {
		return "", usage(fmt.Sprintf("--host %s is no address", strconv.Quote(s)), "an address is one of this machine, such as 0.0.0.0 or ::1, or a name of it; the port is for --port")
	}
	return bare, nil
}

// ofOwner are the flags of local start that only the process with the store's files open can heed.
var ofOwner = []string{"sync", "lifecycle", "ttl-sweep", "account", "namespace", "throttle", "fault", config.FlagS3Root}

// tellOwner says which settings have no effect because another process has the store open, with settings of its own.
func (a *app) tellOwner(f *pflag.FlagSet, dir string) {
	var idle []string
	for _, name := range ofOwner {
		if f.Changed(name) {
			idle = append(idle, "--"+name)
		}
	}
	if dir == "" || len(idle) == 0 {
		return
	}
	state, err := local.Status(dir)
	if err != nil || state.Owner == nil || state.Owner.PID == os.Getpid() {
		return
	}
	a.io.notef("ddb: warning: process %d has the store open with its own settings; until it ends, this has no effect: %s", state.Owner.PID, strings.Join(idle, ", "))
}

// checkOrigins refuses what no browser sends as the Origin of a page, and what would therefore never be let in.
func checkOrigins(origins []string) error {
	for _, s := range origins {
		u, err := url.Parse(s)
		if s != "*" && s != "null" && (err != nil || u.Scheme == "" || u.Host == "" || u.Scheme+"://"+u.Host != s) {
			return usage(fmt.Sprintf("--cors %s is no origin", s), "an origin is scheme://host or scheme://host:port, without a path, or * for any")
		}
	}
	return nil
}

// listening prints where the server is: the addresses are the answer, the rest is a remark.
func (a *app) listening(dir string, at []net.Addr) {
	for _, x := range at {
		if _, err := fmt.Fprintf(a.io.Out, "http://%s\n", x); err != nil {
			return
		}
	}
	where := "in memory, nothing is kept"
	if dir != "" {
		where = "in " + dir
	}
	a.io.notef("ddb: serving DynamoDB, data %s; Ctrl-C ends it", where)
	if len(at) > 0 && a.io.ErrTerminal {
		a.hint("for an SDK: export AWS_ENDPOINT_URL_DYNAMODB=http://" + at[0].String() + " AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-west-2")
	}
}

// localError adds the remedy to what the store or the system says.
func localError(err error) error {
	var (
		busy *local.BusyError
		path *fs.PathError
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &busy):
		return &op.Error{Code: "LocalStoreBusy", Message: err.Error(), Cause: err}
	case errors.Is(err, local.ErrDamaged):
		return &op.Error{Code: "LocalStoreDamaged", Message: err.Error(), Hint: "restore the folder from a copy, or empty it with: ddb local reset", Cause: err}
	case errors.As(err, &path): // a folder that cannot be made is an error, not something looked for and not found
		return &op.Error{Code: "LocalStoreError", Message: err.Error(), Cause: err}
	}
	return err
}
