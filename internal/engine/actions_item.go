package engine

// itemActions are the operations on single items.
var itemActions = map[string]action{
	"DeleteItem": handle(deleteItem),
	"GetItem":    handle(getItem),
	"PutItem":    handle(putItem),
	"Query":      handleInto(query),
	"Scan":       javaSets(handleInto(scan)),
	"UpdateItem": handle(updateItem),
}
