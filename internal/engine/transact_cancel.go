package engine

import (
	"errors"
	"strings"
)

const msgSameItem = "Transaction request cannot include multiple operations on one item"

// emptyKey begins the refusal of a key attribute without a value, of a table or of an index. It refuses a transaction of writes as a
// whole and not one action of it; of reads it is one action's (change log of nubo-db/dynoxide 0.11).
const emptyKey = "One or more parameter values are not valid. "

// cancelled makes a TransactionCanceledException of what was refused of a transaction's actions, one error or nil for
// each, in order; nil when nothing was refused. A failure of the engine itself is returned as it is.
func cancelled(failures []error) error {
	if err := emptyKeyIn(failures); err != nil {
		return err
	}
	return cancelledReads(failures)
}

func emptyKeyIn(failures []error) error {
	for _, err := range failures {
		if r, ok := reasonOf(err); ok && strings.HasPrefix(r.Message, emptyKey) {
			return err
		}
	}
	return nil
}

// firstAlone leaves the first failure of several: what is wrong with the keys of a TransactWriteItems is looked for until something is found
// (floci-io/floci 3674, eu-west-2).
func firstAlone(failures []error) []error {
	out := make([]error, len(failures))
	for i, err := range failures {
		if err != nil {
			out[i] = err
			break
		}
	}
	return out
}

// cancelledReads is cancelled for a transaction that writes nothing.
func cancelledReads(failures []error) error {
	reasons := make([]reason, len(failures))
	codes := make([]string, len(failures))
	failed := false
	for i, err := range failures {
		r := reason{Code: "None"}
		if err != nil {
			failed = true
			var ok bool
			if r, ok = reasonOf(err); !ok {
				return err
			}
		}
		reasons[i], codes[i] = r, r.Code
	}
	if !failed {
		return nil
	}
	return &apiError{
		Type:    "TransactionCanceledException",
		Message: "Transaction cancelled, please refer cancellation reasons for specific reasons [" + strings.Join(codes, ", ") + "]",
		Reasons: reasons,
	}
}

// reasonOf is an action's refusal as a cancellation reason (API reference, TransactWriteItems:
// TransactionCanceledException). ok is false for errors that are not the action's fault.
func reasonOf(err error) (r reason, ok bool) {
	if err == nil {
		return reason{}, false
	}
	api := asAPIError(err)
	r = reason{Code: reasonCodes[api.Type], Message: api.Message}
	if api.Type == "ConditionalCheckFailedException" {
		r.Item = api.Item
	}
	return r, r.Code != ""
}

// reasonCodes are the codes of cancellation by the exceptions that a single write would have met.
var reasonCodes = map[string]string{
	"ConditionalCheckFailedException":          "ConditionalCheckFailed",
	"DuplicateItemException":                   "DuplicateItem",
	"ItemCollectionSizeLimitExceededException": "ItemCollectionSizeLimitExceeded",
	"ProvisionedThroughputExceededException":   "ProvisionedThroughputExceeded",
	"ResourceNotFoundException":                "ResourceNotFound", // of statements
	"RequestLimitExceeded":                     "ThrottlingError",
	"ThrottlingException":                      "ThrottlingError",
	"TransactionConflictException":             "TransactionConflict",
	"ValidationException":                      "ValidationError",
}

var errConflict = &apiError{Type: "TransactionConflictException", Message: "Transaction is ongoing for the item"}

// isRefusal reports whether err is an exception of the service and not a failure of the engine.
func isRefusal(err error) bool {
	var api *apiError
	return errors.As(err, &api)
}
