package mcp

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/ddb-cli/ddb/internal/op"
)

// handler answers calls of one tool. Whatever goes wrong is a result the model
// can read, never a protocol error: those say that the server is broken.
func (s *Server) handler(o op.Operation) server.ToolHandlerFunc {
	spec := o.Spec()
	return func(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		var result *mcp.CallToolResult
		r := &record{caller: callerOf(ctx), tool: spec.Tool, effect: spec.Effect}
		err := s.observed(ctx, r, func() (err error) {
			defer s.recovered(spec.Tool, &err)
			result, err = s.call(ctx, o, spec, request, r)
			if question := ask(err); question != nil {
				workOf(ctx).is(waiting)
				s.logger.DebugContext(ctx, "the user is asked", "tool", spec.Tool)
				result, err = question, nil
			}
			return err
		})
		if err != nil {
			s.logger.WarnContext(ctx, "tool call failed", "tool", spec.Tool, "token", r.caller.token, "code", r.code, "request_id", r.requestID, "cause", causeOf(err), "took", r.took)
			return s.errorResult(err), nil
		}
		s.logger.DebugContext(ctx, "tool call", "tool", spec.Tool, "took", r.took)
		return result, nil
	}
}

// causeOf is what the log says of an error that has no code of its own: its kind. Messages stay out of the log, since they quote
// arguments, and with them items.
func causeOf(err error) string {
	known := asOpError(err)
	if known.Code != op.CodeInternal {
		return ""
	}
	return fmt.Sprintf("%T", known.Cause)
}

// recovered turns a panic into an error that tells the client nothing of the inside.
func (s *Server) recovered(what string, err *error) {
	if p := recover(); p != nil {
		s.logger.Error("call failed", "call", what, "panic", p, "stack", string(debug.Stack()))
		*err = &op.Error{Code: op.CodeInternal, Message: "the call could not be handled; see the server's log"}
	}
}

func (s *Server) call(ctx context.Context, o op.Operation, spec op.Spec, request mcp.CallToolRequest, r *record) (*mcp.CallToolResult, error) {
	arguments, err := rawArguments(request)
	if err != nil {
		return nil, err
	}
	r.arguments = arguments
	want, arguments, err := s.takeShaping(spec, arguments)
	if err != nil {
		return nil, err
	}
	env, arguments, err := s.confirmed(ctx, spec, request, arguments)
	if err != nil {
		return nil, err
	}
	in, err := o.Decode(arguments)
	if err != nil {
		return nil, s.withOurs(spec, err)
	}
	r.about(o, in)
	workOf(ctx).is(stageOf(spec, r.effect))
	if ctx.Err() != nil { // nothing begins in a server that stops
		return nil, &op.Error{Code: op.CodeCanceled, Message: "the call was cancelled"}
	}
	if err := s.audit.admit(r.effect); err != nil {
		return nil, err
	}
	var warnings []string
	if (spec.API == "Scan" || spec.API == "ExecuteStatement") && env.Scans != nil {
		watched := *env
		watched.Warn = func(text string) { warnings = append(warnings, text) }
		env = &watched
	}
	told := s.progress(ctx, request)
	if told.token != nil {
		watched := *env
		watched.Progress = told.tell
		env = &watched
	}
	out, err := s.read(ctx, env, o, in, want, told.items)
	r.capacity = op.Consumed(out)
	if err != nil {
		return nil, err
	}
	if text, ok := out.(*op.Text); ok && spec.Text {
		return s.textResult(in, text.Text), nil
	}
	return s.fit(ctx, env, o, in, out, want, warnings, r)
}

// rawArguments gives the arguments as they were sent: mcp-go's decoded copy has
// rounded large numbers.
func rawArguments(request mcp.CallToolRequest) (json.RawMessage, error) {
	if raw := request.Params.RawArguments; len(raw) > 0 {
		return raw, nil
	}
	if request.Params.Arguments == nil {
		return nil, nil
	}
	raw, err := json.Marshal(request.Params.Arguments)
	if err != nil {
		return nil, op.Invalid("the arguments have no JSON form: "+err.Error(), "")
	}
	return raw, nil
}

// stageOf is how much is lost when a call of an operation is cut off.
func stageOf(spec op.Spec, effect op.Effect) stage {
	switch {
	case effect != op.Read:
		return writing
	case spec.Waits:
		return waiting
	}
	return reading
}
