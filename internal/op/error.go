package op

import (
	"errors"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/wire"
)

// Codes of errors that ddb itself raises. All other codes are the service's, such as "ValidationException".
const (
	// CodeReadOnly refuses an operation that is no Read in read-only mode.
	CodeReadOnly = "ReadOnly"
	// CodeTableNotAllowed refuses a table outside Gate.Tables, before any call.
	CodeTableNotAllowed = "TableNotAllowed"
	// CodeEffectNotAllowed refuses a call whose effect is not among those allowed.
	CodeEffectNotAllowed = "EffectNotAllowed"
	// CodeRegionNotAllowed refuses a region outside Gate.Regions, also one inside an input.
	CodeRegionNotAllowed = "RegionNotAllowed"
	// CodeInvalidArgument is input that was refused before any call, by ddb and not by the service.
	CodeInvalidArgument = "InvalidArgument"
	// CodeNoCredentials says that the SDK's chain found no credentials: no call was made.
	CodeNoCredentials = "NoCredentials"
	// CodeExpiredCredentials says that the credentials are no longer valid, an SSO session included.
	CodeExpiredCredentials = "ExpiredCredentials"
	// CodeUnreachable says that the endpoint did not answer, or broke off while it did.
	CodeUnreachable = "EndpointUnreachable"
	// CodeTimeout says that the call took longer than it was given.
	CodeTimeout = "Timeout"
	// CodeCanceled says that the caller gave up. Whether the call was carried out is not known.
	CodeCanceled = "Canceled"
	// CodeConfig is a configuration that cannot be used: an unknown profile, a broken file.
	CodeConfig = "ConfigurationError"
	// CodeNoContext is a context that is not in the configuration file.
	CodeNoContext = "ContextNotFound"
	// CodeInternal is anything else, most likely a fault of ddb.
	CodeInternal = "InternalError"
)

// Error is a failure as every front end shows it. It is made once, from the SDK's error or by ddb itself.
type Error struct {
	// Code is the service's exception or one of the codes above.
	Code string
	// Message is the service's own, whole.
	Message string
	// Brief says the same in the fewest words, for people: `table "ordes" not found in us-west-2 (profile dev)`. It is
	// empty where Message needs no help.
	Brief string
	// Hint says what to do about it; empty where nothing is known.
	Hint string
	// Retryable says that the same call may succeed later.
	Retryable bool
	// RequestID is the service's id of the request.
	RequestID string
	// Item is the item as it was when a condition on it failed, where the service returned it.
	Item map[string]types.AttributeValue
	// Reasons tell why a transaction was cancelled, one for each action in order.
	Reasons []Reason
	// Status is the HTTP status, 0 where no answer came.
	Status int
	// Cause is the error that was translated.
	Cause error
}

// Reason is the fate of one action of a cancelled transaction. Code is "None" for an action that was not at fault.
type Reason struct {
	Code    string
	Message string
	Item    map[string]types.AttributeValue
}

// Error gives the message, which begins with the code for the service's exceptions only in logs, not here.
func (e *Error) Error() string {
	if e.Message == "" {
		return e.Code
	}
	return e.Message
}

// Unwrap gives the error that was translated.
func (e *Error) Unwrap() error { return e.Cause }

// Invalid is an error in the input, refused before any call.
func Invalid(message, hint string) *Error {
	return &Error{Code: CodeInvalidArgument, Message: message, Hint: hint}
}

// toolAndCommand is a tool with the command that does the same, as hints name them: list_tables (ddb table list).
var toolAndCommand = regexp.MustCompile(`\b([a-z]+(?:_[a-z]+)+) \((ddb [^)]*)\)`)

// named is how an error names an operation for both front ends.
func (s Spec) named() string {
	if strings.Contains(s.Tool, " ") { // a command made of several, which is no tool
		return "ddb " + s.Path()
	}
	return s.Tool + " (ddb " + s.Path() + ")"
}

// ForTerminal is a text with commands and without the tools that do the same; ForTools is the other way round.
func ForTerminal(text string) string { return toolAndCommand.ReplaceAllString(text, "$2") }

// ForTools is a text with tools and without the commands that do the same.
func ForTools(text string) string { return toolAndCommand.ReplaceAllString(text, "$1") }

// asError finds the Error in err, or makes one of what this package knows by itself.
func asError(err error) *Error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	if shape, ok := errors.AsType[*wire.Error](err); ok {
		return &Error{Code: CodeInvalidArgument, Message: shape.Error(), Cause: err}
	}
	return &Error{Code: CodeInternal, Message: err.Error(), Cause: err}
}
