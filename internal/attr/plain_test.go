package attr

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPlainReadsTypesAndWritesThemBack(t *testing.T) {
	for _, c := range []struct{ plain, typed, back string }{
		{`{"a":"x"}`, `{"a":{"S":"x"}}`, ``},
		{`{"a": 12.50}`, `{"a":{"N":"12.5"}}`, `{"a":12.5}`},
		{`{"a":12345678901234567890123456789012345678}`, `{"a":{"N":"12345678901234567890123456789012345678"}}`, ``},
		{`{"a":true,"b":null}`, `{"a":{"BOOL":true},"b":{"NULL":true}}`, ``},
		{`{"a":[1,"x",[]]}`, `{"a":{"L":[{"N":"1"},{"S":"x"},{"L":[]}]}}`, ``},
		{`{"a":{"b":1}}`, `{"a":{"M":{"b":{"N":"1"}}}}`, ``},
		{`{"a":{"SS":["x","y"]}}`, `{"a":{"SS":["x","y"]}}`, ``},
		{`{"a":{"NS":[1,"2.0"]}}`, `{"a":{"NS":["1","2"]}}`, `{"a":{"NS":["1","2"]}}`},
		{`{"a":{"B":"aGk="}}`, `{"a":{"B":"aGk="}}`, ``},
		{`{"a":{"N":5}}`, `{"a":{"N":"5"}}`, `{"a":5}`},
		{`{"a":{"S":"x"}}`, `{"a":{"S":"x"}}`, `{"a":"x"}`},
		{`{"a":{"M":{"S":"x"}}}`, `{"a":{"M":{"S":{"S":"x"}}}}`, ``},
		{`{"a":{"S":"x","N":"1"}}`, `{"a":{"M":{"S":{"S":"x"},"N":{"S":"1"}}}}`, ``},
		{`{"S":"x"}`, `{"S":{"S":"x"}}`, ``}, // the item itself is never a typed value
		{`{"a":{"L":[{"N":"1"}]}}`, `{"a":{"L":[{"N":"1"}]}}`, `{"a":[1]}`},
		{`{}`, `{}`, ``},
	} {
		it, err := ParsePlainItem([]byte(c.plain))
		if err != nil {
			t.Errorf("%s: %v", c.plain, err)
			continue
		}
		if got := string(AppendItem(nil, it)); got != c.typed {
			t.Errorf("%s is %s, want %s", c.plain, got, c.typed)
		}
		want := c.back
		if want == "" {
			want = c.plain
		}
		if got := string(AppendPlainItem(nil, it)); got != want {
			t.Errorf("%s written back: %s, want %s", c.plain, got, want)
		}
	}
}

func TestPlainRefusesWithThePlace(t *testing.T) {
	for _, c := range []struct{ plain, want string }{
		{`[1]`, "an item is a JSON object, not an array"},
		{`5`, "an item is a JSON object, not a number"},
		{`{"a":`, "attribute a: "},
		{`{"a":1} x`, "text behind the end"},
		{`{"a":1,"a":2}`, `the name "a" is given twice`},
		{`{"a":{"b":[1,{"S":5}]}}`, "attribute a.b[1]: S takes text, not a number"},
		{`{"a":{"SS":[]}}`, "attribute a: a set may not be empty"},
		{`{"a":{"SS":["x","x"]}}`, "a set holds each member once"},
		{`{"a":{"NS":[1,"1.0"]}}`, "a set holds each member once"},
		{`{"a":{"NULL":false}}`, "NULL takes true"},
		{`{"a":{"B":"%"}}`, "base64"},
		{`{"a":123456789012345678901234567890123456789}`, "38"},
		{`{"a":` + strings.Repeat("[", 33) + strings.Repeat("]", 33) + `}`, "32 levels"},
		{`{"a":'x'}`, "invalid JSON"},
	} {
		_, err := ParsePlainItem([]byte(c.plain))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want it to say %q", c.plain, err, c.want)
		}
	}
}

// plainValues generates every type, maps that look like typed values among them.
func plainValues(depth int) *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		kinds := []Kind{S, N, B, BOOL, NULL, SS, NS, BS}
		if depth > 0 {
			kinds = append(kinds, L, M)
		}
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		number := rapid.Custom(func(t *rapid.T) string {
			n, err := NormalizeNumber(rapid.StringMatching(`-?[1-9][0-9]{0,37}(E-?[1-7][0-9])?`).Draw(t, "number"))
			if err != nil {
				t.Skip("out of range")
			}
			return n
		})
		switch kind {
		case S:
			return String(rapid.String().Draw(t, "text"))
		case N:
			return Value{Kind: N, Str: number.Draw(t, "n")}
		case B:
			return Binary(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		case BOOL:
			return Boolean(rapid.Bool().Draw(t, "bool"))
		case L:
			return Value{Kind: L, List: rapid.SliceOfN(plainValues(depth-1), 0, 3).Draw(t, "list")}
		case M:
			return Value{Kind: M, Map: plainItems(depth-1).Draw(t, "map")}
		case SS, NS, BS:
			text := rapid.StringN(0, 5, 10)
			if kind == NS {
				text = number
			}
			var members []Value
			for _, s := range rapid.SliceOfNDistinct(text, 1, 3, rapid.ID).Draw(t, "set") {
				members = append(members, Value{Kind: kind.Member(), Str: s})
			}
			return Value{Kind: kind, List: members}
		}
		return Value{Kind: NULL}
	})
}

func plainItems(depth int) *rapid.Generator[Item] {
	return rapid.Custom(func(t *rapid.T) Item {
		name := rapid.OneOf(rapid.SampledFrom([]string{"S", "N", "B", "BOOL", "M", "L", "SS", "NULL"}), rapid.StringN(1, 8, 20))
		it := Item{}
		for _, n := range rapid.SliceOfNDistinct(name, 0, 4, rapid.ID).Draw(t, "names") {
			it = append(it, Attribute{n, plainValues(depth).Draw(t, "value")})
		}
		return it
	})
}

func TestPlainIsLossless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := plainItems(3).Draw(t, "item")
		text := AppendPlainItem(nil, want)
		got, err := ParsePlainItem(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(string(AppendItem(nil, want)), string(AppendItem(nil, got))); diff != "" {
			t.Fatalf("%s reads back differently:\n%s", text, diff)
		}
	})
}

func FuzzPlainItem(f *testing.F) {
	for _, seed := range []string{`{"a":{"SS":["x"]}}`, `{"a":{"M":{"S":1}}}`, `{"a":[1e5,{"N":"1"}]}`, `{"a":{"S"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		it, err := ParsePlainItem(src)
		if err != nil {
			return
		}
		again, err := ParsePlainItem(AppendPlainItem(nil, it))
		if err != nil || !again.Equal(it) {
			t.Fatalf("%q: %v, error %v", src, again, err)
		}
	})
}
