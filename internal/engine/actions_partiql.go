package engine

// partiqlActions are the operations that take PartiQL statements.
var partiqlActions = map[string]action{
	"BatchExecuteStatement": javaSets(handle(batchExecuteStatement)),
	"ExecuteStatement":      javaSets(handle(executeStatement)),
	"ExecuteTransaction":    javaSets(handle(executeTransaction)),
}
