package dynamo

import "strings"

// retryable are the service's exceptions after which the same call may succeed (developer guide, Error handling with
// DynamoDB). The SDK has already repeated those it repeats by itself.
var retryable = map[string]bool{
	"InternalServerError":                    true,
	"LimitExceededException":                 true,
	"ProvisionedThroughputExceededException": true,
	"ReplicatedWriteConflictException":       true,
	"RequestLimitExceeded":                   true,
	"ServiceUnavailable":                     true,
	"ServiceUnavailableException":            true,
	"ThrottlingException":                    true,
	"TransactionConflictException":           true,
	"TransactionInProgressException":         true,
	"TableInUseException":                    true,
	"ResourceInUseException":                 true,
}

// expired are the answers to credentials that were good once.
var expired = map[string]bool{
	"ExpiredToken":                true,
	"ExpiredTokenException":       true,
	"InvalidClientTokenId":        true,
	"UnrecognizedClientException": true,
}

// hints say what to do about the service's exceptions, where the message alone does not.
var hints = map[string]string{
	"AccessDeniedException":                    "the identity lacks the permission; see who is calling with: ddb whoami",
	"AccessDenied":                             "the identity lacks the permission; see who is calling with: ddb whoami",
	"BackupNotFoundException":                  "see the backups with list_backups (ddb backup list)",
	"ConditionalCheckFailedException":          "the item was not as the condition asks; nothing was written",
	"ExportNotFoundException":                  "see the exports with list_exports (ddb s3-export list)",
	"IdempotentParameterMismatchException":     "the client token was used with other parameters in the last minutes; take a new one",
	"ImportNotFoundException":                  "see the imports with list_imports (ddb s3-import list)",
	"IncompleteSignature":                      "the credentials are malformed",
	"InvalidSignatureException":                "the secret key does not fit the access key, or this machine's clock is wrong",
	"ItemCollectionSizeLimitExceededException": "a partition key of a table with local secondary indexes holds at most 10 GB",
	"LimitExceededException":                   "too many control plane operations at once, or a quota is reached; wait, then try again",
	"LocalStoreDamaged":                        "the files of the local store are not as they were written: restore the data folder from a copy, or empty it with: ddb local reset",
	"PointInTimeRecoveryUnavailableException":  "turn point-in-time recovery on first (update_continuous_backups, ddb pitr enable)",
	"PolicyNotFoundException":                  "the resource has no policy, or another revision of it",
	"ProvisionedThroughputExceededException":   "the table or index is at its capacity, or one key is hot; slow down or raise the capacity",
	"RequestLimitExceeded":                     "the account's limit is reached; slow down",
	"ResourceInUseException":                   "the table or index is being changed, or exists already; wait until it is ACTIVE",
	"TableAlreadyExistsException":              "a restore or import makes a new table; choose another name",
	"TableInUseException":                      "the table is being changed; wait until it is ACTIVE",
	"ThrottlingException":                      "slow down, or raise the table's or index's maximum throughput",
	"TransactionConflictException":             "another transaction is working on the item; try again",
	"UnknownOperationException":                "what answers at this endpoint does not know the operation",
}

// requestHint says what to write instead of what a ValidationException refuses, where that is one thing; "" elsewhere.
func requestHint(message string) string {
	if _, word, ok := strings.Cut(message, "reserved keyword: "); ok {
		return "write #" + word + " in its place, and what that stands for in expression_attribute_names: {\"#" + word + "\":\"" + word + "\"}"
	}
	switch {
	case strings.Contains(message, "Expression: Syntax error; token: \"'\""), strings.Contains(message, "Expression: Syntax error; token: \"\"\""):
		return `values do not stand in an expression: write :v in their place, and what that stands for in expression_attribute_values: {":v":{"S":"text"}}`
	case strings.Contains(message, "must both be specified when BillingMode is PROVISIONED"):
		return "billing_mode PAY_PER_REQUEST takes no capacity"
	case message == "The provided key element does not match the schema":
		return "a key has the attributes of the table's key schema and no others, each of its type"
	}
	return ""
}
