package partiql

import (
	"errors"
	"testing"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// FuzzPlan plans whatever can be read: every statement is planned or refused with a message, and none is a panic. What names an item by its key
// names it whole.
func FuzzPlan(f *testing.F) {
	for _, seed := range []string{
		"SELECT * FROM t WHERE pk IN ['a', ?] AND sk BETWEEN 1 AND ? OR pk = 'b' ORDER BY sk DESC, pk",
		"SELECT a.b[0], l[1].c FROM t WHERE NOT (n = 1 OR size(s) > 2) AND contains(s, 'x') AND zz IS MISSING",
		"SELECT * FROM t WHERE pk = 'a' OR (pk = 'b' AND sk = 1) OR pk IN ['c']",
		"INSERT INTO t VALUE {'pk': 'a', 'sk': 1, 'm': {'x': [1, {'y': <<'a'>>}]}}",
		"UPDATE t SET a = (b + 1) - (c - ?), l = list_append(list_append(l, [1]), [2]) REMOVE d.e[0] SET s = set_add(s, <<1>>) WHERE pk = 'a' AND 1 = sk AND a < 3",
		"UPDATE t SET a = if_not_exists(a, 0) - -1 WHERE sk = 1 AND pk = ? AND pk = 'x'",
		"DELETE FROM t WHERE pk = 'a' AND sk = 1 AND (t = TRUE OR 'a' IS STRING)",
		"EXISTS(SELECT * FROM t WHERE pk = 'a' AND sk = 1 AND n IN <<1, 2>>)",
		"SELECT a FROM t WHERE sk <> 'x' AND begins_with(pk, 'a') AND attribute_type('l', 'L')",
	} {
		f.Add(seed)
	}
	key := Schema{Hash: []expression.KeyAttr{{Name: "pk", Kind: attr.S}}, Range: []expression.KeyAttr{{Name: "sk", Kind: attr.N}}}
	f.Fuzz(func(t *testing.T, statement string) {
		s, err := partiql.Parse(statement)
		if err != nil || len(statement) > partiql.MaxLength {
			return
		}
		params := make([]attr.Value, s.Parameters())
		for i := range params {
			params[i] = attr.Value{Kind: attr.N, Str: "1"}
		}
		prepared, err := Prepare(s, params)
		var found attr.Item
		if err == nil {
			switch s := s.(type) {
			case *partiql.Select:
				var sel *Select
				if sel, err = PlanSelect(s, prepared, params, key); err == nil {
					found = sel.Key
				}
			case *partiql.Update:
				found, err = writeKey(s.Where, params, key)
			case *partiql.Delete:
				found, err = writeKey(s.Where, params, key)
			}
		}
		refused, isRefusal := errors.AsType[*expression.Error](err)
		_, isValue := errors.AsType[*attr.Error](err)
		if err != nil && !isRefusal && !isValue || isRefusal && refused.Message == "" {
			t.Fatalf("%q: an error of type %T: %v", statement, err, err)
		}
		if found != nil && (len(found) != 2 || found[0].Value.Kind != attr.S || found[1].Value.Kind != attr.N) {
			t.Fatalf("%q names an item by %v", statement, found)
		}
	})
}

func writeKey(where partiql.Expr, params []attr.Value, key Schema) (attr.Item, error) {
	w, err := PlanWrite(where, params, key)
	if err != nil {
		return nil, err
	}
	return w.Key, nil
}
