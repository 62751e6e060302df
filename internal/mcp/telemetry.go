package mcp

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/mark3labs/mcp-go/tracing"

	"github.com/ddb-cli/ddb/internal/otlp"
)

// tracer lets mcp-go's spans, one for each request and one for each tool, go to a collector.
type tracer struct{ exporter *otlp.Exporter }

type traceKey struct{}

// telemetryOptions connect a server with a collector. A caller's own trace goes on, by the header or by the request's _meta.
func telemetryOptions(e *otlp.Exporter) []server.ServerOption {
	if e == nil {
		return nil
	}
	t := tracer{e}
	return []server.ServerOption{server.WithTracer(t), server.WithPropagator(t), server.WithMetaPropagator(t)}
}

// Start begins a span.
func (t tracer) Start(ctx context.Context, name string, kind tracing.SpanKind, attrs ...tracing.Attribute) (context.Context, tracing.Span) {
	parent, _ := ctx.Value(traceKey{}).(otlp.Trace)
	number := otlp.KindInternal
	if kind == tracing.SpanKindServer {
		number = otlp.KindServer
	}
	s := traceSpan{t.exporter.Start(parent, name, number)}
	s.SetAttributes(attrs...)
	if c := callerOf(ctx); c.token != "" {
		s.Set("ddb.token", c.token)
	}
	ctx = context.WithValue(ctx, traceKey{}, s.Trace())
	return tracing.ContextWithSpan(ctx, s), s
}

// Inject has nothing to do: the server calls nobody who would go on with the trace.
func (tracer) Inject(context.Context, http.Header) {}

// Extract finds a caller's trace in a request's header.
func (tracer) Extract(ctx context.Context, headers http.Header) context.Context {
	if _, known := ctx.Value(traceKey{}).(otlp.Trace); known {
		return ctx
	}
	return withTrace(ctx, headers.Get("traceparent"))
}

// InjectMeta has nothing to do.
func (tracer) InjectMeta(_ context.Context, meta *mcp.Meta) *mcp.Meta { return meta }

// ExtractMeta finds a caller's trace in a request's _meta.
func (tracer) ExtractMeta(ctx context.Context, meta *mcp.Meta) context.Context {
	if meta == nil {
		return ctx
	}
	header, _ := meta.AdditionalFields["traceparent"].(string)
	return withTrace(ctx, header)
}

func withTrace(ctx context.Context, header string) context.Context {
	if parent, ok := otlp.ParseTraceparent(header); ok {
		return context.WithValue(ctx, traceKey{}, parent)
	}
	return ctx
}

// traceSpan is a span as mcp-go wants it.
type traceSpan struct{ *otlp.Span }

// SetAttributes adds attributes. The id of a session is not among them: it would let whoever reads the trace into it.
func (s traceSpan) SetAttributes(attrs ...tracing.Attribute) {
	for _, a := range attrs {
		if a.Key == "mcp.session.id" {
			a.Value = sessionName(a.Value)
		}
		s.Set(a.Key, a.Value)
	}
}

// RecordError says that something went wrong.
func (s traceSpan) RecordError(error) { s.Fail("") }

// SetStatus says how it ended. The text of an error may hold data of items, which a trace does not need.
func (s traceSpan) SetStatus(code tracing.StatusCode, _ string) {
	if code == tracing.StatusError {
		s.Fail("")
	}
}

// measure tells a collector of one call.
func (s *Server) measure(ctx context.Context, r *record) {
	if s.telemetry == nil {
		return
	}
	attrs := []string{"mcp.method.name", "tools/call", "gen_ai.tool.name", r.tool}
	if r.code != "" {
		attrs = append(attrs, "error.type", r.code)
	}
	s.telemetry.Seconds("mcp.server.operation.duration", r.took, attrs...)
	if r.capacity > 0 {
		s.telemetry.Add("ddb.consumed_capacity", "{capacity_unit}", r.capacity, "gen_ai.tool.name", r.tool, "ddb.effect", r.effect.String())
	}
	span := tracing.SpanFromContext(ctx)
	span.SetAttributes(tracing.String("db.system.name", "aws.dynamodb"), tracing.String("ddb.effect", r.effect.String()))
	if len(r.tables) > 0 {
		span.SetAttributes(tracing.String("aws.dynamodb.table_names", strings.Join(r.tables, ",")))
	}
	if r.capacity > 0 {
		span.SetAttributes(tracing.String("aws.dynamodb.consumed_capacity", strconv.FormatFloat(r.capacity, 'g', -1, 64)))
	}
	if r.code != "" {
		span.SetAttributes(tracing.String("error.type", r.code))
	}
}
