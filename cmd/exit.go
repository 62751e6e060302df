package cmd

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/records"
	"github.com/ddb-cli/ddb/internal/render"
)

// An exitCode is what a script learns. The list is part of ddb's interface and stands in the help.
type exitCode int

const (
	exitOK          exitCode = 0
	exitError       exitCode = 1
	exitUsage       exitCode = 2
	exitNotFound    exitCode = 3
	exitCondition   exitCode = 4 // condition failed, transaction cancelled
	exitDenied      exitCode = 5 // access denied, no credentials, or refused by a rule of the user's own
	exitThrottled   exitCode = 6 // throttled or timed out
	exitDifference  exitCode = 7
	exitInterrupted exitCode = 130
	exitTerminated  exitCode = 143
)

// codes sorts the service's exceptions and ddb's own codes. What is not here is exitError.
var codes = map[string]exitCode{
	op.CodeInvalidArgument:    exitUsage,
	op.CodeReadOnly:           exitDenied,
	op.CodeScanBudget:         exitDenied,
	op.CodeEffectNotAllowed:   exitDenied,
	op.CodeRegionNotAllowed:   exitDenied,
	op.CodeTableNotAllowed:    exitDenied,
	op.CodeNoCredentials:      exitDenied,
	op.CodeExpiredCredentials: exitDenied,
	op.CodeTimeout:            exitThrottled,
	op.CodeNoContext:          exitNotFound,
	codeNotConfirmed:          exitDenied,
	codeScanRefused:           exitDenied,
	codeMissing:               exitNotFound,
	codeNotServing:            exitNotFound,

	"SerializationException": exitUsage,

	"AccessDenied":                        exitDenied,
	"AccessDeniedException":               exitDenied,
	"ExpiredToken":                        exitDenied,
	"ExpiredTokenException":               exitDenied,
	"IncompleteSignature":                 exitDenied,
	"IncompleteSignatureException":        exitDenied,
	"InvalidClientTokenId":                exitDenied,
	"InvalidSignatureException":           exitDenied,
	"MissingAuthenticationToken":          exitDenied,
	"NotAuthorized":                       exitDenied,
	"OptInRequired":                       exitDenied,
	"SignatureDoesNotMatch":               exitDenied,
	"UnauthorizedException":               exitDenied,
	"UnrecognizedClientException":         exitDenied,
	"MissingAuthenticationTokenException": exitDenied,

	"BackupNotFoundException":      exitNotFound,
	"ExportNotFoundException":      exitNotFound,
	"GlobalTableNotFoundException": exitNotFound,
	"ImportNotFoundException":      exitNotFound,
	"IndexNotFoundException":       exitNotFound,
	"PolicyNotFoundException":      exitNotFound,
	"ReplicaNotFoundException":     exitNotFound,
	"ResourceNotFoundException":    exitNotFound,
	"TableNotFoundException":       exitNotFound,

	"ConditionalCheckFailed":          exitCondition,
	"ConditionalCheckFailedException": exitCondition,
	"DuplicateItemException":          exitCondition,
	"TransactionCanceledException":    exitCondition,

	"ProvisionedThroughputExceededException": exitThrottled,
	"RequestLimitExceeded":                   exitThrottled,
	"RequestTimeout":                         exitThrottled,
	"RequestTimeoutException":                exitThrottled,
	"Throttling":                             exitThrottled,
	"ThrottlingException":                    exitThrottled,
	"TooManyRequestsException":               exitThrottled,
	"TransactionConflictException":           exitThrottled,
}

// Codes of refusals that only the terminal makes.
const (
	codeNotConfirmed = "NotConfirmed" // nobody could answer, or the answer was no
	codeScanRefused  = "ScanRefused"  // a whole large table would be read, and nobody asked for that
	codeMissing      = "ItemNotFound"
	codeNotServing   = "ServerNotFound"
	codeUsage        = "Usage"
)

// A usageError is a command that was typed wrongly.
type usageError struct{ message, hint string }

func (e *usageError) Error() string { return e.message }

func usage(message, hint string) error { return &usageError{message, hint} }

// errQuiet ends with a code and nothing to say, such as a get that found nothing.
type errQuiet struct{ code exitCode }

func (e *errQuiet) Error() string { return "exit" }

// typedWrongly are the beginnings of ValidationExceptions that speak of the request alone: the same command would be refused whatever is in the table. What they
// say of tables, items and jobs as they are, such as a table that is protected, is an error and no mistake of usage.
var typedWrongly = []string{
	"One or more parameter values", "1 validation error", "2 validation error", "3 validation error",
	"Invalid FilterExpression", "Invalid KeyConditionExpression", "Invalid ConditionExpression", "Invalid UpdateExpression", "Invalid ProjectionExpression",
	"Filter Expression can only contain non-primary key attributes", "ExpressionAttribute", "Value provided in ExpressionAttribute", "Supplied AttributeValue",
	"The provided key element does not match the schema", "Query condition missed key schema element", "Query key condition not supported",
	"Statement wasn't well formed", "Unsupported clause", "Unsupported operation", "Where clause does not contain a mandatory equality", "Unexpected path component", "Number of parameters in request and statement don't match", "Unexpected from source",

	// Items and their keys.
	"Key attribute should be present in the item", "Item size has exceeded", "Size of hashkey", "Aggregated size of all range keys", "Condition parameter type does not match",
	"The provided starting key", "Can not use both expression and non-expression", "Must specify the AttributesToGet", "Either the KeyConditions", "Too many items requested",
	"Consistent reads are not supported", "Strongly consistent read", "The Segment parameter", "The TotalSegments parameter", "TransactItems can only", "Transaction payload size",
	"Transaction request cannot include multiple operations", "Provided list of item keys contains duplicates", "ReturnValues can only", "Provided TopK", "Input search vector", "Search vector contains", "Invalid SearchConditionExpression",
	"SearchConditionExpression must",

	// Statements.
	"EXISTS() must", "ExecuteTransaction API does not support", "Read and write requests together", "Reads on indices are not", "Operations on indices are not", "RETURNING clause", "Invalid returning clause",
	"NextToken does not match", "Must have WHERE clause", "Provided nextToken is invalid", "Validation failed in TransactStatements",

	// Tables.
	"Table name should be within", "Table ARN is invalid", "Invalid KeySchema", "Index KeySchema", "The KeySchema contains", "Both the Hash Key", "Number of attributes in KeySchema", "Some AttributeDefinitions",
	"Some index key attributes", "Attribute Name is duplicated", "Duplicate attribute", "Duplicate element", "Duplicate index name", "Duplicate value in attribute name", "ProjectionType is", "Unknown ProjectionType",
	"Both ReadCapacityUnits", "Neither ReadCapacityUnits", "ReadCapacityUnits and WriteCapacityUnits must", "Invalid table-class", "KMSMasterKeyId can", "SSEType",

	// Tags, policies, streams, backups and transfers.
	"Tag Key cannot be prefixed", "The Tag Key provided", "The Tag Value provided", "Duplicate Tag Keys", "Atleast one Tag", "Invalid policy document", "Invalid principal", "Invalid resource", "Invalid StreamArn", "Invalid TableArn",
	"ARNs must start with", "Provided Arn is not", "Invalid ShardIterator", "Invalid SequenceNumber", "SequenceNumber should not", "Timestamp must", "Invalid Backup ARN", "Time range lower bound",
	"Invalid Request: Both RestoreDateTime", "Invalid Request: Either one of RestoreDateTime", "Export Type expected", "Incremental Export Specification expected", "ExportFromTime must", "S3SseKmsKeyId", "OutputS3Configuration must",
	"Unsupported InputFormatOptions", "Invalid value for parameter", "Invalid size for parameter", "Invalid type for parameter",
}

func isTypedWrongly(e *op.Error) bool {
	return e.Code == "ValidationException" && slices.ContainsFunc(typedWrongly, func(w string) bool { return strings.HasPrefix(e.Message, w) })
}

func codeOf(err error) exitCode {
	var (
		quiet    *errQuiet
		use      *usageError
		known    *op.Error
		syntax   *attr.SyntaxError
		plain    *attr.PlainError
		output   *render.UsageError
		source   *records.Error
		signaled *signalError
	)
	switch {
	case errors.As(err, &quiet):
		return quiet.code
	case errors.As(err, &use), errors.As(err, &syntax), errors.As(err, &plain), errors.As(err, &output), errors.As(err, &source):
		return exitUsage
	case errors.As(err, &signaled):
		return signaled.code
	case errors.As(err, &known):
		if isTypedWrongly(known) {
			return exitUsage
		}
		if c, ok := codes[known.Code]; ok {
			return c
		}
	case errors.Is(err, context.DeadlineExceeded):
		return exitThrottled
	case errors.Is(err, fs.ErrNotExist):
		return exitNotFound
	}
	return exitError
}
