package engine_test

import (
	"strings"
	"testing"
)

// An item of a statement may have 409,600 bytes, key and names included, and an UPDATE pays for nothing beside the item.
// The figures and both messages are from published captures of the service.
func TestStatementItemSize(t *testing.T) {
	c := statementTables(t)
	const limit = 409600
	text := func(beside string) string { return strings.Repeat("x", limit-len(beside)) }
	_, _ = mustExecute(t, c, "INSERT INTO Simple VALUE {'pk': 'a', 't': ?}", str(text("pka"+"t")))
	_, err := execute(t, c, "INSERT INTO Simple VALUE {'pk': 'b', 't': ?}", str(text("pkb"+"t")+"x"))
	wantError(t, err, "ValidationException", "Item size has exceeded the maximum allowed size")

	_, _ = mustExecute(t, c, "INSERT INTO Simple VALUE {'pk': 'c'}")
	_, err = execute(t, c, "UPDATE Simple SET t = ? WHERE pk = 'c'", str(text("pkc"+"t")+"x"))
	wantError(t, err, "ValidationException", "Item size to update has exceeded the maximum allowed size")
	_, _ = mustExecute(t, c, "UPDATE Simple SET t = ? WHERE pk = 'c'", str(text("pkc"+"t")))
	if _, rows := mustExecute(t, c, "SELECT pk FROM Simple WHERE pk IN ['a', 'b', 'c'] AND size(t) > 400000"); len(rows) != 2 {
		t.Errorf("items of full size: %v", rows)
	}
}

// A statement's conditions may be longer than an expression may: what counts is the statement's own length.
func TestStatementLongerThanAnExpression(t *testing.T) {
	c := statementTables(t)
	list := strings.TrimSuffix(strings.Repeat("'abcdefghij', ", 90), ", ")
	_, rows := mustExecute(t, c, "SELECT pk FROM Simple WHERE n = 1 AND (s IN ["+list+"] OR s IN ["+list+"] OR s IN ["+list+"] OR s IN ['hello'])")
	if len(rows) != 1 || rows[0] != "pk=p1" {
		t.Errorf("found %v, want pk=p1", rows)
	}
}
