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

func TestWhatAStatementTouches(t *testing.T) {
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
func TestEqualityTellsQueryFromScan(t *testing.T) {
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
