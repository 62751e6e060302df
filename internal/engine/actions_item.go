package engine

// itemActions are the operations on single items.
var itemActions = map[string]action{
	"DeleteItem": handle(deleteItem),
	"GetItem":    handle(getItem),
	"PutItem":    handle(putItem),
	"Query":      handle(query),
	"Scan":       handle(scan),
	"UpdateItem": handle(updateItem),
}
