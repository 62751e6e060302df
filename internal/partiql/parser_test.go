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
		{"", malformed + "Expected data manipulation"},
		{"SLECT * FROM t", malformed + "Expected data manipulation"},
		{"UPDATE a-b SET x = 1", malformed + "Expected data manipulation"},
		{"UPDATE t WHERE pk = 1", malformed + "Expected data manipulation"},
		{"SELECT * FROM t WHERE", malformed + "Unexpected end of statement"},
		{"SELECT FROM t", malformed + "Unexpected keyword"},
		{"SELECT date FROM t", malformed + "Unexpected keyword"},
		{"SELECT * FROM t WHERE a = 1 extra", malformed + "Unexpected token after expression"},
		{"SELECT * FROM t; SELECT * FROM t", malformed + "Unexpected token after expression"},
		{"SELECT * FROM t WHERE a = 'x", malformed + "the quote opened at 1:27 is not closed"},
		{"UPDATE t SET 'a' = 1 WHERE pk = 1", malformed + "Expected identifier for simple path"},
		{"INSERT INTO t VALUES {'pk': 1}", malformed + "Expected ( after VALUES"},
		{"SELECT a FROM t x", "Aliasing is not supported"},
		{"SELECT a AS b FROM t", "Aliasing is not supported"},
		{"SELECT a AS b FROM t WHERE", malformed + "Unexpected end of statement"},
		{"SELECT COUNT(*) FROM t", "Unexpected path component at 1:8:5"},
		{"SELECT n + 1 FROM t", "Unexpected path component at 1:10:1"},
		{"SELECT DISTINCT a FROM t", "Unsupported token in expression: DISTINCT"},
		{"SELECT VALUE a FROM t", "Select projection doesn't support value or pivot keywords"},
		{"SELECT m.* FROM t", "Changing item's hierarchy while reading isn't supported"},
		{"SELECT a FROM t, u", "Only select from a single table or index is supported."},
		{"SELECT a FROM t-u", "Unexpected from source"},
		{"SELECT a FROM t LIMIT 1", "Unsupported clause: LIMIT at 1:23:1"},
		{"SELECT a FROM t GROUP BY a", "Unsupported clause: GROUP BY"},
		{"SELECT a FROM t WHERE a = `x`", "Ion Literals are not supported: SYMBOL under key root at 1:27:3"},
		{"SELECT a FROM t WHERE CASE WHEN a THEN b END", "Unsupported token in expression: CASE at 1:23:4"},
		{"SELECT a FROM t WHERE l[-1] = 1", "List index is not within the allowable range; index: [-1] at 1:26:1"},
		{"SELECT a FROM t WHERE l[?] = 1", "Unexpected path component at 1:25:1"},
		{"INSERT INTO t.i VALUE {'pk': 1}", "FROM clause may only contain a single table name in data manipulation statements"},
		{"INSERT INTO t VALUE {'pk': 1} RETURNING ALL OLD *", "RETURNING is not supported in INSERT"},
		{"INSERT INTO t << {'pk': 1} >>", "Unsupported operation: InsertOp"},
		{"UPDATE t.i SET a = 1 WHERE pk = 1", "This operation is not supported on an index"},
		{"UPDATE t SET a = 1 WHERE pk = 1 RETURNING ALL NEW a", "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause"},
		{"DELETE FROM t WHERE pk = 1 RETURNING ALL NEW *", "Invalid returning clause: RETURNING ALL NEW *. Only RETURNING ALL OLD * is allowed in DELETE statements."},
		{"CREATE TABLE t", "Unsupported operation: CreateTable"},
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
		"((((", "SELECT*FROM A WHERE 0 IN 0%0", "SELECT `ion` FROM t -- end", "UPDATE", "SELECT * FROM t WHERE x LIKE 'a' || 'b'", "/*", "'",
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
