package dynamo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/wire"
)

// AsError translates an error of the SDK, the network or ddb itself into the one form that front ends show. It gives
// nil for nil.
func AsError(err error) *op.Error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*op.Error](err); ok {
		return known
	}
	if shape, ok := errors.AsType[*wire.Error](err); ok {
		return &op.Error{Code: op.CodeInvalidArgument, Message: shape.Error(), Cause: err}
	}
	e := &op.Error{Cause: err}
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() != "" {
		service(e, api)
	} else {
		local(e, err)
	}
	if answered, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		e.RequestID = answered.ServiceRequestID()
		e.Status = answered.HTTPStatusCode()
	}
	return e
}

// service fills e from an answer of the service.
func service(e *op.Error, api smithy.APIError) {
	e.Code, e.Message = api.ErrorCode(), api.ErrorMessage()
	e.Retryable = retryable[e.Code] || api.ErrorFault() == smithy.FaultServer && e.Code != "TransactionCanceledException"
	if e.Hint = hints[e.Code]; e.Hint == "" && e.Code == "ValidationException" {
		e.Hint = requestHint(e.Message)
	}
	switch api := api.(type) {
	case *types.ConditionalCheckFailedException:
		if e.Item = api.Item; len(e.Item) == 0 { // every write asks for the item as it was
			e.Hint = "there is no item with this key; nothing was written"
		}
	case *types.TransactionCanceledException:
		for _, r := range api.CancellationReasons {
			e.Reasons = append(e.Reasons, op.Reason{Code: text(r.Code), Message: text(r.Message), Item: r.Item})
		}
		e.Retryable = transient(e.Reasons)
	}
	if e.Message == "" || e.Message == "UnknownError" { // the SDK's word for none
		e.Message = "the service answered " + e.Code + " without a message"
	}
	if expired[e.Code] {
		e.Hint = "the credentials are no longer accepted: log in again (aws sso login), or renew the keys; the next call reads them anew"
	}
}

// transient says whether a cancelled transaction may go through when repeated: somebody else was in the way, and no
// condition or item was at fault.
func transient(reasons []op.Reason) bool {
	again := false
	for _, r := range reasons {
		switch r.Code {
		case "None", "":
		case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
			again = true
		default:
			return false
		}
	}
	return again
}

// local fills e from a failure on this side of the service.
func local(e *op.Error, err error) {
	e.Message = plain(err)
	var (
		loading    *configError
		profile    awsconfig.SharedConfigProfileNotExistError
		params     smithy.InvalidParamsError
		sso        *ssocreds.InvalidTokenError
		mfa        awsconfig.AssumeRoleTokenProviderNotSetError
		sending    *smithyhttp.RequestSendError
		netError   net.Error
		statusOnly *smithyhttp.ResponseError
	)
	switch {
	case errors.Is(err, context.Canceled):
		e.Code, e.Message = op.CodeCanceled, "the call was cancelled"
	case errors.As(err, &profile):
		e.Code = op.CodeConfig
		e.Message = "profile " + quoted(profile.Profile) + " is not in the shared configuration files"
		e.Hint = "see the profiles with: aws configure list-profiles"
	case errors.As(err, &mfa):
		e.Code = op.CodeNoCredentials
		e.Message = "the profile's role wants a one-time code (MFA), and nobody can be asked here"
		e.Hint = "use a profile with session credentials, for example from: aws sts get-session-token"
	case errors.As(err, &sso), strings.Contains(e.Message, "InvalidGrantException"), strings.Contains(e.Message, "cached SSO token"):
		e.Code = op.CodeExpiredCredentials
		e.Message = "the SSO session has ended, or never began: " + reason(e.Message)
		e.Hint = "log in again with: aws sso login"
	case errors.As(err, &loading):
		e.Code = op.CodeConfig
		e.Hint = "look at ~/.aws/config and the AWS_ variables of the environment"
	case errors.As(err, &params):
		e.Code, e.Message = "ValidationException", paramsMessage(params)
	case strings.Contains(e.Message, "failed to bind endpoint params"), strings.Contains(e.Message, "failed to resolve service endpoint"):
		e.Code = op.CodeConfig
		e.Hint = "a region is written like eu-west-1; an endpoint like https://host:port"
	case noCredentials(err.Error()):
		e.Code = op.CodeNoCredentials
		e.Message = "no AWS credentials were found: " + reason(err.Error())
		e.Hint = "name a profile (AWS_PROFILE or --profile), run aws configure or aws sso login, or use --local for the embedded engine"
	case errors.Is(err, context.DeadlineExceeded):
		e.Code, e.Message, e.Retryable = op.CodeTimeout, "no answer in the time given", true
	case errors.As(err, &statusOnly) && !errors.As(err, &sending) && errors.Is(err, io.ErrUnexpectedEOF):
		e.Code, e.Retryable = op.CodeUnreachable, true
		e.Message = "the connection was cut amid the answer"
		e.Hint = cutHint
	case errors.As(err, &statusOnly) && !errors.As(err, &sending):
		e.Code = op.CodeInternal
		e.Retryable = statusOnly.HTTPStatusCode() >= http.StatusInternalServerError
		e.Message = fmt.Sprintf("the answer with status %d cannot be read: %s", statusOnly.HTTPStatusCode(), innermost(statusOnly))
		e.Hint = "what answered may not be DynamoDB; look at the endpoint"
	case errors.As(err, &sending), errors.As(err, &netError):
		unreachable(e, err)
	default:
		e.Code = op.CodeInternal
	}
}

// cutHint is what to do when nobody knows whether the call was carried out.
const cutHint = "a write may or may not have been done; read it back before repeating it"

func unreachable(e *op.Error, err error) {
	e.Code, e.Retryable = op.CodeUnreachable, true
	e.Message = "the endpoint did not answer: " + plain(err)
	e.Hint = "look at the network, the region and the endpoint; --local needs neither"
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		e.Message = "the endpoint's name " + quoted(name.Name) + " is not known"
		e.Hint = "look at the region's spelling and the network"
	case strings.Contains(e.Message, "x509:"), strings.Contains(e.Message, "tls:"):
		e.Retryable = false
		e.Hint = "the endpoint's certificate is not trusted: name the CA with AWS_CA_BUNDLE"
	case strings.Contains(e.Message, "connection refused"):
		e.Hint = "nothing listens there: start it (ddb local start), or look at the endpoint and the port"
	case strings.Contains(e.Message, cutOff), strings.Contains(e.Message, "connection reset"):
		e.Message = "the connection was cut before the answer: " + plain(err)
		e.Hint = cutHint
	}
}

// cutOff is the text of io.ErrUnexpectedEOF and io.EOF alike, which reach us wrapped in a url.Error.
const cutOff = "EOF"

// noCredentials knows the SDK's chain by its words: its last provider, instance metadata, fails in several ways.
func noCredentials(message string) bool {
	for _, sign := range []string{
		"get credentials:", "failed to refresh cached credentials", "failed to retrieve credentials", "static credentials are empty",
		"no EC2 IMDS role found", "failed to sign request: failed to retrieve",
	} {
		if strings.Contains(message, sign) {
			return true
		}
	}
	return false
}

// reason is the part of the chain's error that says why.
func reason(message string) string {
	for _, cut := range []string{"failed to refresh cached credentials, ", "get credentials: ", "failed to retrieve credentials: "} {
		if _, after, ok := strings.Cut(message, cut); ok {
			message = after
		}
	}
	if strings.Contains(message, "no EC2 IMDS role found") {
		return "neither in the environment, the shared files, SSO, nor from the machine"
	}
	return message
}

// plain is the innermost message without the SDK's chain of "operation error DynamoDB: GetItem, …".
func plain(err error) string {
	if operation, ok := errors.AsType[*smithy.OperationError](err); ok {
		return plain(operation.Err)
	}
	if sending, ok := errors.AsType[*smithyhttp.RequestSendError](err); ok {
		return sending.Err.Error()
	}
	if attempts, ok := errors.AsType[*retry.MaxAttemptsError](err); ok {
		return plain(attempts.Err)
	}
	return err.Error()
}

// innermost is the message of the error at the end of the chain.
func innermost(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err.Error()
}

func paramsMessage(err smithy.InvalidParamsError) string {
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimSpace(lines[i]), "- ")
	}
	return strings.Join(lines, " ")
}

func quoted(s string) string { return `"` + s + `"` }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
