package expression

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/attr"
)

func message(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Message
	}
	if err != nil {
		return "not an *Error: " + err.Error()
	}
	return ""
}

func TestNamesAndValues(t *testing.T) {
	one := attr.Item{{Name: ":v", Value: attr.String("x")}}
	for _, c := range []struct {
		names  map[string]string
		values attr.Item
		want   string
	}{
		{nil, one, ""},
		{map[string]string{}, one, "ExpressionAttributeNames must not be empty"},
		{nil, attr.Item{}, "ExpressionAttributeValues must not be empty"},
		{map[string]string{"u": "a"}, one, `ExpressionAttributeNames contains invalid key: Syntax error; key: "u"`},
		{map[string]string{"": "a"}, one, `ExpressionAttributeNames contains invalid key: Syntax error; key: ""`},
		{map[string]string{"#": "a"}, one, `ExpressionAttributeNames contains invalid key: Syntax error; key: "#"`},
		{map[string]string{"#u-x": "a"}, one, `ExpressionAttributeNames contains invalid key: Syntax error; key: "#u-x"`},
		{map[string]string{"#u": ""}, one, "ExpressionAttributeNames contains invalid value: Empty attribute name for key #u"},
		{map[string]string{"#u": strings.Repeat("x", attr.MaxNameSize+1)}, one, "Attribute name is too large, must be less than 65536 bytes"},
		{map[string]string{"#" + strings.Repeat("a", 300): "x"}, one, "ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is too long; size of key: 301"},
		{nil, attr.Item{{Name: "v", Value: attr.String("x")}}, `ExpressionAttributeValues contains invalid key: Syntax error; key: "v"`},
		{nil, attr.Item{{Name: ":", Value: attr.String("x")}}, `ExpressionAttributeValues contains invalid key: Syntax error; key: ":"`},
		{nil, attr.Item{{Name: ":v", Value: attr.String(strings.Repeat("x", maxValuesSize))}}, "ExpressionAttributeValues exceeds max size"},
		{nil, append(attr.Item{{Name: ":u", Value: attr.Null()}}, one...), "Value provided in ExpressionAttributeValues unused in expressions: keys: {:u}"},
		{map[string]string{"#v": "b", "#u": "a"}, one, "Value provided in ExpressionAttributeNames unused in expressions: keys: {#u, #v}"},
	} {
		ctx := NewContext(c.names, c.values)
		_, err := ctx.Condition(Filter, "a = :v")
		if err == nil {
			err = ctx.Finish()
		}
		if got := message(err); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestNamesAndValuesWithoutExpressions(t *testing.T) {
	if got := message(NewContext(map[string]string{"#a": "b"}, nil).Finish()); got != "ExpressionAttributeNames can only be specified when using expressions" {
		t.Error(got)
	}
	values := attr.Item{{Name: ":v", Value: attr.String("x")}}
	if got := message(NewContext(nil, values).Finish(ConditionParameter)); got != "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null" {
		t.Error(got)
	}
	if got := message(NewContext(nil, values).Finish(Filter, KeyConditions)); got != "ExpressionAttributeValues can only be specified when using expressions: FilterExpression and KeyConditionExpression are null" {
		t.Error(got)
	}
	if err := NewContext(nil, nil).Finish(); err != nil {
		t.Error(err)
	}
}

func TestLimits(t *testing.T) {
	const many = "Invalid ConditionExpression: The expression contains too many operators; operator count: 301"
	for _, c := range []struct{ text, want string }{
		{"", "Invalid ConditionExpression: The expression can not be empty;"},
		{"   ", `Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "   "`},
		{"a = ", `Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "= "`},
		{"a = :s)  ", `Invalid ConditionExpression: Syntax error; token: ")", near: ":s)  "`},
		{"  a   b   c", `Invalid ConditionExpression: Syntax error; token: "b", near: "a   b   c"`},
		{"a = b" + strings.Repeat(" ", maxTextSize-5), ""},
		{"a = b" + strings.Repeat(" ", maxTextSize-4), "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size;"},
		{"a = b" + strings.Repeat(" AND a = b", 149), ""},
		{"a = b" + strings.Repeat(" AND a = b", 150), many},
		{strings.Repeat("NOT ", 299) + "a = b", ""},
		{strings.Repeat("NOT ", 300) + "a = b", many},
		{strings.Repeat("(", 2000) + "a = b" + strings.Repeat(")", 2000), "Invalid ConditionExpression: The expression has redundant parentheses;"},
		{strings.Repeat("(", 4000), `Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "("`},
		{"a" + strings.Repeat(".a", 31) + " = b", ""},
		{"a" + strings.Repeat("[0]", 32) + " = b", "Invalid ConditionExpression: The document path has too many nesting levels; nesting levels: 33"},
		{"a IN (" + strings.Repeat("b,", 99) + "b)", ""},
		{"a IN (" + strings.Repeat("b,", 100) + "b)", "Invalid ConditionExpression: The IN operator is provided with too many operands; number of operands: 101"},
	} {
		_, err := NewContext(nil, nil).Condition(ConditionParameter, c.text)
		if got := message(err); got != c.want {
			t.Errorf("%.30s…: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestReservedWords(t *testing.T) {
	if n := len(reserved()); n != 573 {
		t.Errorf("%d words, the Developer Guide lists 573", n)
	}
	for _, name := range []string{"NAME", "name", "Status", "localtimestamp", "as"} {
		if !isReserved(name) {
			t.Errorf("%s is not reserved", name)
		}
	}
	for _, name := range []string{"", "a", "pk", "namesake", "localtimestamps", "é"} {
		if isReserved(name) {
			t.Errorf("%s is reserved", name)
		}
	}
}

// Values may be many: one for each element of IN.
func TestManyValues(t *testing.T) {
	var values attr.Item
	var refs []string
	for i := range maxInOperands {
		ref := fmt.Sprintf(":v%d", i)
		refs = append(refs, ref)
		values = append(values, attr.Attribute{Name: ref, Value: attr.String(ref)})
	}
	c := NewContext(nil, values)
	cond, err := c.Condition(Filter, "a IN ("+strings.Join(refs, ", ")+")")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Finish(); err != nil {
		t.Fatal(err)
	}
	if ok, _ := cond.Match(attr.Item{{Name: "a", Value: attr.String(":v99")}}); !ok {
		t.Error("the last value does not match")
	}
}

func TestConditionTellsItsAttributes(t *testing.T) {
	c := NewContext(map[string]string{"#x": "x.y"}, nil)
	cond, err := c.Condition(Filter, "a.b = #x AND size(l[0]) > a AND attribute_exists(z)")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "x.y", "l", "z"}, cond.Attributes()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"a", "l"}, cond.Nested()); diff != "" {
		t.Error(diff)
	}
}

// A cache that is full is emptied, and goes on to answer.
func TestCacheIsBounded(t *testing.T) {
	for i := range 3 * cacheSize {
		text := fmt.Sprintf("a%d = b", i)
		c, err := conditions.get(text, parseCondition)
		if err != nil || c.String() != text {
			t.Fatalf("%s: %v, %v", text, c, err)
		}
	}
	if n := len(conditions.nodes); n > cacheSize {
		t.Errorf("%d texts kept", n)
	}
}

func TestConditionalOperator(t *testing.T) {
	x, y := attr.String("x"), attr.String("y")
	two := []LegacyCondition{{Name: "a", Value: &x}, {Name: "b", Value: &y}}
	one := attr.Item{{Name: "a", Value: attr.String("x")}}
	for operator, want := range map[string]bool{"": false, "AND": false, "OR": true} {
		c, err := LegacyExpected(two, operator)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := c.Match(one); got != want {
			t.Errorf("%q: %v", operator, got)
		}
	}
}
