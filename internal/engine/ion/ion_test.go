package ion

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ddb-cli/ddb/internal/attr"
)

func TestNumbersAreDecimals(t *testing.T) {
	for in, want := range map[string]string{
		"103": "103.", "600": "6d2", "2000": "2d3", "0": "0.", "-0": "0.", "12.5": "12.5", "-0.001": "-0.001",
		"0.000001": "0.000001", "0.0000001": "1d-7", "1E+125": "1d125", "-1E-130": "-1d-130", "9.99": "9.99", "10.50": "10.5",
		"12345678901234567890123456789012345678": "12345678901234567890123456789012345678.",
	} {
		if got := string(AppendNumber(nil, in)); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestItemsAreWrittenAsTheGuideShows(t *testing.T) {
	it := attr.Item{
		{Name: "Authors", Value: attr.Value{Kind: attr.SS, List: []attr.Value{attr.String("Author1"), attr.String("Author2")}}},
		{Name: "InPublication", Value: attr.Boolean(false)},
		{Name: "PageCount", Value: attr.Value{Kind: attr.N, Str: "600"}},
		{Name: "no word", Value: attr.Null()},
		{Name: "null", Value: attr.List(attr.Binary([]byte("hello")), attr.Map(attr.Item{{Name: "$1", Value: attr.String("a\n\"b\\ü")}}))},
	}
	want := `{Authors:$dynamodb_SS::["Author1","Author2"],InPublication:false,PageCount:6d2,'no word':null,` +
		`'null':[{{aGVsbG8=}},{'$1':"a\n\"b\\ü"}]}`
	got := string(AppendItem(nil, it))
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	back, err := ParseStruct([]byte(got))
	if err != nil || !back.Equal(it) {
		t.Errorf("read back: %v, %v", back, err)
	}
}

func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		`{a:1}`:                                          `{"a":{"N":"1"}}`,
		`{ a : 103. , "b" : 6d2, 'c':-1d-3}`:             `{"a":{"N":"103"},"b":{"N":"600"},"c":{"N":"-0.001"}}`,
		`{a:1_000, b:0x1F, c:0b101, d:1.50}`:             `{"a":{"N":"1000"},"b":{"N":"31"},"c":{"N":"5"},"d":{"N":"1.5"}}`,
		`{a:1.1d-98, b:8.0d+14}`:                         `{"a":{"N":"0.000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000011"},"b":{"N":"800000000000000"}}`,
		"{a:'''long \n''' '''string''',}":                `{"a":{"S":"long \nstring"}}`,
		`{a:"\u00e9\x41\U0001F600\ud83d\ude00"}`:         `{"a":{"S":"éA😀😀"}}`,
		"{/* one */ a: // two\n null.string, b:null}":    `{"a":{"NULL":true},"b":{"NULL":true}}`,
		`{a:$dynamodb_NS::[1., 2d1], b:{{ aGVs bG8= }}}`: `{"a":{"NS":["1","20"]},"b":{"B":"aGVsbG8="}}`,
		`note::{a:other::true}`:                          `{"a":{"BOOL":true}}`,
		`{a:[], b:{}}`:                                   `{"a":{"L":[]},"b":{"M":{}}}`,
	} {
		it, err := ParseStruct([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got := string(attr.AppendItem(nil, it)); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", in, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for in, want := range map[string]string{
		`[1]`: "a struct is expected", `{a:1} {}`: "goes on", `{a:1e3}`: "floats", `{a:2026-11-22T}`: "timestamps",
		`{a:b}`: "symbols", `{a:'b'}`: "symbols", `{a:(1 2)}`: "S-expressions", `{a:{{"clob"}}}`: "clobs", `{a:{{!}}}`: "base64",
		`{a:$dynamodb_SS::[1.]}`: "a member of a set", `{a:$dynamodb_SS::"x"}`: "needs a list", `{a:"x`: "no end", `{a 1}`: "colon",
		`{a:1 b:2}`: "comma", `{a:"\q"}`: "escape", `{a:1d400}`: "", "{a:\"\xff\"}": "UTF-8", "{a:\"x\ny\"}": "over the end of its line",
		"{a:" + strings.Repeat("[", 100): "too deep", `{a:"\ud83dx"}`: "no character", ``: "where a value is expected",
	} {
		_, err := ParseStruct([]byte(in))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", in, err, want)
		}
	}
	if _, err := ParseStruct(binaryMarker); !errors.Is(err, errBinary) {
		t.Errorf("binary Ion: %v", err)
	}
}

func TestScannerTakesStreamsApart(t *testing.T) {
	const stream = "$ion_1_0 {Item:{a:\"}\\\"\"}}\n// a comment with {\n$ion_1_0\n{Item:{b:'''}''',\n  c:[/* ] */ 1]}}{c:{{fX19}}} word\n{d:'}'}"
	want := []string{`{Item:{a:"}\""}}`, "{Item:{b:'''}''',\n  c:[/* ] */ 1]}}", "{c:{{fX19}}}", "word", `{d:'}'}`}
	for _, oneByte := range []bool{false, true} {
		r := strings.NewReader(stream)
		s := NewScanner(r, 1<<10)
		if oneByte {
			s = NewScanner(iotest.OneByteReader(r), 1<<10)
		}
		var got []string
		for s.Scan() {
			got = append(got, string(s.Bytes()))
		}
		if d := cmp.Diff(want, got); d != "" || s.Err() != nil {
			t.Errorf("one byte at a time: %v: %v\n%s", oneByte, s.Err(), d)
		}
	}
	s := NewScanner(strings.NewReader(string(binaryMarker)+"\x00"), 1<<10)
	if s.Scan() || !errors.Is(s.Err(), errBinary) {
		t.Errorf("binary Ion: %v", s.Err())
	}
}

func anyValue(t *rapid.T, depth int) attr.Value {
	text := rapid.StringMatching(`[ -~\n\t\x00é漢😀]{0,8}`)
	number := func() attr.Value {
		n, err := attr.NormalizeNumber(rapid.StringMatching(`-?[0-9]{1,19}(\.[0-9]{1,19})?(E-?[0-9]{1,2})?`).Draw(t, "number"))
		if err != nil {
			t.Skip(err)
		}
		return attr.Value{Kind: attr.N, Str: n}
	}
	kinds := 7
	if depth > 3 {
		kinds = 5
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return attr.String(text.Draw(t, "text"))
	case 1:
		return number()
	case 2:
		return attr.Binary(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
	case 3:
		return attr.Boolean(rapid.Bool().Draw(t, "bool"))
	case 4:
		return attr.Value{Kind: attr.NS, List: []attr.Value{number()}}
	case 5:
		return attr.List(anyValue(t, depth+1), attr.Null())
	}
	return attr.Map(attr.Item{{Name: text.Draw(t, "name"), Value: anyValue(t, depth+1)}})
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := attr.Item{{Name: rapid.String().Filter(func(s string) bool { return !strings.ContainsRune(s, '\uFFFD') }).Draw(t, "name"), Value: anyValue(t, 0)}}
		line := AppendItem(nil, it)
		if bytes.ContainsRune(line, '\n') {
			t.Fatalf("an item is more than one line: %s", line)
		}
		back, err := ParseStruct(line)
		if err != nil || !back.Equal(it) {
			t.Fatalf("%s\nread back as %v, %v", line, back, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`$ion_1_0 {Item:{a:$dynamodb_SS::["x"],b:{{aGVsbG8=}},c:6d2}}`, "{a:'''x''' '''y''', b:null.int}", "{a:[1,{b:\"\\u00e9\"}]} // c", "\xE0\x01\x00\xEA"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		s := NewScanner(strings.NewReader(string(in)), 1<<16)
		for s.Scan() {
			it, err := ParseStruct(s.Bytes())
			if err != nil {
				continue
			}
			line := AppendItem(nil, it)
			back, err := ParseStruct(line)
			if err != nil || !back.Equal(it) {
				t.Fatalf("%s: written as %s, read back as %v, %v", s.Bytes(), line, back, err)
			}
		}
	})
}
