package partiql

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParsePrintsBack(t *testing.T) {
	cases := []struct{ statement, printed string }{
		{"SELECT * FROM Music", `SELECT * FROM "Music"`},
		{"select a, b.c[0].d from t;", `SELECT "a", "b"."c"[0]."d" FROM "t"`},
		{`SELECT m['x y'] FROM "t"."i" WHERE pk = ?`, `SELECT "m"."x y" FROM "t"."i" WHERE "pk" = ?`},
		{"SELECT * FROM t WHERE a = 1 OR b = 2 AND NOT c <> -3.50", `SELECT * FROM "t" WHERE ("a" = 1) OR (("b" = 2) AND (NOT ("c" <> -3.5)))`},
		{"SELECT * FROM t WHERE a != 'it''s'", `SELECT * FROM "t" WHERE "a" <> 'it''s'`},
		{"SELECT * FROM t WHERE a BETWEEN 1 AND 2 AND b NOT IN (1, ?)", `SELECT * FROM "t" WHERE ("a" BETWEEN 1 AND 2) AND ("b" NOT IN [1, ?])`},
		{"SELECT * FROM t WHERE a IS NOT MISSING AND size(b) > 2", `SELECT * FROM "t" WHERE ("a" IS NOT MISSING) AND (size("b") > 2)`},
		{"SELECT * FROM t WHERE pk = 'a' ORDER BY sk DESC, x ASC", `SELECT * FROM "t" WHERE "pk" = 'a' ORDER BY "sk" DESC, "x"`},
		{"INSERT INTO t VALUE {'pk': 'a', 'l': [1, NULL, TRUE], 's': <<'x'>>}", `INSERT INTO "t" VALUE {'pk': 'a', 'l': [1, NULL, TRUE], 's': <<'x'>>}`},
		{
			"UPDATE t SET a = a + 1, b = ? REMOVE c.d SET l = list_append(l, [1]) WHERE pk = 1 RETURNING MODIFIED NEW *",
			`UPDATE "t" SET "a" = "a" + 1 SET "b" = ? REMOVE "c"."d" SET "l" = "list_append"("l", [1]) WHERE "pk" = 1 RETURNING MODIFIED NEW *`,
		},
		{"FROM t WHERE pk = 1 SET a = 2", `UPDATE "t" SET "a" = 2 WHERE "pk" = 1`},
		{"DELETE FROM t WHERE pk = 'x' RETURNING ALL OLD *", `DELETE FROM "t" WHERE "pk" = 'x' RETURNING ALL OLD *`},
		{"EXISTS(SELECT * FROM t WHERE pk = 1 AND a = ?)", `EXISTS(SELECT * FROM "t" WHERE ("pk" = 1) AND ("a" = ?))`},
		{"SELECT year -- a comment\n FROM /* another */ t", `SELECT "year" FROM "t"`},
		{"SELECT m[a], m[\"b\"].c FROM t", `SELECT "m"."a", "m"."b"."c" FROM "t"`},
		{"SELECT a FROM t WHERE NOT a = 1 AND x = NOT b <> 2", `SELECT "a" FROM "t" WHERE (NOT ("a" = 1)) AND ("x" = (NOT ("b" <> 2)))`},
		{"SELECT a FROM t WHERE a = b < c", `SELECT "a" FROM "t" WHERE "a" = ("b" < "c")`},
		{"SELECT a FROM t WHERE a IS NOT CHARACTER VARYING", `SELECT "a" FROM "t" WHERE "a" IS NOT CHARACTER VARYING`},
		{"SELECT a FROM t WHERE x = 1 - 2 - 3", `SELECT "a" FROM "t" WHERE "x" = ((1 - 2) - 3)`},
	}
	for _, c := range cases {
		s, err := Parse(c.statement)
		if err != nil {
			t.Errorf("%s: %v", c.statement, err)
			continue
		}
		if diff := cmp.Diff(c.printed, s.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.statement, diff)
		}
		again, err := Parse(s.String())
		if err != nil {
			t.Errorf("%s: the printed form does not parse: %v", c.statement, err)
		} else if again.String() != s.String() || again.Parameters() != s.Parameters() {
			t.Errorf("%s: printed again as %s", s, again)
		}
	}
}

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

func TestInspection(t *testing.T) {
	cases := []struct {
		statement string
		table     string
		read      bool
		params    int
	}{
		{`SELECT * FROM "my.table"."i" WHERE a = ? AND b IN (?, ?)`, "my.table", true, 3},
		{`INSERT INTO t VALUE {'pk': ?}`, "t", false, 1},
		{`UPDATE "arn:aws:dynamodb:us-east-1:000000000000:table/t" SET a = ? WHERE pk = ?`, "arn:aws:dynamodb:us-east-1:000000000000:table/t", false, 2},
		{`DELETE FROM t WHERE pk = 'a?b'`, "t", false, 0},
		{`EXISTS(SELECT * FROM t WHERE pk = ?)`, "t", true, 1},
	}
	for _, c := range cases {
		s, err := Parse(c.statement)
		if err != nil {
			t.Fatalf("%s: %v", c.statement, err)
		}
		if diff := cmp.Diff([]string{c.table}, Tables(s)); diff != "" {
			t.Errorf("%s: tables (-want +got):\n%s", c.statement, diff)
		}
		if IsRead(s) != c.read || s.Parameters() != c.params {
			t.Errorf("%s: read %v with %d parameters, want %v with %d", c.statement, IsRead(s), s.Parameters(), c.read, c.params)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"SELECT * FROM t WHERE a = 1 OR NOT b IN [1, 'x', ?] AND c BETWEEN -1 AND +2e3",
		`SELECT "a""b".c[3]['d'] FROM "t"."i" WHERE begins_with(x, 'y') ORDER BY sk DESC`,
		"INSERT INTO t VALUE {'a': <<1, 2>>, 'b': {'c': [NULL, MISSING, FALSE]}}",
		"UPDATE t SET a = - - b - -1, c = set_add(c, <<'x'>>) REMOVE d[0] WHERE pk = ? RETURNING ALL OLD *",
		"DELETE FROM t WHERE pk = 'it''s' AND x IS NOT NULL", "EXISTS(SELECT a FROM t WHERE size(a) <> .5);",
		"((((", "SELECT*FROM A WHERE 0 IN 0%0", "SELECT l[*], m.*, x[a] FROM t JOIN u ON a = b GROUP BY c LIMIT 1", "INSERT INTO t VALUES (1, 2), (3)",
		"SELECT a FROM t WHERE a = NOT NOT b IS DOUBLE PRECISION AND CAST(a AS INT)", "FROM t WHERE a = 1 SET b = @c RETURNING ALL NEW a.b, MODIFIED OLD *", "EXISTS(1) = `2020T`", "SELECT `ion` FROM t -- end", "UPDATE", "SELECT * FROM t WHERE x LIKE 'a' || 'b'", "/*", "'",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, statement string) {
		s, err := Parse(statement)
		if err != nil {
			if !errors.As(err, new(*Error)) || err.Error() == "" {
				t.Fatalf("%q: an error of type %T: %v", statement, err, err)
			}
			return
		}
		printed := s.String()
		again, err := Parse(printed)
		if err != nil {
			t.Fatalf("%q was printed as %q, which does not parse: %v", statement, printed, err)
		}
		if again.String() != printed || again.Parameters() != s.Parameters() {
			t.Fatalf("%q was printed as %q and then as %q", statement, printed, again)
		}
	})
}

// What a condition compares for equality decides between a query and a scan.
func TestCompared(t *testing.T) {
	for where, want := range map[string]map[string]int{
		"pk = 1":                                {"pk": 1},
		"? = pk":                                {"pk": 1},
		"pk = 1 AND sk > 2":                     {"pk": 1},
		"pk = 1 AND sk = 'x' AND size(a) = 3":   {"pk": 1, "sk": 1},
		"pk IN [1, 2, 3] AND pk = 1":            {"pk": 1},
		"pk IN (1, ?)":                          {"pk": 2},
		"pk = 1 OR pk = 2":                      {"pk": 2},
		"(pk = 1 AND a = 2) OR (pk = 2)":        {"pk": 2},
		"pk = 1 OR a = 2":                       {},
		"pk NOT IN (1)":                         {},
		"NOT pk = 1":                            {},
		"pk = other":                            {},
		"pk[0] = 1":                             {},
		"pk > 1":                                {},
		"pk BETWEEN 1 AND 2":                    {},
		"begins_with(pk, 'a')":                  {},
		"a = 1 AND (b = 2 OR b = 3) AND c <> 4": {"a": 1, "b": 2},
	} {
		s, err := Parse("SELECT * FROM t WHERE " + where)
		if err != nil {
			t.Errorf("%s: %v", where, err)
			continue
		}
		sel, ok := s.(*Select)
		if diff := cmp.Diff(want, Compared(sel.Where)); !ok || diff != "" {
			t.Errorf("%s: %s", where, diff)
		}
	}
	if got := Compared(nil); len(got) != 0 {
		t.Errorf("no condition: %v", got)
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
