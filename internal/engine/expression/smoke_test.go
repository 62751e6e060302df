package expression

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/attr"
)

func item(t *testing.T, src string) attr.Item {
	t.Helper()
	it, err := attr.ParseItem([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

func TestConditionOnItemAndWire(t *testing.T) {
	src := `{"pk":{"S":"a"},"n":{"N":"5"},"m":{"M":{"x":{"L":[{"S":"q"}]}}}}`
	c := NewContext(map[string]string{"#n": "n"}, item(t, `{":five":{"N":"5.0"},":q":{"S":"q"}}`))
	cond, err := c.Condition(Filter, "#n = :five AND m.x[0] = :q AND attribute_not_exists(zz)")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Finish(); err != nil {
		t.Fatal(err)
	}
	if ok, err := cond.Match(item(t, src)); err != nil || !ok {
		t.Errorf("item: %v, %v", ok, err)
	}
	if ok, err := cond.MatchWire([]byte(src)); err != nil || !ok {
		t.Errorf("wire: %v, %v", ok, err)
	}
	if ok, _ := cond.Match(nil); ok {
		t.Error("an item that does not exist matches")
	}
}

func TestUpdateReadsTheOldItem(t *testing.T) {
	c := NewContext(nil, item(t, `{":v":{"N":"1"}}`))
	u, err := c.Update("SET a = b, b = a + :v REMOVE l[0] ADD m.n :v")
	if err != nil {
		t.Fatal(err)
	}
	old := item(t, `{"a":{"N":"1"},"b":{"N":"2"},"l":{"L":[{"S":"x"},{"S":"y"}]},"m":{"M":{}}}`)
	before := old.Clone()
	got, err := u.Apply(old)
	if err != nil {
		t.Fatal(err)
	}
	want := item(t, `{"a":{"N":"2"},"b":{"N":"2"},"l":{"L":[{"S":"y"}]},"m":{"M":{"n":{"N":"1"}}}}`)
	if !got.Equal(want) {
		t.Errorf("got %s", attr.AppendItem(nil, got))
	}
	if !old.Equal(before) {
		t.Errorf("the old item changed: %s", attr.AppendItem(nil, old))
	}
}
