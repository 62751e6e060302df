package expression

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/attr"
)

func TestKeyCondition(t *testing.T) {
	str, num := attr.String, func(s string) attr.Value { return attr.Value{Kind: attr.N, Str: s} }
	hash := []KeyAttr{{Name: "h1", Kind: attr.S}, {Name: "h2", Kind: attr.S}}
	sort := []KeyAttr{{Name: "r1", Kind: attr.N}, {Name: "r2", Kind: attr.S}}
	values := attr.Item{{Name: ":s", Value: str("x")}, {Name: ":n", Value: num("1")}, {Name: ":m", Value: num("2")}, {Name: ":e", Value: str("")}, {Name: ":b", Value: attr.Binary(nil)}}
	const equal = " must have equality conditions specified in the query"
	const onR2 = "RANGE key attributes r1" + equal + " because a condition is present on key attribute r2"
	for _, c := range []struct {
		text       string
		hash, sort []KeyAttr
		want       KeyCondition
		err        string
	}{
		{"h1 = :s", hash[:1], nil, KeyCondition{Hash: []attr.Value{str("x")}}, ""},
		{":n < r1 AND h1 = :s", hash[:1], sort[:1], KeyCondition{Hash: []attr.Value{str("x")}, Op: Gt, A: num("1")}, ""},
		{"h1 = :s AND r1 = :n", hash[:1], sort[:1], KeyCondition{Hash: []attr.Value{str("x")}, SortEq: []attr.Value{num("1")}}, ""},
		{"h1 = :s AND r1 BETWEEN :n AND :m", hash[:1], sort[:1], KeyCondition{Hash: []attr.Value{str("x")}, Op: BetweenOp, A: num("1"), B: num("2")}, ""},
		{
			"h1 = :s AND h2 = :s AND r1 = :n AND begins_with(r2, :s)", hash, sort,
			KeyCondition{Hash: []attr.Value{str("x"), str("x")}, SortEq: []attr.Value{num("1")}, Op: BeginsWith, A: str("x")},
			"",
		},
		{"h1 = :s AND h2 = :s", hash, sort, KeyCondition{Hash: []attr.Value{str("x"), str("x")}}, ""},
		{"h1 = :s AND r1 = :n", hash, sort, KeyCondition{}, "HASH key attributes h2" + equal},
		{"h1 = :s AND h2 = :s AND r2 = :s", hash, sort, KeyCondition{}, onR2},
		{"h1 = :s AND h2 = :s AND r1 > :n AND r2 = :s", hash, sort, KeyCondition{}, onR2},
		{"h1 = :s AND h2 > :s", hash, sort, KeyCondition{}, "HASH key attributes h2" + equal},
		{"q = :s", hash, sort, KeyCondition{}, "HASH key attributes h1, h2" + equal},
		{"h1 = :s AND h2 = :s AND q = :s", hash, sort, KeyCondition{}, "Query condition missed key schema element: r1"},
		{"h1 > :s", hash[:1], sort[:1], KeyCondition{}, "Query key condition not supported"},
		{"h1 = :s AND q = :s", hash[:1], nil, KeyCondition{}, "The number of query conditions (2) exceeds the number of key attributes defined in the schema (1)"},
		{"h1 = :n", hash[:1], nil, KeyCondition{}, "One or more parameter values were invalid: Condition parameter type does not match schema type"},
		{"h1 = :e", hash[:1], nil, KeyCondition{}, "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: h1"},
		{"h1 = :b", []KeyAttr{{Name: "h1", Kind: attr.B}}, nil, KeyCondition{}, "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty binary value. Key: h1"},
	} {
		cond, err := NewContext(nil, values).Condition(KeyConditions, c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		got, err := cond.KeyCondition(c.hash, c.sort)
		if message(err) != c.err {
			t.Errorf("%s: %q, want %q", c.text, message(err), c.err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.text, diff)
		}
	}
}

func TestChangedWireHoldsWhatTheUpdateTouches(t *testing.T) {
	values := attr.Item{{Name: ":v", Value: attr.String("new")}}
	for _, c := range []struct{ text, old, new string }{
		{"SET s = :v", `{"s":{"S":"héllo😀"}}`, `{"s":{"S":"new"}}`},
		{"SET m.b.c = :v", `{"m":{"M":{"b":{"M":{"c":{"S":"d"}}}}}}`, `{"m":{"M":{"b":{"M":{"c":{"S":"new"}}}}}}`},
		{"SET m.q = :v", "", `{"m":{"M":{"q":{"S":"new"}}}}`},
		{"SET l[1] = :v", `{"l":{"L":[{"S":"x"}]}}`, `{"l":{"L":[{"S":"new"}]}}`},
		{"SET fresh = :v REMOVE n", `{"n":{"N":"5"}}`, `{"fresh":{"S":"new"}}`},
		{"REMOVE n", `{"n":{"N":"5"}}`, ""},
		{"REMOVE nope", "", ""},
	} {
		u, err := NewContext(nil, values).Update(c.text)
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		old := item(t, dataItem)
		updated, err := u.Apply(old)
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		for _, part := range []struct {
			of   attr.Item
			want string
		}{{old, c.old}, {updated, c.new}} {
			got, err := u.ChangedWire(attr.AppendItem(nil, part.of))
			if err != nil || string(got) != part.want {
				t.Errorf("%s: %s, %v; want %s", c.text, got, err, part.want)
			}
		}
	}
}

func TestUpdateOfNothing(t *testing.T) {
	c := NewContext(nil, attr.Item{{Name: ":v", Value: attr.Value{Kind: attr.N, Str: "1"}}})
	u, err := c.Update("SET a = :v, b = if_not_exists(b, :v) ADD n :v REMOVE c")
	if err != nil {
		t.Fatal(err)
	}
	got, err := u.Apply(nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := item(t, `{"a":{"N":"1"},"b":{"N":"1"},"n":{"N":"1"}}`); !got.Equal(want) {
		t.Errorf("got %s", attr.AppendItem(nil, got))
	}
	if want := 3 + (19 + 1 + 2) + (19 + 1 + 39 + 1 + 14 + 1 + 2) + (19 + 1 + 2) + (1 + 1); u.Cost() != want {
		t.Errorf("cost %d, want %d", u.Cost(), want)
	}
	if diff := cmp.Diff([]string{"a", "b", "n", "c"}, u.Attributes()); diff != "" {
		t.Error(diff)
	}
}
