package engine

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// There is one account, and what an ARN of another names is not here. The service answers in three ways (DDB-TABLE-011, 071, 212 and 272,
// DDB-BACKUP-012, DDB-EXPORT-002).

// foreign reports whether an account is not the engine's, nor one that Options.Accounts counts as such.
func (c *call) foreign(account string) bool {
	return account != catalog.Account && !slices.Contains(c.e.opts.Accounts, account) && !slices.Contains(c.e.opts.Accounts, "*")
}

// openAction is what a caller of another account would need to be allowed, of the operations that a resource policy can allow to one (developer guide,
// "DynamoDB API operations supported by resource-based policies"). A transaction needs an action for each of its members.
var openAction = map[string]string{
	"BatchGetItem": "BatchGetItem", "BatchWriteItem": "BatchWriteItem", "DeleteItem": "DeleteItem", "GetItem": "GetItem", "PutItem": "PutItem",
	"Query": "Query", "Scan": "Scan", "SearchVectors": "SearchVectors", "UpdateItem": "UpdateItem",
	"TransactGetItems": "GetItem", "TransactWriteItems": "PutItem",
	"DescribeTable": "DescribeTable", "UpdateTable": "UpdateTable", "DeleteTable": "DeleteTable",
	"DescribeStream": "DescribeStream", "GetShardIterator": "GetShardIterator", "ListStreams": "ListStreams",
}

// errForeign refuses an ARN of another account. Where its policy could allow the operation it does not; the other operations are the owner's alone.
func (c *call) errForeign(arn string) *apiError {
	action := openAction[c.action]
	if action == "" {
		return validation("This action is only supported by accounts that match the resource owner’s account.")
	}
	action = "dynamodb:" + action
	return &apiError{
		Type: "AccessDeniedException",
		Message: "User: arn:" + catalog.Partition(c.region) + ":iam::" + catalog.Account + ":root is not authorized to perform: " + action +
			" on resource: " + arn + " because no resource-based policy allows the " + action + " action",
	}
}

// errDenied refuses what belongs to another account where nothing is said of the reason: tags, backups, exports, imports and bulk operations.
func errDenied() error { return &apiError{Type: "AccessDeniedException", Message: "Access is denied"} }
