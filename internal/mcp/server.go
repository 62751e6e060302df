// Package mcp shows operations to assistants: it turns the registry of operations
// into MCP tools, chooses which of them a server offers, and serves them over
// stdio. What a tool does is in package ops; this package knows only how a tool
// is described, how arguments come in, and how results and errors go out.
package mcp

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"

	"github.com/mark3labs/mcp-go/server"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/otlp"
)

// serverName is what awslabs.dynamodb-mcp-server 1.0.x called itself. Clients
// keep permissions and logs under it.
const serverName = "dynamodb-server"

// Options say what a server offers and to whom.
type Options struct {
	// Operations are those to choose from, usually ops.All.
	Operations []op.Operation
	// Env is what the calls run in; its gates hold for every tool.
	Env *op.Env
	// Toolsets and Tools name what is offered; with neither it is the default
	// set. Exclude takes tools away again and wins over both.
	Toolsets, Tools, Exclude []string
	// Discover lists three tools instead, by which all others are found, read and called; with neither Toolsets nor Tools
	// those are all operations.
	Discover bool
	// MaxResultBytes is the most a result's text may take; 0 for no limit.
	MaxResultBytes int
	// Plain writes items as plain JSON unless a call asks for another format.
	Plain bool
	// Confirm says whether the user is asked before a call that destroys: ConfirmAuto (the default), ConfirmAlways or
	// ConfirmNever.
	Confirm string
	// Ask, when set, puts what would be lost to the user in the client's place, under ConfirmAuto and ConfirmAlways. It is for a
	// caller in the same process, who has no later call to confirm by; an error refuses the call.
	Ask func(ctx context.Context, lost string) error
	// Version is shown to clients.
	Version string
	// Logger takes what happens; nil for nowhere. It must not write to the
	// stream the server answers on.
	Logger *slog.Logger
	// Audit, when set, takes one line of JSON for each call, in one Write, before the call is answered. While it fails,
	// nothing is changed. AuditItems puts the arguments in too.
	Audit      io.Writer
	AuditItems bool
	// Telemetry, when set, is told of each request and call.
	Telemetry *otlp.Exporter
	shared    *audit // the log of all servers that were made of the same options
	// Started, when set, is called once by ServeStdio: when the first answer has
	// gone out, beside the serving, or before ServeStdio returns. It is the
	// place for what should not keep a client waiting for that answer.
	Started func()
}

// Server is an MCP server over a set of operations.
type Server struct {
	server     *server.MCPServer
	ready      func() error // gives server its tools, once
	started    func()
	logger     *slog.Logger
	env        *op.Env
	all        []op.Operation // every operation there is
	operations []op.Operation // those offered
	discover   bool           // they are reached through three tools
	// why says why an operation is not among those offered.
	why       func(op.Operation) string
	maxBytes  int // of a result's text; 0 for no limit
	plain     bool
	confirm   confirmation
	audit     *audit
	telemetry *otlp.Exporter
}

// New makes a server. It fails when a toolset or tool is unknown. The tools are
// made when they are first needed.
func New(o Options) (*Server, error) {
	chosen, err := o.chosen()
	if err != nil {
		return nil, err
	}
	return build(o, chosen, o.withheld), nil
}

// chosen are the operations the options ask for.
func (o Options) chosen() ([]op.Operation, error) {
	if o.Discover && len(o.Toolsets) == 0 && len(o.Tools) == 0 {
		o.Toolsets = []string{toolsetAll}
	}
	return choose(o.Operations, o.Toolsets, o.Tools, o.Exclude)
}

// withheld says why the options leave an operation out.
func (o Options) withheld(left op.Operation) string {
	spec := left.Spec()
	if slices.Contains(clean(o.Exclude), spec.Tool) {
		return "this server was started without it (--exclude-tools)"
	}
	return fmt.Sprintf("it is in the toolset %q, which this server was started without (--toolsets, --tools)", spec.Toolset)
}

// build makes a server that offers these operations, and says of the others why it does not.
func build(o Options, chosen []op.Operation, why func(op.Operation) string) *Server {
	s := &Server{
		logger: o.Logger, started: o.Started, env: o.Env, all: o.Operations, operations: chosen, discover: o.Discover, why: why,
		maxBytes: o.MaxResultBytes, plain: o.Plain, confirm: newConfirmation(o.Confirm),
	}
	s.confirm.ask = o.Ask
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	if s.env != nil {
		told := *s.env
		told.Asks, s.env = s.confirm.mode, &told
	}
	s.audit, s.telemetry = o.auditor(), o.Telemetry
	settings := []server.ServerOption{
		server.WithInstructions(instructions(chosen, o.Discover)),
		server.WithToolCapabilities(false),
	}
	if offersModeling(chosen) {
		settings = append(settings, server.WithPromptCapabilities(false))
	}
	settings = append(settings, server.WithResourceCapabilities(false, false), server.WithCompletions(),
		server.WithPromptCompletionProvider(completer{s}), server.WithResourceCompletionProvider(completer{s}))
	settings = append(settings, telemetryOptions(o.Telemetry)...)
	s.server = server.NewMCPServer(serverName, o.Version, settings...)
	s.ready = sync.OnceValue(s.addTools)
	return s
}

// addTools makes the tools. Their schemas take longer than all else at the
// start, and a client wants its answer to initialize before it asks for them.
func (s *Server) addTools() error {
	if s.discover {
		s.server.SetTools(s.discoveryTools()...)
		return s.addRest()
	}
	tools := make([]server.ServerTool, len(s.operations))
	for i, operation := range s.operations {
		tool, err := s.describe(operation)
		if err != nil {
			return fmt.Errorf("tool %s: %w", operation.Spec().Tool, err)
		}
		tools[i] = server.ServerTool{Tool: tool, Handler: s.handler(operation)}
	}
	s.server.SetTools(tools...)
	return s.addRest()
}

// addRest makes what is there beside tools.
func (s *Server) addRest() error {
	s.addResources()
	if offersModeling(s.operations) {
		s.server.SetPrompts(append(taskPrompts(), modelingPrompt())...)
	}
	return nil
}

// Operations are those the server offers, in the order of the registry.
func (s *Server) Operations() []op.Operation { return s.operations }
