package attr

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseItem(t *testing.T) {
	src := `{"pk":{"S":"a\u0041"},"n":{"N":"+0012.500"},"b":{"B":"AQI="},"t":{"BOOL":true},"z":{"NULL":true},
		"l":{"L":[{"N":"1e2"},{"L":[]}]},"m":{"M":{"x":{"SS":["a","b"]}}},"ns":{"NS":["1","2.0"]},"bs":{"BS":["AA=="]}}`
	want := Item{
		{"pk", String("aA")},
		{"n", Value{Kind: N, Str: "12.5"}},
		{"b", Binary([]byte{1, 2})},
		{"t", Boolean(true)},
		{"z", Null()},
		{"l", List(Value{Kind: N, Str: "100"}, List([]Value{}...))},
		{"m", Map(Item{{"x", Value{Kind: SS, List: []Value{String("a"), String("b")}}}})},
		{"ns", Value{Kind: NS, List: []Value{{Kind: N, Str: "1"}, {Kind: N, Str: "2"}}}},
		{"bs", Value{Kind: BS, List: []Value{Binary([]byte{0})}}},
	}
	got, err := ParseItem([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	want[5].Value.List[1].List = []Value{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wire := `{"pk":{"S":"aA"},"n":{"N":"12.5"},"b":{"B":"AQI="},"t":{"BOOL":true},"z":{"NULL":true},"l":{"L":[{"N":"100"},{"L":[]}]},` +
		`"m":{"M":{"x":{"SS":["a","b"]}}},"ns":{"NS":["1","2"]},"bs":{"BS":["AA=="]}}`
	if diff := cmp.Diff(wire, string(AppendItem(nil, got))); diff != "" {
		t.Error(diff)
	}
	out, size, err := CanonicalItem(nil, []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wire, string(out)); diff != "" {
		t.Error(diff)
	}
	if size != ItemSize(got) {
		t.Errorf("size %d, want %d", size, ItemSize(got))
	}
}

func TestRepeatedNamesKeepTheLast(t *testing.T) {
	src := []byte(`{"a":{"S":"1"},"b":{"S":"2"},"a":{"S":"3"}}`)
	want := `{"a":{"S":"3"},"b":{"S":"2"}}`
	it, err := ParseItem(src)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(AppendItem(nil, it)); got != want {
		t.Errorf("parsed %s", got)
	}
	if got, _, err := CanonicalItem(nil, src); err != nil || string(got) != want {
		t.Errorf("canonical %s, %v", got, err)
	}
}

func TestRefusedValues(t *testing.T) {
	for _, c := range []struct {
		src, want     string
		serialization bool
	}{
		{`{"a":{}}`, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes", false},
		{`{"a":null}`, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes", false},
		{`{"a":{"S":null}}`, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes", false},
		{`{"a":{"S":"x","N":"1"}}`, "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes", false},
		{`{"a":{"NULL":false}}`, "One or more parameter values were invalid: Null attribute value types must have the value of true", false},
		{`{"a":{"N":""}}`, "The parameter cannot be converted to a numeric value", false},
		{`{"a":{"N":"x1"}}`, "The parameter cannot be converted to a numeric value: x1", false},
		{`{"a":{"N":"1e126"}}`, "Number overflow. Attempting to store a number with magnitude larger than supported range", false},
		{`{"a":{"N":"-1e-131"}}`, "Number underflow. Attempting to store a number with magnitude smaller than supported range", false},
		{`{"a":{"N":"1` + strings.Repeat("0", 37) + `1"}}`, "Attempting to store more than 38 significant digits in a Number", false},
		{`{"a":{"SS":[]}}`, "One or more parameter values were invalid: An string set  may not be empty", false},
		{`{"a":{"NS":[]}}`, "One or more parameter values were invalid: An number set  may not be empty", false},
		{`{"a":{"SS":["a","a"]}}`, "One or more parameter values were invalid: Input collection [a, a] contains duplicates.", false},
		{`{"a":{"NS":["1","1.0"]}}`, "Input collection contains duplicates", false},
		{`{"":{"S":"x"}}`, "Empty attribute name", false},
		{`{"a":{"L":[{"M":{"":{"S":"x"}}}]}}`, "Empty attribute name", false},
		{`{"` + strings.Repeat("x", 65536) + `":{"S":"x"}}`, "Attribute name is too large, must be less than 65536 bytes", false},
		{`{"a":{"SS":["x",null]}}`, "One or more parameter values were invalid: An string set may not have a null string as a member", false},
		{`{"a":{"NS":[null]}}`, "The parameter cannot be converted to a numeric value", false},
		{`{"a":{"BS":["AQ==","AQ=="]}}`, "One or more parameter values were invalid: Input collection [AQ==, AQ==]of type BS contains duplicates.", false},
		{`{"a":{"S":"x","N":"x"}}`, "The parameter cannot be converted to a numeric value: x", false}, // the number before the second type
		{`{"a":{"S":1}}`, "NUMBER_VALUE cannot be converted to String", true},
		{`{"a":{"N":1.5}}`, "DECIMAL_VALUE cannot be converted to String", true},
		{`{"a":{"S":true}}`, "TRUE_VALUE cannot be converted to String", true},
		{`{"a":{"S":{}}}`, "Start of structure or map found where not expected", true},
		{`{"a":"x"}`, "Unexpected value type in payload", true},
		{`{"a":{},"b":{"S":1}}`, "NUMBER_VALUE cannot be converted to String", true}, // shape before value
	} {
		_, err := ParseItem([]byte(c.src))
		var e *Error
		if !errors.As(err, &e) || e.Message != c.want || e.Serialization != c.serialization {
			t.Errorf("%s: %v", c.src, err)
		}
		_, _, err = CanonicalItem(nil, []byte(c.src))
		if !errors.As(err, &e) || e.Message != c.want || e.Serialization != c.serialization {
			t.Errorf("canonical %s: %v", c.src, err)
		}
	}
}

func TestNesting(t *testing.T) {
	deep := func(n int) []byte {
		return []byte(`{"a":` + strings.Repeat(`{"L":[`, n) + `{"S":"x"}` + strings.Repeat(`]}`, n) + `}`)
	}
	for _, c := range []struct {
		most int
		read func([]byte) error
	}{
		{MaxNesting, func(b []byte) error { _, err := ParseItem(b); return err }},
		{MaxNesting - 1, func(b []byte) error { _, _, err := CanonicalItem(nil, b); return err }},
	} {
		if err := c.read(deep(c.most)); err != nil {
			t.Errorf("%d lists: %v", c.most, err)
		}
		if err := c.read(deep(c.most + 1)); err == nil || !strings.HasPrefix(err.Error(), "Nesting Levels have exceeded supported limits: ") {
			t.Errorf("%d lists: %v", c.most+1, err)
		}
	}
}

func TestLookupFindsTopLevelAttributesInWireForm(t *testing.T) {
	wire := []byte(`{"a\"b":{"S":"x}\\"},"m":{"M":{"pk":{"S":"no"}}},"pk":{"S":"yes"}}`)
	for name, want := range map[string]string{`a"b`: `{"S":"x}\\"}`, "pk": `{"S":"yes"}`, "m": `{"M":{"pk":{"S":"no"}}}`} {
		if got, ok := Lookup(wire, name); !ok || string(got) != want {
			t.Errorf("%s: %s, %v", name, got, ok)
		}
	}
	if got, ok := Lookup(wire, "none"); ok {
		t.Errorf("none: %s", got)
	}
	for _, bad := range []string{``, `{`, `{"`, `{"a"`, `{"a":`, `{"a":{`, `{"a":{"S":"`, `[]`} {
		if got, ok := Lookup([]byte(bad), "a"); ok {
			t.Errorf("%s: %s", bad, got)
		}
	}
}
