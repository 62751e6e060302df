package attr

import (
	"strings"
	"testing"
)

var orderKey = []KeyPart{{"customer", S}, {"n", N}}

func TestKeysAreTypedByTheSchema(t *testing.T) {
	for text, want := range map[string]string{
		`customer=c#1,n=-5.0`:                  `{"customer":{"S":"c#1"},"n":{"N":"-5"}}`,
		`customer=a,b,n=5`:                     `{"customer":{"S":"a,b"},"n":{"N":"5"}}`,
		`customer="a,b=\"c",n=5`:               `{"customer":{"S":"a,b=\"c"},"n":{"N":"5"}}`,
		`n="5",customer=x/y,z/w=5`:             `{"n":{"N":"5"},"customer":{"S":"x/y,z/w=5"}}`,
		` {"customer":"c","n":5}`:              `{"customer":{"S":"c"},"n":{"N":"5"}}`,
		`{"customer":{"S":"c"},"n":{"N":"5"}}`: `{"customer":{"S":"c"},"n":{"N":"5"}}`,
	} {
		key, err := ParseKey(text, orderKey)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := string(AppendItem(nil, key)); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{
		`customer=c`:                   `the key lacks "n"; it has 2 parts: customer (text), n (number)`,
		`customer=c,n=x`:               `the key attribute "n" is a number, not "x"`,
		`{"customer":"c","n":"5"}`:     `the key attribute "n" is of type N in this table, not S`,
		`{"customer":"c","n":5,"z":1}`: `"z" is not part of the key`,
		`customer=,n=5`:                `may not be empty`,
		`c#1`:                          `expected name=value, found "c#1"`,
		`customer=c,n=1,n=2`:           `given twice`,
		`{"customer":"c","n":5`:        `invalid JSON`,
		`color=red,customer=c,n=1`:     `"color" is not part of the key`,
		`n=1,customer=c,z=1`:           `"z" is not part of the key; it has 2 parts: customer (text), n (number); a value that holds ",z=" is written in double quotes`,
		`n=1,customer="c`:              `a double quote is not closed`,
	} {
		if _, err := ParseKey(text, orderKey); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", text, err, want)
		}
	}
	if _, err := ParseKeyArgs([]string{"c#1"}, orderKey); err == nil || err.Error() != "the key has 2 parts: customer (text), n (number); given 1 value" {
		t.Errorf("one position for two parts: %v", err)
	}
	if v, err := ParseKeyText("aGk=", KeyPart{"b", B}); err != nil || v.Str != "hi" {
		t.Errorf("a binary key: %v, %v", v, err)
	}
}

func TestSortConditions(t *testing.T) {
	text, number := KeyPart{"sk", S}, KeyPart{"sk", N}
	for _, c := range []struct {
		in   string
		part KeyPart
		want string // as an expression, then the values
	}{
		{"2026-01-01", text, `#sk = :v1 {":v1":"2026-01-01"}`},
		{"2026-01*", text, `begins_with(#sk, :v1) {":v1":"2026-01"}`},
		{"2026-01..2026-02", text, `#sk BETWEEN :v1 AND :v2 {":v1":"2026-01",":v2":"2026-02"}`},
		{"-5..5", number, `#sk BETWEEN :v1 AND :v2 {":v1":-5,":v2":5}`},
		{">=10", number, `#sk >= :v1 {":v1":10}`},
		{"> 1.5", number, `#sk > :v1 {":v1":1.5}`},
		{"10..", number, `#sk >= :v1 {":v1":10}`},
		{"..10", number, `#sk <= :v1 {":v1":10}`},
		{`"a b"`, text, `#sk = :v1 {":v1":"a b"}`},
		{`'a*'*`, text, `begins_with(#sk, :v1) {":v1":"a*"}`},
		{`"a..b".."c d"`, text, `#sk BETWEEN :v1 AND :v2 {":v1":"a..b",":v2":"c d"}`},
		{`=">=x"`, text, `#sk = :v1 {":v1":">=x"}`},
	} {
		cond, err := ParseSortCondition(c.in, c.part)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		p := new(Placeholders)
		got := cond.Expression(p, "sk") + " " + string(AppendPlainItem(nil, p.Values))
		if got != c.want {
			t.Errorf("%s is %s, want %s", c.in, got, c.want)
		}
	}
	for in, want := range map[string]string{"": "needs a value", "a b": "unquoted", `a"b`: "unquoted", "a*b": "unexpected text", ">": "needs a value", `"a`: "closing quote", "a..b c": "unquoted", "<>a": "no <>", "!=a": "no !=", "==a": "no =="} {
		if _, err := ParseSortCondition(in, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", in, err, want)
		}
	}
	if _, err := ParseSortCondition("5*", number); err == nil || !strings.Contains(err.Error(), "no beginning") {
		t.Errorf("a number's beginning: %v", err)
	}
}
