package engine

import (
	"errors"
	"net/http"
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// Name spaces of exception types on the wire. The service answers its modelled exceptions in its own and what its
// framework finds in the framework's.
const (
	spaceDynamo    = "com.amazonaws.dynamodb.v20120810#"
	spaceValidate  = "com.amazon.coral.validate#"
	spaceCoral     = "com.amazon.coral.service#"
	spaceAvailable = "com.amazon.coral.availability#"
)

// apiError is a refusal as the service words it.
type apiError struct {
	Type    string // "ValidationException"
	Message string
	Status  int      // HTTP status; 0 means 400
	Item    []byte   // ConditionalCheckFailedException: the item as it is, in wire form
	Reasons []reason // TransactionCanceledException: one per action, in order
	Extra   []field  // further members of the body
}

// reason is one cancellation reason of a transaction.
type reason struct {
	Code    string // "None", "ConditionalCheckFailed", …
	Message string
	Item    []byte // wire form; nil unless asked for
}

// field is a member of an error's body beyond type and message.
type field struct {
	Name string
	Raw  []byte // JSON
}

// Error gives type and message, for logs: clients are sent the two apart.
func (e *apiError) Error() string { return e.Type + ": " + e.Message }

func (e *apiError) status() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

func (e *apiError) space() string {
	switch e.Type {
	case "ValidationException":
		return spaceValidate
	case "ThrottlingException":
		return spaceAvailable
	case "SerializationException", "UnknownOperationException", "MissingAuthenticationTokenException",
		"IncompleteSignatureException", "InvalidSignatureException", "RequestTimeoutException", "UnrecognizedClientException", "ExpiredTokenException", "AccessDeniedException", "RequestEntityTooLargeException", "LocalStoreDamaged":
		return spaceCoral
	}
	return spaceDynamo
}

// appendBody appends the JSON body of the answer. The framework and cancelled transactions spell the message's name with
// a capital; SDKs accept both.
func (e *apiError) appendBody(dst []byte) []byte {
	items := len(e.Item)
	for _, r := range e.Reasons {
		items += len(r.Item)
	}
	if items > 0 { // there may be many megabytes of them
		dst = slices.Grow(dst, items+512+256*len(e.Reasons))
	}
	dst = append(dst, `{"__type":"`...)
	dst = append(dst, e.space()...)
	dst = append(dst, e.Type...)
	dst = append(dst, '"')
	if e.Message != "" {
		name := `,"message":`
		if e.Reasons != nil || e.Type == "SerializationException" || e.Type == "AccessDeniedException" {
			name = `,"Message":`
		}
		dst = append(dst, name...)
		dst = jsonscan.AppendQuoted(dst, e.Message)
	}
	if e.Item != nil {
		dst = append(append(dst, `,"Item":`...), e.Item...)
	}
	if e.Reasons != nil {
		dst = append(dst, `,"CancellationReasons":[`...)
		for i, r := range e.Reasons {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = r.append(dst)
		}
		dst = append(dst, ']')
	}
	for _, f := range e.Extra {
		dst = append(dst, ',')
		dst = jsonscan.AppendQuoted(dst, f.Name)
		dst = append(append(dst, ':'), f.Raw...)
	}
	return append(dst, '}')
}

func (r reason) append(dst []byte) []byte {
	dst = append(dst, `{"Code":`...)
	dst = jsonscan.AppendQuoted(dst, r.Code)
	if r.Message != "" {
		dst = append(dst, `,"Message":`...)
		dst = jsonscan.AppendQuoted(dst, r.Message)
	}
	if r.Item != nil {
		dst = append(append(dst, `,"Item":`...), r.Item...)
	}
	return append(dst, '}')
}

func validation(message string) *apiError {
	return &apiError{Type: "ValidationException", Message: message}
}

// invalidParameter is a ValidationException that begins with the service's most common words.
func invalidParameter(message string) *apiError {
	return validation("One or more parameter values were invalid: " + message)
}

func serialization(message string) *apiError {
	return &apiError{Type: "SerializationException", Message: message}
}

// errNoTable is what data operations answer for a table that is not there or not yet there.
func errNoTable() *apiError {
	return &apiError{Type: "ResourceNotFoundException", Message: "Requested resource not found"}
}

// errTableNotFound is what table operations answer.
func errTableNotFound(name string) *apiError {
	return &apiError{Type: "ResourceNotFoundException", Message: "Requested resource not found: Table: " + name + " not found"}
}

func errInUse(message string) *apiError {
	return &apiError{Type: "ResourceInUseException", Message: message}
}

func errConditionFailed(item []byte) *apiError {
	return &apiError{Type: "ConditionalCheckFailedException", Message: "The conditional request failed", Item: item}
}

// asAPIError turns any error into an answer. What the engine itself could not do is the server's fault and says why, so
// that a user can act on it (a full disk, a damaged store). Damage has a name of its own, which no SDK takes for a failure
// that passes, and a status that none repeats.
func asAPIError(err error) *apiError {
	if api, ok := errors.AsType[*apiError](err); ok {
		return api
	}
	if value, ok := errors.AsType[*attr.Error](err); ok {
		if value.Serialization {
			return serialization(value.Message)
		}
		return validation(value.Message)
	}
	if expr, ok := errors.AsType[*expression.Error](err); ok {
		return validation(expr.Message)
	}
	if errors.Is(err, storage.ErrClosed) {
		return &apiError{Type: "InternalServerError", Message: "The server is shutting down.", Status: http.StatusServiceUnavailable}
	}
	if errors.Is(err, storage.ErrDamaged) {
		return &apiError{Type: "LocalStoreDamaged", Message: err.Error(), Status: http.StatusInsufficientStorage}
	}
	return &apiError{Type: "InternalServerError", Message: "Internal server error: " + err.Error(), Status: http.StatusInternalServerError}
}
