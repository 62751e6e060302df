package engine

// tableActions are the operations on tables.
var tableActions = map[string]action{
	"CreateTable":   handle(createTable),
	"DeleteTable":   handle(deleteTable),
	"DescribeTable": handle(describeTable),
	"ListTables":    handle(listTables),
	"UpdateTable":   handle(updateTable),
}
