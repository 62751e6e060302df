package yamljson_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/yamljson"
)

func TestYAMLBecomesJSON(t *testing.T) {
	for yaml, want := range map[string]string{
		"a: 1\nb: [x, \"1\", 2.50]\n":                        `{"a":1,"b":["x","1",2.50]}`,
		"n: 12345678901234567890123456789012345678":          `{"n":12345678901234567890123456789012345678}`,
		"n: -0.12345678901234567890123456789012345678":       `{"n":-0.12345678901234567890123456789012345678}`,
		"big: 1E+125\nsmall: 1e-130":                         `{"big":1E+125,"small":1e-130}`,
		"hex: 0x1F\nplus: +5":                                `{"hex":31,"plus":5}`,
		"a: ~\nb: null\nc:\nd: true\ne: \"true\"":            `{"a":null,"b":null,"c":null,"d":true,"e":"true"}`,
		"1: one\ntrue: yes":                                  `{"1":"one","true":"yes"}`,
		"a: &x {k: v}\nb: *x":                                `{"a":{"k":"v"},"b":{"k":"v"}}`,
		"text: |\n  two\n  lines\nfold: >-\n  one\n  line\n": `{"text":"two\nlines\n","fold":"one line"}`,
		"{a: [], b: {}}":                                     `{"a":[],"b":{}}`,
		"- - 1\n  - 2\n- x: y\n  z: \"q\\u00e9\\n\"":         `[[1,2],{"x":"y","z":"qé\n"}]`,
		"---\na: 1\n":                                        `{"a":1}`,
		"n: !!str 5":                                         `{"n":"5"}`,
		"":                                                   `null`,
	} {
		got, err := yamljson.Convert([]byte(yaml))
		if err != nil || string(got) != want {
			t.Errorf("%q\n got %s, %v\nwant %s", yaml, got, err, want)
		}
	}
}

func TestWhatJSONCannotSayIsRefused(t *testing.T) {
	for yaml, line := range map[string]int{
		"a: 1\nb: [1,\n":                   2,
		"a: 1\na: 2":                       2,
		"a: 1\n---\nb: 2":                  3,
		"x: 1\nb: *nowhere":                2,
		"x: 1\nb: !!binary aGk=":           2,
		"x: 1\n<<: {a: 1}":                 2,
		"x: .inf":                          1,
		strings.Repeat("[", 500) + "1":     1,
		strings.Repeat("- ", 500) + "1":    1,
		"a: &a [1]\nb: {\"c\": *a, d: *c}": 2,
	} {
		got, err := yamljson.Convert([]byte(yaml))
		known, ok := errors.AsType[*yamljson.Error](err)
		if !ok || known.Line != line {
			t.Errorf("%.30q: got %s, %v; want an error on line %d", yaml, got, err, line)
		}
	}
}

// A small text whose aliases would make it huge is refused before it is.
func TestAliasesAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		p, n := string(rune('a'+i-1)), string(rune('a'+i))
		if i == 1 {
			p = "a0"
		}
		b.WriteString(n + ": &" + n + " [*" + p + ", *" + p + ", *" + p + ", *" + p + ", *" + p + ", *" + p + ", *" + p + ", *" + p + "]\n")
	}
	if got, err := yamljson.Convert([]byte(b.String())); err == nil {
		t.Errorf("%d bytes made of %d", len(got), b.Len())
	}
}

func FuzzConvert(f *testing.F) {
	for _, seed := range []string{"a: 1", "- x\n- y: [1, {a: b}]", "a: &x 1\nb: *x", "? a\n: b", "|\n x", "!!str 1", "{", "\"\\x", "a: -"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, src []byte) { _, _ = yamljson.Convert(src) })
}
