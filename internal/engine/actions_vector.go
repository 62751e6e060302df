package engine

// vectorActions are the operations on vector indexes.
var vectorActions = map[string]action{
	"SearchVectors": handleInto(searchVectors),
}
