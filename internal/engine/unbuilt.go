package engine

import "strings"

// unbuilt are the operations of DynamoDB this engine does not answer. They are refused by name, so that nobody takes
// the refusal for a misspelling or an old SDK.
const unbuilt = " CancelBulkOperation DescribeBulkOperation" +
	" ListBulkOperations" +
	" StartBulkPutItems "

// errUnknown refuses an operation there is no action for. One that the service does not know either gets no message, as
// from the service.
func errUnknown(name string) error {
	e := &apiError{Type: "UnknownOperationException"}
	if name != "" && strings.Contains(unbuilt, " "+name+" ") {
		e.Message = "The embedded engine does not answer " + name + "; it needs the DynamoDB service"
	}
	return e
}
