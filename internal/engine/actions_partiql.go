package engine

// partiqlActions are the operations that take PartiQL statements.
var partiqlActions = map[string]action{
	"BatchExecuteStatement": handle(batchExecuteStatement),
	"ExecuteStatement":      handle(executeStatement),
	"ExecuteTransaction":    handle(executeTransaction),
}
