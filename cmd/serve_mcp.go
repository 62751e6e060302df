package cmd

import (
	"context"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/dynamo"
	"github.com/ddb-cli/ddb/internal/mcp"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
	"github.com/ddb-cli/ddb/internal/start"
	"github.com/ddb-cli/ddb/internal/version"
)

type serveMCPOptions struct {
	ask                      func(ctx context.Context, lost string) error // mcp.Options.Ask
	toolsets, tools, exclude []string
	discover                 bool
	maxResult                int
	format, confirm          string
	scans                    scanFlags
	http                     httpFlags
	records                  recordFlags
}

func newServeMCP(a *app) *cobra.Command {
	var o serveMCPOptions
	cmd := &cobra.Command{
		Use:   "serve-mcp",
		Short: "Serve DynamoDB to an assistant over MCP",
		Long: heredoc.Doc(`
			Serve DynamoDB to an assistant over MCP, on standard input and output, or with
			--http over streamable HTTP at /mcp of an address.

			An assistant starts this command itself: put it into the assistant's configuration
			in the place of awslabs.dynamodb-mcp-server 1.0.x. Tools, parameters and results are
			the same. Logs go to standard error; FASTMCP_LOG_LEVEL sets how much.

			The region is the one of the call, else AWS_REGION, AWS_DEFAULT_REGION, the profile's,
			and us-west-2. Contexts and DDB_PROFILE, DDB_REGION and DDB_ENDPOINT do not count here
			unless a context is named with --context.
		`),
		Example: heredoc.Doc(`
			# in the configuration of an assistant
			{"mcpServers": {"dynamodb": {"command": "ddb", "args": ["serve-mcp"]}}}

			# nothing may be changed, and only some tables are seen
			ddb serve-mcp --read-only --tables 'dev-*'

			# a sandbox without an AWS account
			ddb serve-mcp --local=memory

			# the usual tools and PartiQL, but no deleting
			ddb serve-mcp --toolsets default,partiql --exclude-tools delete_table

			# every operation, for the price of three tools
			ddb serve-mcp --discover

			# who did what, in a file
			ddb serve-mcp --audit-log audit.jsonl --log-file ddb.log

			# many clients over HTTP; on an address that others can reach a token is asked for
			ddb serve-mcp --http 127.0.0.1:8808
			ddb serve-mcp --http 0.0.0.0:8808 --tokens tokens.yaml --tls-cert cert.pem --tls-key key.pem
		`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return serveMCP(cmd, a, o) },
	}
	o.define(cmd.Flags())
	o.http.define(cmd.Flags())
	o.records.define(cmd.Flags())
	return cmd
}

func (o *serveMCPOptions) define(flags *pflag.FlagSet) {
	flags.StringSliceVar(&o.toolsets, "toolsets", nil, "sets of tools to offer instead of the default: "+strings.Join(mcp.Toolsets(ops.All), ", "))
	flags.StringSliceVar(&o.tools, "tools", nil, "tools to offer instead of, or beside, toolsets")
	flags.StringSliceVar(&o.exclude, "exclude-tools", nil, "tools not to offer, whatever else is chosen")
	flags.BoolVar(&o.discover, "discover", false, "offer three tools by which all others are found, read and called")
	flags.IntVar(&o.maxResult, "max-result-bytes", mcp.DefaultResultBytes, "cut a result that takes more `bytes`; 0 for no limit")
	flags.StringVar(&o.confirm, "confirm", mcp.ConfirmAuto, "ask before a call that destroys: auto (where the client can ask, and not on the embedded engine), always or never")
	o.scans.define(flags, op.ScanWarn)
	flags.StringVar(&o.format, "format", "typed", "how items are written unless a call says: typed (DynamoDB JSON) or plain")
}

// check refuses values that no server can have.
func (o *serveMCPOptions) check() error {
	if o.format != "typed" && o.format != "plain" {
		return usage("--format "+o.format+" is not known", "it is typed or plain")
	}
	if o.confirm != mcp.ConfirmAuto && o.confirm != mcp.ConfirmAlways && o.confirm != mcp.ConfirmNever {
		return usage("--confirm "+o.confirm+" is not known", "it is auto, always or never")
	}
	if err := o.scans.check(); err != nil {
		return err
	}
	if o.maxResult < 0 {
		return usage("--max-result-bytes is less than nothing", "0 sets no limit")
	}
	return nil
}

func serveMCP(cmd *cobra.Command, a *app, o serveMCPOptions) error {
	cfg, err := config.Load(cmd.Flags(), config.ForServer())
	if err != nil {
		return err
	}
	files, err := o.records.open(a.errOut)
	if err != nil {
		return err
	}
	defer files.close()
	logger := serverLogger(files.log, cfg.LogLevel)
	options, done, err := a.mcpOptions(cmd.Context(), cfg, o, logger)
	if err != nil {
		return err
	}
	defer done()
	if files.audit != nil {
		options.Audit, options.AuditItems = files.audit, o.records.items
	}
	exporter, stop := telemetry(logger)
	defer stop()
	options.Telemetry = exporter
	if o.http.address != "" {
		return a.serveHTTP(cmd.Context(), options, o.http)
	}
	if err := o.http.unused(cmd.Flags()); err != nil {
		return err
	}
	server, err := mcp.New(options)
	if err != nil {
		return err
	}
	return server.ServeStdio(cmd.Context(), a.in, a.out)
}

// mcpServer makes the server the settings ask for. done closes what it opened.
func (a *app) mcpServer(ctx context.Context, cfg config.Config, o serveMCPOptions, logger *slog.Logger) (*mcp.Server, func(), error) {
	options, done, err := a.mcpOptions(ctx, cfg, o, logger)
	if err != nil {
		return nil, nil, err
	}
	server, err := mcp.New(options)
	if err != nil {
		done()
		return nil, nil, err
	}
	return server, done, nil
}

// mcpOptions are what the settings ask for of a server. done closes what it opened.
func (a *app) mcpOptions(ctx context.Context, cfg config.Config, o serveMCPOptions, logger *slog.Logger) (mcp.Options, func(), error) {
	if err := o.check(); err != nil {
		return mcp.Options{}, nil, err
	}
	client := dynamo.Config{
		Profile: cfg.Profile, Region: cfg.Region, Endpoint: cfg.Endpoint,
		UserAgent: "ddb/" + version.String(), MCP: true, Snapshots: cfg.Snapshots,
	}
	done := func() {}
	if cfg.Local {
		store, err := a.openLocal(ctx, cfg, logger)
		if err != nil {
			return mcp.Options{}, nil, err
		}
		done = func() {
			if err := store.Close(); err != nil {
				logger.Error("the store was not closed in order", "error", err)
			}
		}
		client.Local = store.Handler()
	}
	factory := dynamo.New(ctx, client)
	return mcp.Options{
		Operations: ops.All,
		Env: &op.Env{
			Gate:    cfg.Gate(),
			Clients: factory.Clients, Explain: factory.Explain, Scans: o.scans.guard(),
		},
		Toolsets: o.toolsets, Tools: o.tools, Exclude: o.exclude, Discover: o.discover,
		MaxResultBytes: o.maxResult, Plain: o.format == "plain", Confirm: o.confirm, Ask: o.ask,
		Version: version.String(), Logger: logger,
		Started: func() {
			logStart(ctx, logger, factory, cfg)
			time.AfterFunc(settled, start.GiveBack)
		},
	}, done, nil
}

// logStart says whom the server works for. What is wrong with the credentials
// is no error here: each call says it, with the remedy.
func logStart(ctx context.Context, logger *slog.Logger, factory *dynamo.Factory, cfg config.Config) {
	clients, err := factory.Clients(ctx, "")
	if err != nil {
		e := dynamo.AsError(err)
		logger.Warn("serving MCP, but the AWS configuration cannot be used", "error", e.Message, "hint", e.Hint)
		return
	}
	attrs := []any{"version", version.String(), "region", clients.Region, "profile", clients.Profile, "read_only", cfg.ReadOnly}
	if clients.Embedded {
		attrs = append(attrs, "local", true)
	}
	if clients.Endpoint != "" {
		attrs = append(attrs, "endpoint", withoutPassword(clients.Endpoint))
	}
	if len(cfg.Tables) > 0 {
		attrs = append(attrs, "tables", strings.Join(cfg.Tables, ","))
	}
	logger.Info("serving MCP", attrs...)
}

// withoutPassword is an address as it may stand in a log.
func withoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(no URL)"
	}
	return u.Redacted()
}

// serverLogger writes to standard error: standard output belongs to the
// protocol. The level has the names Python gives them.
func serverLogger(w io.Writer, name string) *slog.Logger {
	level := slog.LevelInfo
	known := true
	switch strings.ToUpper(strings.TrimSpace(name)) {
	case "DEBUG":
		level = slog.LevelDebug
	case "", "INFO":
	case "WARNING", "WARN":
		level = slog.LevelWarn
	case "ERROR":
		level = slog.LevelError
	case "CRITICAL", "FATAL":
		level = slog.LevelError + 4
	default:
		known = false
	}
	logger := slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
	if !known {
		logger.Warn("unknown level in FASTMCP_LOG_LEVEL, using INFO", "level", name, "valid", "DEBUG, INFO, WARNING, ERROR, CRITICAL")
	}
	return logger
}
