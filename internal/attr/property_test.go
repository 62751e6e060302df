package attr

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func genKeyValue(kind Kind) *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		switch kind {
		case N:
			x, err := ParseNumber(genNumber().Draw(t, "number"))
			if err != nil {
				t.Fatal(err)
			}
			return Num(x)
		case B:
			return Binary(rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 2, 'a', 0xFE, 0xFF}), 0, 6).Draw(t, "bytes"))
		default:
			return String(rapid.StringOfN(rapid.RuneFrom([]rune("\x00\x01ab\u00ff\U0001F600\"\\\n")), 0, 6, -1).Draw(t, "text"))
		}
	})
}

// Encoded keys sort as their values do, end themselves, and decode to what they were.
func TestKeyEncodingKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]Kind{S, N, B}).Draw(t, "kind")
		a, b := genKeyValue(kind).Draw(t, "a"), genKeyValue(kind).Draw(t, "b")
		ka, kb := AppendKey(nil, a), AppendKey(nil, b)
		if got, want := bytes.Compare(ka, kb), Compare(a, b); got != want {
			t.Fatalf("%q and %q encode as % x and % x, order %d, want %d", a.Str, b.Str, ka, kb, got, want)
		}
		// What stands behind the end of a key must not matter.
		if want := Compare(a, b); want != 0 {
			tail := rapid.SliceOfN(rapid.Byte(), 0, 3).Draw(t, "tail")
			if got := bytes.Compare(append(ka, tail...), append(kb, 0xFF)); got != want {
				t.Fatalf("%q and %q with something behind: order %d, want %d", a.Str, b.Str, got, want)
			}
		}
		v, rest, err := DecodeKey(append(AppendKey(nil, a), kb...))
		if err != nil || !v.Equal(a) || v.Kind != a.Kind || !bytes.Equal(rest, kb) {
			t.Fatalf("%q decodes as %q, %v", a.Str, v.Str, err)
		}
	})
}

func genValue(depth int) *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		kinds := []Kind{S, N, B, BOOL, NULL, SS, NS, BS}
		if depth > 0 {
			kinds = append(kinds, L, M)
		}
		switch kind := rapid.SampledFrom(kinds).Draw(t, "kind"); kind {
		case S, N, B:
			return genKeyValue(kind).Draw(t, "scalar")
		case BOOL:
			return Boolean(rapid.Bool().Draw(t, "bool"))
		case NULL:
			return Null()
		case L:
			return List(rapid.SliceOfN(genValue(depth-1), 0, 4).Draw(t, "list")...)
		case M:
			return Map(genItem(depth-1).Draw(t, "map"))
		default:
			members := rapid.SliceOfNDistinct(genKeyValue(kind.Member()), 1, 20, func(v Value) string { return v.Str }).Draw(t, "members")
			return Value{Kind: kind, List: members}
		}
	})
}

func genItem(depth int) *rapid.Generator[Item] {
	return rapid.Custom(func(t *rapid.T) Item {
		names := rapid.SliceOfNDistinct(rapid.StringN(1, 4, -1), 0, 40, rapid.ID).Draw(t, "names")
		it := Item{}
		for _, name := range names {
			it = append(it, Attribute{name, genValue(depth).Draw(t, "value")})
		}
		return it
	})
}

// An item, its wire form and its canonical form are the same item; sizes agree; every attribute is found in the wire form.
func TestWireForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := genItem(2).Draw(t, "item")
		wire := AppendItem(nil, it)
		if !json.Valid(wire) {
			t.Fatalf("no JSON: %s", wire)
		}
		back, err := ParseItem(wire)
		if err != nil {
			t.Fatalf("%s: %v", wire, err)
		}
		if diff := cmp.Diff(it, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
		if !it.Equal(back) || !it.Clone().Equal(it) {
			t.Fatalf("%s is not equal to itself", wire)
		}
		var loose bytes.Buffer
		if err := json.Indent(&loose, wire, " ", "\t"); err != nil {
			t.Fatal(err)
		}
		canonical, size, err := CanonicalItem(nil, loose.Bytes())
		if err != nil || !bytes.Equal(canonical, wire) || size != ItemSize(it) {
			t.Fatalf("canonical %s of %d bytes, %v; want %s of %d", canonical, size, err, wire, ItemSize(it))
		}
		for _, a := range it {
			if raw, ok := Lookup(wire, a.Name); !ok || !bytes.Equal(raw, AppendValue(nil, a.Value)) {
				t.Fatalf("%q in %s: %s", a.Name, wire, raw)
			}
		}
	})
}

// Whatever the bytes, tree and canonical form agree: both refuse with the same words, or hold the same item.
func FuzzParseItem(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":{"S":"x"}}`, `{"a":{"N":"-1.50e3"},"b":{"B":"AQI="}}`, `{"l":{"L":[{"NULL":true},{"BOOL":false},{"M":{"x":{"SS":["a","b"]}}}]}}`,
		`{"a":{"S":"1"},"a":{"S":"2"}}`, `{"a":{"S":"1","N":"2"}}`, `{"a":{}}`, `{"a":null}`, `{"a":{"NS":["1","1.0"]}}`, `{"a":{"BS":["AQ==","AR=="]}}`,
		`{"a":{"S":1}}`, `{"a":{"S":"\ud83d\ude00\u0000"}}`, `{"a":{"B":"A"}}`, `{"a":{"SS":[]}}`, `[]`, `{"a":{"S":"x","S":"y"}}`, `{"a":{"M":{"b":{"L":[]},"b":{"S":""}}}}`,
		`{"a":{"N":"1e126"}}`, `{"a":{"X":[1,{"y":2}]}}`, `{"a":{"S":"\ud800"}}`, "{\"a\":{\"S\":\"\xff\"}}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		it, err := ParseItem(src)
		wire, size, errWire := CanonicalItem([]byte("prefix"), src)
		if (err == nil) != (errWire == nil) || (err != nil && err.Error() != errWire.Error()) {
			t.Fatalf("%q: %v from the parser, %v from the writer", src, err, errWire)
		}
		if err != nil {
			if _, ok := errors.AsType[*Error](err); !ok || string(wire) != "prefix" {
				t.Fatalf("%q: %T, wire %q", src, err, wire)
			}
			return
		}
		wire = bytes.TrimPrefix(wire, []byte("prefix"))
		if !bytes.Equal(wire, AppendItem(nil, it)) || size != ItemSize(it) {
			t.Fatalf("%q: %s of %d bytes, want %s of %d", src, wire, size, AppendItem(nil, it), ItemSize(it))
		}
		if again, _, err := CanonicalItem(nil, wire); err != nil || !bytes.Equal(again, wire) {
			t.Fatalf("%s: again %s, %v", wire, again, err)
		}
	})
}

func FuzzParseNumber(f *testing.F) {
	for _, seed := range []string{"0", "-0", "1e2", "1E-130", "9.9E125", "123456789012345678901234567890123456789", "+.5", "5.", "1e", "--1", "00100.00100"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x, err := ParseNumber(s)
		if err != nil {
			return
		}
		text := x.String()
		if again, err := ParseNumber(text); err != nil || again != x || !isNormal(text) {
			t.Fatalf("%q gives %q, which gives %q, %v", s, text, again, err)
		}
		v, rest, err := DecodeKey(AppendKey(nil, Num(x)))
		if err != nil || v.Str != text || len(rest) != 0 {
			t.Fatalf("%q as a key: %q, %v", text, v.Str, err)
		}
	})
}

// Whatever the bytes, reading a key or the wire form ends without a panic, and a key that decodes encodes to the same bytes.
func FuzzDecode(f *testing.F) {
	for _, seed := range [][]byte{{}, {tagString, 'a', 0, 1}, {tagNumber, signZero}, {tagBinary, 0, 0xFF, 0, 1}, {tagNumber, signPositive, 0x81, 2, 0}, []byte(`{"a":{"S":"x\""}}`)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if v, rest, err := DecodeKey(src); err == nil {
			if again := AppendKey(nil, v); !bytes.Equal(append(again, rest...), src) {
				t.Fatalf("% x decodes to %q, which encodes to % x", src, v.Str, again)
			}
		}
		it := Iterate(src)
		for it.Next() {
			_ = it.Name()
		}
	})
}
