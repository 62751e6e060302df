package expression

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/attr"
)

func BenchmarkExpression(b *testing.B) {
	parse := func(src string) attr.Item {
		it, err := attr.ParseItem([]byte(src))
		if err != nil {
			b.Fatal(err)
		}
		return it
	}
	doc := parse(dataItem)
	wire := attr.AppendItem(nil, doc)
	names := map[string]string{"#n": "n"}
	values := parse(`{":five":{"N":"5"},":h":{"S":"hé"}}`)
	update := parse(`{":one":{"N":"1"},":s":{"S":"new"}}`)
	const condition = "attribute_exists(s) AND #n >= :five AND begins_with(s, :h)"
	plan := func() *Condition {
		c := NewContext(names, values)
		cond, err := c.Condition(Filter, condition)
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Finish(); err != nil {
			b.Fatal(err)
		}
		return cond
	}
	cond := plan()
	b.Run("ParseCondition", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ParseCondition(condition); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("PlanCondition", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			plan()
		}
	})
	b.Run("Match", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if ok, _ := cond.Match(doc); !ok {
				b.Fatal("no match")
			}
		}
	})
	b.Run("MatchWire", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if ok, err := cond.MatchWire(wire); !ok || err != nil {
				b.Fatal("no match", err)
			}
		}
	})
	b.Run("PlanUpdate", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := NewContext(nil, update).Update("SET n = n + :one, s = :s"); err != nil {
				b.Fatal(err)
			}
		}
	})
	u, err := NewContext(nil, update).Update("SET n = n + :one, s = :s")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("ApplyUpdate", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := u.Apply(doc); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ApplyUpdateWire", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := u.ApplyWire(nil, wire); err != nil {
				b.Fatal(err)
			}
		}
	})
	p, err := NewContext(nil, nil).Projection("s, n, m.b.c")
	if err != nil {
		b.Fatal(err)
	}
	dst := make([]byte, 0, 1024)
	b.Run("ProjectWire", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.AppendWire(dst, wire); err != nil {
				b.Fatal(err)
			}
		}
	})
}
