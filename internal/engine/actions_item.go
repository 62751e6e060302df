package engine

// itemActions are the operations on single items.
var itemActions = map[string]action{
	"GetItem": handle(getItem),
	"PutItem": handle(putItem),
}
