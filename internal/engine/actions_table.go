package engine

// tableActions are the operations on tables.
var tableActions = map[string]action{
	"CreateTable":   handle(createTable),
	"DescribeTable": handle(describeTable),
	"ListTables":    handle(listTables),
}
