package jsonscan

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRawAcceptsWhatJSONAllows(t *testing.T) {
	for _, text := range []string{
		`{}`, `[]`, `""`, `0`, `-0.5e+10`, `true`, `false`, `null`, ` [ 1 , 2 ] `, `{"a":{"b":[{},[],"x"]}}`, `"\u00e9\ud83d\ude00\n\/"`, `"é😀"`,
		`"12345678\"12345678"`, `[[[]]]`,
	} {
		s := New([]byte(text))
		raw, ok := s.Raw()
		if !ok || !s.End() {
			t.Errorf("%s: %v", text, s.Err())
			continue
		}
		if string(raw) != strings.TrimSpace(text) {
			t.Errorf("%s: raw %s", text, raw)
		}
	}
}

func TestRawRefuses(t *testing.T) {
	for _, text := range []string{
		``, `{`, `[`, `"`, `{"a"}`, `{"a":}`, `{"a":1,}`, `[1,]`, `[1 2]`, `{"a":1 "b":2}`, `{a:1}`, `01`, `-`, `1.`, `1e`, `tru`, `nul`, `+1`, `.5`,
		"\"\x01\"", "\"\xff\"", `"\x"`, `"\u12"`, `"\ud800"`, `"\ud800\u0041"`, `"\udc00"`, `[}`, `{]`, `{} {}`, `"a" x`, `{,}`, `[,]`,
		strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1),
	} {
		s := New([]byte(text))
		if s.Skip() && s.End() {
			t.Errorf("%.40s: accepted", text)
		}
		if s.Err() == nil {
			t.Errorf("%.40s: no error", text)
		}
	}
}

func TestWalk(t *testing.T) {
	s := New([]byte(`{"a":[1,"x\ny"],"b":{"c":true}, "d":null}`))
	if !s.Open() {
		t.Fatal(s.Err())
	}
	var got []string
	for {
		name, ok := s.Key()
		if !ok {
			break
		}
		got = append(got, string(name))
		switch s.Kind() {
		case Array:
			s.Open()
			for s.Elem() {
				if s.Kind() == String {
					text, _ := s.Text()
					got = append(got, string(text))
					continue
				}
				number, _ := s.Number()
				got = append(got, string(number))
			}
		case Object:
			raw, _ := s.Raw()
			got = append(got, string(raw))
		default:
			k, _ := s.Literal()
			got = append(got, k.String())
		}
	}
	if !s.End() {
		t.Fatal(s.Err())
	}
	if want := "a 1 x\ny b {\"c\":true} d null"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", strings.Join(got, " "), want)
	}
}

func TestTextDoesNotAllocate(t *testing.T) {
	src := []byte(`{"name":"a plain string of some length","é":"ü"}`)
	if n := testing.AllocsPerRun(100, func() {
		s := New(src)
		s.Open()
		for {
			if _, ok := s.Key(); !ok {
				break
			}
			s.Text()
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzScanner(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2,{"b":null}]}`, `"\ud83d\ude00"`, `-1.5e-7`, "\"\xc3\x28\"", `[[],{}]`, `{"a":1,"a":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s := New(src)
		ok := s.Skip() && s.End()
		if ok && (!json.Valid(src) || !utf8.Valid(src)) {
			t.Fatalf("accepted %q", src)
		}
		if !ok && s.Err() == nil {
			t.Fatalf("refused %q without an error", src)
		}
		if !ok {
			return
		}
		s = New(src)
		if s.Kind() != String {
			return
		}
		text, _ := s.Text()
		var want string
		if err := json.Unmarshal(src, &want); err != nil || want != string(text) {
			t.Fatalf("%q: text %q, want %q", src, text, want)
		}
		again := New(AppendQuoted(nil, text))
		back, _ := again.Text()
		if !bytes.Equal(back, text) {
			t.Fatalf("%q: quoted again %q", src, back)
		}
	})
}
