package engine

import (
	"errors"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// What a throttled request is told (SDK, TransactionCanceledException: messages; and captures of the service's answers).
const (
	msgTableThroughput = "The level of configured provisioned throughput for the table was exceeded. " +
		"Consider increasing your provisioning level with the UpdateTable API."
	msgIndexThroughput = "The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. " +
		"Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API."
	msgOnDemandThroughput = "Throughput exceeds the current capacity of your table or index. " +
		"DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key: " +
		"https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"
	msgOnDemandMaximum = "Throughput exceeds the maximum OnDemandThroughput configured on table or index"
	msgAccountLimit    = "Throughput exceeds the current throughput quota for your account. " +
		"Please contact AWS Support at https://aws.amazon.com/support to request a quota increase"
)

// throttled is the refusal of a request that finds a bucket empty, with the reason and the resource that has it.
func throttled(d *demand, kind limitKind) error {
	e := &apiError{Type: "ProvisionedThroughputExceededException", Message: msgTableThroughput}
	member := "ThrottlingReasons"
	switch {
	case kind == limitAccount:
		e.Type, e.Message = "RequestLimitExceeded", msgAccountLimit
	case kind == limitOnDemandMax || d.table.OnDemand:
		e.Type, e.Message = "ThrottlingException", msgOnDemandThroughput
		member = "throttlingReasons" // spelt so in this exception alone
		if kind == limitOnDemandMax {
			e.Message = msgOnDemandMaximum
		}
	case d.index != nil:
		e.Message = msgIndexThroughput
	}
	reason, resource := "Table", d.table.ARN()
	if d.index != nil {
		reason, resource = "Index", d.table.IndexARN(d.index.Name)
	}
	if d.write {
		reason += "Write"
	} else {
		reason += "Read"
	}
	raw := jsonscan.AppendQuoted([]byte(`[{"reason":`), reason+string(kind))
	raw = jsonscan.AppendQuoted(append(raw, `,"resource":`...), resource)
	e.Extra = []field{{member, append(raw, "}]"...)}}
	return e
}

// isThrottled reports whether err is a refusal for want of throughput.
func isThrottled(err error) bool {
	api, ok := errors.AsType[*apiError](err)
	if !ok {
		return false
	}
	switch api.Type {
	case "ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded":
		return true
	}
	return false
}
