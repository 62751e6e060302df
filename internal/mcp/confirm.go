package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/loss"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// Confirmations are the values of Options.Confirm: whether the user is asked before a call that destroys.
const (
	// ConfirmAuto asks where the client can put a question, and otherwise goes ahead as 1.0.3 did. On the embedded engine
	// nobody is asked.
	ConfirmAuto = "auto"
	// ConfirmAlways asks everywhere; where the client cannot put a question, the call has to be made twice, the second time
	// with the token the first one gives.
	ConfirmAlways = "always"
	// ConfirmNever goes ahead.
	ConfirmNever = "never"
)

// Codes of calls that were not confirmed: a user who declined, one who closed the question, nobody who answered, and a
// client that cannot ask.
const (
	codeDeclined  = "ConfirmationDeclined"
	codeCancelled = "ConfirmationCancelled"
	codeTimedOut  = "ConfirmationTimedOut"
	codeRequired  = "ConfirmationRequired"
)

const (
	// answerKey is the question's id among the requests for input.
	answerKey = "confirm"
	// confirmField must be true in the answer; backupField asks for a backup before a table is deleted.
	confirmField = "confirm"
	backupField  = "backup_first"
	// tokenParameter is the argument that confirms a call in its second step. It is in the schemas where it is needed, under
	// ConfirmAlways.
	tokenParameter = "confirm_token"
	// defaultPatience is how long an answer or a token is waited for.
	defaultPatience = 5 * time.Minute
	// actionTimeout is what a session of ours answers where the client did not.
	actionTimeout mcp.ElicitationResponseAction = "timeout"
)

// confirmation asks before calls that destroy.
type confirmation struct {
	mode     string
	patience time.Duration // how long an answer is waited for
	tokens   *tokens
	ask      func(ctx context.Context, lost string) error // Options.Ask
}

func newConfirmation(mode string) confirmation {
	if mode == "" {
		mode = ConfirmAuto
	}
	return confirmation{mode: mode, patience: defaultPatience, tokens: newTokens(defaultPatience)}
}

// questionError stops a call that waits for an answer; it never reaches a client as an error.
type questionError struct {
	text   string
	state  string
	schema map[string]any
}

func (*questionError) Error() string { return "waiting for a confirmation" }

// ask turns a call that stopped for a question into the request for input, nil for any other error.
func ask(err error) *mcp.CallToolResult {
	q, ok := errors.AsType[*questionError](err)
	if !ok {
		return nil
	}
	return server.NewInputRequestBuilder(q.state).Elicit(answerKey, mcp.ElicitationParams{
		Mode: mcp.ElicitationModeForm, Message: q.text, RequestedSchema: q.schema,
	}).ToolResult()
}

// askedCall is one call on its way through the gate.
type askedCall struct {
	confirmation
	request mcp.CallToolRequest
	bound   []byte // the tool and its arguments, what a confirmation is good for
	token   string // of the second step
	env     *op.Env
}

// confirmed gives the environment of a call, which asks where the server has to.
func (s *Server) confirmed(ctx context.Context, spec op.Spec, request mcp.CallToolRequest, arguments json.RawMessage) (*op.Env, json.RawMessage, error) {
	env := s.env
	token, arguments, err := takeToken(spec, arguments)
	if err != nil || s.confirm.mode == ConfirmNever || spec.Effect != op.Destroy {
		return env, arguments, err
	}
	asking := *env
	call := &askedCall{confirmation: s.confirm, request: request, bound: bind(spec.Tool, arguments), token: token, env: env}
	asking.Confirm = call.confirm
	return &asking, arguments, nil
}

// confirm is op.Env.Confirm.
func (c *askedCall) confirm(ctx context.Context, spec op.Spec, tables []string, in any) error {
	if c.mode == ConfirmAuto {
		clients, err := c.env.Clients(ctx, callRegion(in))
		if err != nil {
			return err
		}
		if clients.Embedded {
			return nil
		}
	}
	if answer := server.ElicitationResponse(c.request.Params.InputResponses, answerKey); answer != nil {
		return c.answered(ctx, spec, in, answer)
	}
	declared := canAsk(ctx)
	switch {
	case c.ask != nil:
	case !declared && c.mode == ConfirmAuto:
		return nil
	case !declared && c.token != "":
		return c.tokens.redeem(c.token, c.bound)
	}
	lost, err := c.lost(ctx, spec, tables, in)
	switch {
	case err != nil:
		return err // what the call would meet, before anybody is asked about it
	case lost == "":
		return nil
	case c.ask != nil:
		return c.ask(ctx, lost)
	case declared:
		return c.question(lost, in)
	}
	return &op.Error{
		Code:    codeRequired,
		Message: "this call is not done: it has to be confirmed by the user, and this client declares no way to ask. " + lost,
		Hint: fmt.Sprintf("tell the user what would be lost; when they agree, repeat the call with the same arguments and %q: %q within %v%s",
			tokenParameter, c.tokens.issue(c.bound), c.patience, offerByTool(spec)),
	}
}

// lost is what would be lost, "" for nothing.
func (c *askedCall) lost(ctx context.Context, spec op.Spec, tables []string, in any) (string, error) {
	text, err := loss.Describe(ctx, c.env, spec, tables, in)
	return string(escapeHidden([]byte(text))), err
}

// question is the form put to the user.
func (c *askedCall) question(lost string, in any) error {
	fields := map[string]any{confirmField: map[string]any{"type": "boolean", "title": "Go ahead", "description": "Nothing is changed unless this is ticked", "default": false}}
	if _, ok := in.(*table.DeleteInput); ok {
		fields[backupField] = map[string]any{"type": "boolean", "title": "Back up first", "description": "Make a backup of the table before it is deleted", "default": false}
	}
	return &questionError{
		text: lost + " Go ahead?", state: c.tokens.issue(c.bound),
		schema: map[string]any{"type": "object", "properties": fields, "required": []string{confirmField}},
	}
}

// answered acts on what the user said.
func (c *askedCall) answered(ctx context.Context, spec op.Spec, in any, answer *mcp.ElicitationResult) error {
	switch answer.Action {
	case mcp.ElicitationResponseActionAccept:
	case mcp.ElicitationResponseActionDecline:
		return &op.Error{Code: codeDeclined, Message: "the user was asked and declined; nothing was changed", Hint: "do not repeat the call; ask the user what they want instead"}
	case actionTimeout:
		return timedOut(c.patience)
	default:
		return &op.Error{Code: codeCancelled, Message: "the user closed the question without an answer; nothing was changed", Hint: "ask the user before calling again"}
	}
	content, _ := answer.Content.(map[string]any)
	if yes, _ := content[confirmField].(bool); !yes {
		return &op.Error{Code: codeDeclined, Message: "the user sent the form without ticking " + confirmField + "; nothing was changed", Hint: "do not repeat the call; ask the user what they want instead"}
	}
	if err := c.tokens.redeem(c.request.Params.RequestState, c.bound); err != nil {
		return err
	}
	if first, _ := content[backupField].(bool); first {
		if in, ok := in.(*table.DeleteInput); ok {
			return backUp(ctx, c.env, in)
		}
	}
	return nil
}

func timedOut(after time.Duration) error {
	return &op.Error{Code: codeTimedOut, Message: fmt.Sprintf("the user was asked and did not answer within %v; nothing was changed", after), Hint: "ask the user before calling again"}
}

func offerByTool(spec op.Spec) string {
	if spec.API == "DeleteTable" {
		return "; a backup outlives its table: offer create_backup first"
	}
	return ""
}

// canAsk says whether the client declared that it can put a form to its user: with the request, as newer protocols do, or
// when it introduced itself.
func canAsk(ctx context.Context) bool {
	var declared *mcp.ElicitationCapability
	if info := server.RequestProtocolInfoFromContext(ctx); info != nil && info.ClientCapabilities != nil {
		declared = info.ClientCapabilities.Elicitation
	} else if s, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo); ok {
		declared = s.GetClientCapabilities().Elicitation
	}
	// Without either mode named it is forms: they were there first.
	return declared != nil && (declared.Form != nil || declared.URL == nil)
}

func callRegion(in any) string {
	if r, ok := in.(interface{ CallRegion() string }); ok {
		return r.CallRegion()
	}
	return ""
}

// takeToken takes the token of the second step out of the arguments of a tool that can destroy.
func takeToken(spec op.Spec, arguments json.RawMessage) (string, json.RawMessage, error) {
	if spec.Effect != op.Destroy || !strings.Contains(string(arguments), tokenParameter) {
		return "", arguments, nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(arguments, &members); err != nil {
		return "", arguments, nil //nolint:nilerr // Decode says what is wrong, and knows the valid names
	}
	raw, ok := members[tokenParameter]
	if !ok {
		return "", arguments, nil
	}
	delete(members, tokenParameter)
	rest, err := json.Marshal(members)
	if err != nil {
		return "", nil, err
	}
	var token *string
	if err := json.Unmarshal(raw, &token); err != nil {
		return "", nil, op.Invalid(tokenParameter+" is no text", "it is the token an earlier answer gave")
	}
	return aws.ToString(token), rest, nil
}
