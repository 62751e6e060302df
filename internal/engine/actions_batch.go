package engine

// batchActions are the operations on several items, at once or each on its own.
var batchActions = map[string]action{
	"BatchGetItem":       handle(batchGetItem),
	"BatchWriteItem":     handle(batchWriteItem),
	"TransactGetItems":   javaSets(handle(transactGetItems)),
	"TransactWriteItems": javaSets(handle(transactWriteItems)),
}
