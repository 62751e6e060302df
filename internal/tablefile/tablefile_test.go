package tablefile

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestRoundTrip reads back every table that is written, and finds it the same.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawTable(t)
		text := Write(want)
		got, notes, err := Read("t.yaml", text)
		if err != nil || len(notes) > 0 || len(got) != 1 {
			t.Fatalf("%v %v\n%s", err, notes, text)
		}
		if want.Billing == "" && want.Capacity != nil {
			want.Billing = Provisioned
		}
		got[0].Line = 0
		if diff := cmp.Diff(want, got[0]); diff != "" {
			t.Fatalf("%s\n%s", diff, text)
		}
	})
}

// TestPlanOfSame finds nothing to do where a table is as it should be.
func TestPlanOfSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawTable(t)
		if d := Diff(x, x); len(d) > 0 {
			t.Fatalf("a table differs from itself: %v", d)
		}
		p, err := MakePlan(x, x)
		if err != nil || len(p.Steps) > 0 {
			t.Fatalf("a table that is as it should be gets %v, %v", p, err)
		}
	})
}

// TestMistakesNameFileLineAndRemedy names the file, the line and the attribute, and what to do.
func TestMistakesNameFileLineAndRemedy(t *testing.T) {
	for text, want := range map[string]string{
		"table: T\nkeys: id:S\nstraem: new\n":                                       "t.yaml:3: straem: is not known here | did you mean \"stream\"?",
		"table: T\nkeys: id\n":                                                      "t.yaml:2: keys: the type of the attribute \"id\" is missing | write id:S for text, id:N for a number or id:B for binary",
		"table: T\nkeys: a:S,b:S,c:S\n":                                             "t.yaml:2: keys: \"a:S,b:S,c:S\" has more than a partition key and a sort key | " + keysForm,
		"table: T\nkeys: id:S\nindexes:\n  - keys: x:S\n":                           "t.yaml:4: indexes[0]: name is missing | an index has a name and keys",
		"table: T\nkeys: id:S\nindexes: [{name: X, keys: \"id:N\"}]\n":              "t.yaml:3: indexes[0].keys: the attribute \"id\" is given the types S and N | an attribute has one type in all keys",
		"table: T\nkeys: id:S\npitr: 90 days\n":                                     "t.yaml:3: pitr: expected on, off or 1 to 35 days, found \"90 days\" | write it as: 35 days",
		"table: T\nkeys: id:S\nstream: newandold\n":                                 "t.yaml:3: stream: is \"newandold\", which is not known | did you mean \"new-and-old\"?",
		"table: T\nkeys: id:S\nbilling: on-demand\ncapacity: {read: 1, write: 1}\n": "t.yaml:4: capacity: a table that is on demand has no provisioned capacity | write billing: provisioned, or leave capacity out",
		"table: T\ntable: U\n":                                                      "",
		"table: [\n":                                                                "",
		"tabel: T\nkeys: id:S\n":                                                    "t.yaml:1: is no table: table: NAME is missing | did you mean \"table\"?",
		"- a\n":                                                                     "t.yaml:1: expected a map, found a list | a table file begins with table: NAME; ddb table describe TABLE -o yaml writes one",
		"":                                                                          "t.yaml: holds no table | ddb table describe TABLE -o yaml writes one",
		"table: T\nkeys: id:S\n---\ntable: T\nkeys: id:S\n":                         "t.yaml:4: the table \"T\" is there twice | ",
		"table: T\nkeys: id:S\ncapacity: {read: many, write: 1}\n":                  "t.yaml:3: capacity.read: expected a whole number from 1, found \"many\" | ",
		"table: T\nkeys: id:S\nlocal-indexes: [{name: X, keys: \"other:S, x:S\"}]\n": "t.yaml:3: local-indexes[0]: the local index \"X\" needs the table's partition key and a sort key of its own | write keys: total:N; the partition key is the table's",
		"table: T\nkeys: !x id:S\n": "t.yaml:2: keys: the tag !x is not read here | write the value",
	} {
		_, _, err := Read("t.yaml", []byte(text))
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := e.Error() + " | " + e.Hint; want != "" && got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
	}
}

// FuzzRead looks for files that end a read otherwise than with tables or an *Error.
func FuzzRead(f *testing.F) {
	template, _ := CloudFormation([]*Table{{Name: "T", Keys: []Key{{Name: "id", Type: "S"}}}})
	for _, seed := range []string{whole, string(template), `{"Table":{"TableName":"T","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}}`, `{"resource":{"aws_dynamodb_table":[{"t":{"name":"T"}}]}}`, "a: &a [*a]\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		tables, _, err := Read("f", text)
		if _, known := errors.AsType[*Error](err); err != nil && !known {
			t.Fatalf("%T %v", err, err)
		}
		for _, x := range tables {
			if _, _, err := Read("g", Write(x)); err != nil {
				t.Fatalf("%v\n%s", err, Write(x))
			}
		}
	})
}
