package partiql

import (
	"errors"
	"testing"
)

func TestParseRefusals(t *testing.T) {
	const malformed = "Statement wasn't well formed, can't be processed: "
	cases := []struct{ statement, message string }{
		// Text that cannot be cut into words.
		{"SELECT * FROM t WHERE a = 'x", malformed},
		{`SELECT * FROM "t`, malformed},
		{"SELECT * FROM t WHERE a = `x", malformed},
		{"SELECT * FROM t WHERE a = #", malformed},
		{"SELECT * FROM t WHERE a = 1e", malformed},
		{"SELECT * FROM t /* x", malformed},
		{"SELECT FROM 'x", malformed},
		// Words in the wrong place.
		{"", malformed + "Unexpected term"},
		{";", malformed + "Unexpected term"},
		{"SLECT * FROM t", malformed + "Expected data manipulation"},
		{"SELECT FROM t", malformed + "Expected data manipulation"},
		{"FROM t WHERE a = 1", malformed + "Expected data manipulation"},
		{"UPDATE a-b SET x = 1", malformed + "Expected data manipulation"},
		{"UPDATE t WHERE pk = 1", malformed + "Expected data manipulation"},
		{"NOT A STATEMENT", malformed + "Unexpected token after expression"},
		{"SELECT", malformed + "Unexpected term"},
		{"SELECT *", malformed + "Expected FROM after SELECT list"},
		{"SELECT a b", malformed + "Expected FROM after SELECT list"},
		{"SELECT * FROM", malformed + "Unexpected term"},
		{"SELECT , FROM t", malformed + "Unexpected term"},
		{"SELECT date FROM t", malformed + "Unexpected keyword"},
		{"SELECT *, a FROM t", malformed + "Other expressions may not be present in the select list when '*' is used without dot notation."},
		{"SELECT l[*] FROM t", malformed + "Invalid use of * in select list"},
		{"SELECT a.*.b FROM t", malformed + "Invalid use of * in select list"},
		{"SELECT l[0].* FROM t", malformed + "Cannot use [] and * together in SELECT list expression"},
		{"SELECT a AS 1 FROM t", malformed + "Expected identifier for AS-alias"},
		{"SELECT a AS b FROM t WHERE", malformed + "Unexpected term"},
		{"SELECT * FROM t JOIN u", malformed + "Expected 'ON'"},
		{"SELECT * FROM t WHERE", malformed + "Unexpected term"},
		{"SELECT * FROM t WHERE a =", malformed + "Missing right-hand side expression of infix operator"},
		{"SELECT * FROM t WHERE a = 1 AND", malformed + "Missing right-hand side expression of infix operator"},
		{"SELECT * FROM t WHERE a == 1", malformed + "Unexpected operator"},
		{"SELECT * FROM t WHERE a = :v", malformed + "Unexpected term"},
		{"SELECT * FROM t WHERE a = 1 extra", malformed + "Unexpected token after expression"},
		{"SELECT * FROM t WHERE a = 1)", malformed + "Unexpected token after expression"},
		{"SELECT * FROM t WHERE (a = 1", malformed + "Expected RIGHT_PAREN"},
		{"SELECT * FROM t WHERE a IN ()", malformed + "Unexpected term"},
		{"SELECT * FROM t WHERE a IN (1", malformed + "Expected RIGHT_PAREN"},
		{"SELECT * FROM t WHERE a = [1", malformed + "Expected RIGHT_BRACKET"},
		{"SELECT * FROM t WHERE a = {'b': 1", malformed + "Expected RIGHT_CURLY"},
		{"SELECT * FROM t WHERE a = {'b' 1}", malformed + "Expected COLON"},
		{"SELECT * FROM t WHERE a = <<1", malformed + "Expected RIGHT_DOUBLE_ANGLE_BRACKET"},
		{"SELECT * FROM t WHERE a BETWEEN 1", malformed + "Expected AND keyword"},
		{"SELECT * FROM t WHERE a BETWEEN 1 AND", malformed + "Expected expression after AND"},
		{"SELECT * FROM t WHERE a IS", malformed + "Expected type name"},
		{"SELECT * FROM t WHERE a IS NOT FOO", malformed + "Expected type name"},
		{"SELECT * FROM t WHERE a NOT 1", malformed + "Unexpected token after expression"},
		{"SELECT * FROM t WHERE m. = 1", malformed + "Invalid path dot component"},
		{"SELECT * FROM t WHERE begins_with(*)", malformed + "begins_with(*) is not allowed"},
		{"SELECT * FROM t WHERE max(a, b) = 1", malformed + "Aggregate functions are always unary"},
		{"SELECT * FROM t WHERE @1", malformed + "Identifier must follow @-operator"},
		{"SELECT * FROM t ORDER a", malformed + "Expected BY"},
		{"SELECT * FROM t; SELECT * FROM t", malformed + "Unexpected token after semicolon. (Only one query is allowed.)"},
		{"INSERT t VALUE {}", malformed + "Unexpected keyword"},
		{"INSERT INTO t (key) VALUES (?)", malformed + "Unexpected keyword"},
		{"INSERT INTO t VALUES {'pk': 1}", malformed + "Expected LEFT_PAREN for row value constructor"},
		{"INSERT INTO t VALUE {} IF NOT EXISTS", malformed + "Unexpected token after expression"},
		{"UPDATE t SET 'a' = 1 WHERE pk = 1", malformed + "Expected identifier for simple path"},
		{"UPDATE t SET a WHERE pk = 1", malformed + "Expected '='"},
		{"UPDATE t SET m.* = 1 WHERE pk = 1", malformed + "Invalid path dot component for simple path"},
		{"UPDATE t SET l[?] = 1 WHERE pk = 1", malformed + "Invalid path component for simple path"},
		{"UPDATE t SET a = 1 WHERE pk = 1 RETURNING NEW *", malformed + "Expected ( MODIFIED | ALL ) ( NEW | OLD ) in each returning element."},
		{"DELETE t WHERE pk = 1", malformed + "Expected FROM after DELETE"},
		{"EXISTS t", malformed + "Unexpected keyword"},
		{"EXISTS(SELECT * FROM t", malformed + "Expected RIGHT_PAREN"},
		{"CREATE t", malformed + "Unexpected token following CREATE"},
		// What can be read and is not done.
		{"a", "Unsupported operation: VariableReference"},
		{"a.b", "Unsupported operation: Path"},
		{"1", "Unsupported operation: Literal"},
		{"a = 1", "EXISTS can only be used in ExecuteTransaction write requests."},
		{"SET a = 1", "Only select from a single table or index is supported."},
		{"SELECT a FROM t x", "Aliasing is not supported"},
		{"SELECT a AS b FROM t", "Aliasing is not supported"},
		{"SELECT a, n + 1 FROM t x", "Aliasing is not supported"},
		{"UPDATE t x SET a = 1 WHERE pk = 1", "Aliasing is not supported"},
		{"SELECT COUNT(*) FROM t", "Unexpected path component at 1:8:5"},
		{"SELECT n + 1 FROM t", "Unexpected path component at 1:10:1"},
		{"SELECT size(s).x FROM t", "Unexpected path component at 1:8:4"},
		{"SELECT DISTINCT n + 1 FROM t", "Unsupported token in expression: DISTINCT"},
		{"SELECT VALUE a FROM t", "Select projection doesn't support value or pivot keywords"},
		{"SELECT m.* FROM t", "Changing item's hierarchy while reading isn't supported"},
		{"SELECT a FROM t, u", "Only select from a single table or index is supported."},
		{"SELECT a FROM t INNER JOIN u ON a = b", "Only select from a single table or index is supported."},
		{"SELECT a FROM t-u", "Unexpected from source"},
		{"SELECT a FROM t.i.j", "A path may contain at most 2 components in the FROM clause"},
		{`SELECT a FROM t.""`, "Path component cannot be an empty string"},
		{"SELECT a FROM t[0]", "Invalid list expression in source."},
		{"SELECT n + 1 FROM t, u LIMIT 1", "Unsupported clause: LIMIT at 1:30:1"},
		{"SELECT a FROM t GROUP BY a", "Unsupported clause: GROUP BY"},
		{"SELECT a FROM t HAVING n", "Unsupported clause: HAVING at 1:24:1"},
		{"SELECT a FROM t WHERE a = `x`", "Ion Literals are not supported: SYMBOL under key root at 1:27:3"},
		{"SELECT a FROM t WHERE a = `2020T`", "Ion Literals are not supported: TIMESTAMP under key root at 1:27:7"},
		{"SELECT a FROM t WHERE CASE WHEN a THEN b END", "Unsupported token in expression: CASE at 1:23:4"},
		{"SELECT a FROM t WHERE CAST(a AS INT)", "Unsupported token in expression: cast at 1:27:1"},
		{"SELECT a FROM t WHERE l[-1] = 1", "List index is not within the allowable range; index: [-1] at 1:26:1"},
		{"SELECT a FROM t WHERE l[99999999999] = 1", "List index is not within the allowable range; index: [99999999999] at 1:25:11"},
		{"SELECT a FROM t WHERE l[1.0] = 1", "Unexpected path component at 1:25:3"},
		{"SELECT a FROM t WHERE l[?] = 1", "Unexpected path component at 1:25:1"},
		{"SELECT a FROM t WHERE l[*] = 1", "Wildcard path component like a[*].b are not supported at 1:25:1"},
		{"SELECT a FROM t WHERE m.* = 1", "Unpivot path component like a.*.b are not supported at 1:25:1"},
		{"SELECT a FROM t WHERE n = 123456789012345678901234567890123456789", "DynamoDB only supports precision up to 38 digits"},
		{"INSERT INTO t.i VALUE {'pk': 1}", "FROM clause may only contain a single table name in data manipulation statements at 1:13:1"},
		{`INSERT INTO "t"."i" VALUE {'pk': 1}`, "FROM clause may only contain a single table name in data manipulation statements at 1:13:3"},
		{"INSERT INTO t VALUE {'pk': 1} RETURNING ALL OLD *", "RETURNING is not supported in INSERT"},
		{"INSERT INTO t VALUE {'pk': 1} AT 1", "AT is not supported in insert statements. at 1:1:6"},
		{"INSERT INTO t VALUE {'pk': 1} ON CONFLICT WHERE a = 1 DO NOTHING", "Unsupported clause: ON CONFLICT"},
		{"INSERT INTO t << {'pk': 1} >>", "Unsupported operation: InsertOp"},
		{"INSERT INTO t VALUES ('a', 1)", "Unsupported operation: InsertOp"},
		{"UPDATE t.i SET a = 1 WHERE pk = 1", "This operation is not supported on an index"},
		{"UPDATE t SET a = 1 WHERE pk = 1 RETURNING ALL NEW a", "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause"},
		{"UPDATE t SET a = 1 WHERE pk = 1 RETURNING ALL NEW *, ALL OLD *", "Invalid syntax with multiple returning elements in RETURNING clause"},
		{"CREATE TABLE t", "Unsupported operation: CreateTable"},
		{"DROP INDEX i ON t", "Unsupported operation: DropIndex"},
		{"EXEC f", "Unsupported operation: Exec"},
	}
	for _, c := range cases {
		_, err := Parse(c.statement)
		if refused, ok := errors.AsType[*Error](err); !ok {
			t.Errorf("%s: error %v, want %q", c.statement, err, c.message)
		} else if refused.Message != c.message {
			t.Errorf("%s:\n got %s\nwant %s", c.statement, refused.Message, c.message)
		}
	}
}

// What cannot be read has a place.
func TestSyntaxErrorsHaveAPlace(t *testing.T) {
	for statement, want := range map[string]Pos{
		"SELECT * FORM t":                    {Line: 1, Col: 10, Len: 4},
		"SELECT * FROM t WHERE a = ":         {Line: 1, Col: 25, Len: 1},
		"SELECT *\nFROM t\nWHERE a == 1":     {Line: 3, Col: 10, Len: 1},
		"SELECT * FROM t WHERE a = 'x":       {Line: 1, Col: 27},
		"DELETE t":                           {Line: 1, Col: 8, Len: 1},
		"SELECT * FROM t; SELECT":            {Line: 1, Col: 18, Len: 6},
		"SELECT * FROM t /* open":            {Line: 1, Col: 17},
		"SELECT * FROM t WHERE user = 'é' x": {Line: 1, Col: 23, Len: 4},
	} {
		_, err := Parse(statement)
		e, ok := errors.AsType[*Error](err)
		if !ok || !e.Syntax || e.At != want {
			t.Errorf("%q: %v, want a syntax error at %v", statement, err, want)
		}
	}
}
