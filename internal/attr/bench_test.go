package attr

import (
	"bytes"
	"testing"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

func BenchmarkItem(b *testing.B) {
	src := benchItem()
	it, err := ParseItem(src)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("Canonical", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(src)))
		dst := make([]byte, 0, 2048)
		for b.Loop() {
			s := jsonscan.New(src)
			if _, _, err := Canonical(dst, &s); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ParseItem(src); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Append", func(b *testing.B) {
		b.ReportAllocs()
		dst := make([]byte, 0, 2048)
		for b.Loop() {
			AppendItem(dst, it)
		}
	})
	b.Run("LookupLast", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, ok := Lookup(src, it[len(it)-1].Name); !ok {
				b.Fatal("not found")
			}
		}
	})
	b.Run("Skip", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s := jsonscan.New(src)
			if !s.Skip() {
				b.Fatal(s.Err())
			}
		}
	})
}

// benchItem is about 1 KB: texts, numbers, a list, a map and a set.
func benchItem() []byte {
	text := func(n int) Value { return String(string(bytes.Repeat([]byte("lorem ipsum "), n))) }
	num := func(s string) Value { return Value{Kind: N, Str: s} }
	return AppendItem(nil, Item{
		{"pk", String("customer#0000000042")},
		{"sk", String("order#2026-11-22T18:00:00Z")},
		{"status", String("shipped")},
		{"total", num("129.95")},
		{"count", num("3")},
		{"paid", Boolean(true)},
		{"note", text(30)},
		{"address", Map(Item{{"street", String("Main Street 1")}, {"city", String("Springfield")}, {"zip", num("12345")}})},
		{"lines", List(text(2), text(3), num("7"))},
		{"tags", Value{Kind: SS, List: []Value{String("new"), String("gift"), String("express")}}},
		{"body", text(15)},
	})
}
