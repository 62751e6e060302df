package expression

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ddb-cli/ddb/internal/attr"
)

// Generators of nodes. They keep to what the grammar and the checks behind it allow.

func genPath() *rapid.Generator[Path] {
	return rapid.Custom(func(t *rapid.T) Path {
		p := Path{{Name: rapid.SampledFrom([]string{"a", "b1", "c_d", "#n", "#0"}).Draw(t, "root")}}
		for range rapid.IntRange(0, 3).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "index") {
				p = append(p, Step{Index: rapid.IntRange(0, 12).Draw(t, "i")})
			} else {
				p = append(p, Step{Name: rapid.SampledFrom([]string{"x", "yy", "#z"}).Draw(t, "step")})
			}
		}
		return p
	})
}

func genRef() *rapid.Generator[ValueRef] {
	return rapid.Custom(func(t *rapid.T) ValueRef {
		return ValueRef(rapid.SampledFrom([]string{":v", ":w1", ":_"}).Draw(t, "ref"))
	})
}

func genOperand() *rapid.Generator[Operand] {
	return rapid.Custom(func(t *rapid.T) Operand {
		switch rapid.IntRange(0, 3).Draw(t, "operand") {
		case 0:
			return genRef().Draw(t, "value")
		case 1:
			return &Function{Name: "size", Args: []Operand{genPath().Draw(t, "arg")}}
		default:
			return genPath().Draw(t, "path")
		}
	})
}

func genCond(depth int) *rapid.Generator[Cond] {
	return rapid.Custom(func(t *rapid.T) Cond {
		kinds := 7
		if depth == 0 {
			kinds = 4
		}
		operand := func(label string) Operand { return genOperand().Draw(t, label) }
		switch rapid.IntRange(0, kinds-1).Draw(t, "cond") {
		case 0:
			return &Comparison{Op(rapid.IntRange(0, int(OpGe)).Draw(t, "op")), operand("left"), operand("right")}
		case 1:
			return &Between{operand("x"), operand("low"), operand("high")}
		case 2:
			return &In{operand("x"), rapid.SliceOfN(genOperand(), 1, 3).Draw(t, "list")}
		case 3:
			name := rapid.SampledFrom([]string{"attribute_exists", "contains", "begins_with"}).Draw(t, "function")
			return &Function{Name: name, Args: rapid.SliceOfN(genOperand(), 1, 2).Draw(t, "args")}
		case 4:
			return &And{genCond(depth-1).Draw(t, "l"), genCond(depth-1).Draw(t, "r")}
		case 5:
			return &Or{genCond(depth-1).Draw(t, "l"), genCond(depth-1).Draw(t, "r")}
		default:
			return &Not{genCond(depth-1).Draw(t, "x")}
		}
	})
}

func TestConditionPrintsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := genCond(4).Draw(t, "cond")
		text := want.String()
		if len(text) > maxTextSize {
			t.Skip("too long")
		}
		got, err := ParseCondition(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s: parsed as %s", text, got)
		}
	})
}

func TestUpdatePrintsBack(t *testing.T) {
	value := rapid.Custom(func(t *rapid.T) Operand {
		simple := func(label string) Operand {
			if rapid.Bool().Draw(t, "ref") {
				return genRef().Draw(t, label)
			}
			return genPath().Draw(t, label)
		}
		switch rapid.IntRange(0, 3).Draw(t, "value") {
		case 0:
			return &Arithmetic{Op(rapid.IntRange(int(OpPlus), int(OpMinus)).Draw(t, "op")), simple("l"), simple("r")}
		case 1:
			return &Function{Name: "if_not_exists", Args: []Operand{genPath().Draw(t, "p"), simple("d")}}
		case 2:
			return &Function{Name: "list_append", Args: []Operand{simple("l"), simple("r")}}
		default:
			return simple("v")
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		want := &UpdateNode{}
		for range rapid.IntRange(0, 3).Draw(t, "sets") {
			want.Set = append(want.Set, SetClause{genPath().Draw(t, "path"), value.Draw(t, "value")})
		}
		for range rapid.IntRange(0, 2).Draw(t, "removes") {
			want.Remove = append(want.Remove, genPath().Draw(t, "path"))
		}
		for range rapid.IntRange(0, 2).Draw(t, "adds") {
			want.Add = append(want.Add, ValueClause{genPath().Draw(t, "path"), genRef().Draw(t, "ref")})
		}
		for range rapid.IntRange(0, 2).Draw(t, "deletes") {
			want.Delete = append(want.Delete, ValueClause{genPath().Draw(t, "path"), genRef().Draw(t, "ref")})
		}
		text := want.String()
		if text == "" {
			t.Skip("empty")
		}
		got, err := ParseUpdate(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got.order = nil; !reflect.DeepEqual(got, want) {
			t.Fatalf("%s: parsed as %s", text, got)
		}
	})
}

// A projection of single paths, put together, is the projection of all of them, in whatever order they stand.
func TestProjectionKeepsWhatPathsReach(t *testing.T) {
	doc := item(t, dataItem)
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"s", "l[0]", "l[2]", "l[3].x", "m.a", "m.b.c", "ns", "nope", "m.nope", "l[9]"}), 1, 6, rapid.ID).Draw(t, "paths")
		all, err := NewContext(nil, nil).Projection(strings.Join(texts, ", "))
		if err != nil {
			t.Fatal(err)
		}
		projected := all.Apply(doc)
		size := 0
		for _, text := range texts {
			one, err := NewContext(nil, nil).Projection(text)
			if err != nil {
				t.Fatal(err)
			}
			size += leaves(attr.Map(one.Apply(doc)))
		}
		if got := leaves(attr.Map(projected)); got != size {
			t.Fatalf("%v: %d values, want %d: %s", texts, got, size, attr.AppendItem(nil, projected))
		}
	})
}

func leaves(v attr.Value) int {
	if v.Kind != attr.M && v.Kind != attr.L {
		return 1
	}
	n := 0
	for _, e := range v.List {
		n += leaves(e)
	}
	for _, a := range v.Map {
		n += leaves(a.Value)
	}
	return n
}

func fuzzSeeds(f *testing.F) {
	for _, text := range []string{
		"", " ", "a = :v", "a.b[3].#c <> :v AND NOT (x IN (:a, :b) OR size(l) >= :n)", "a BETWEEN :a AND :b", "begins_with(a, :v)", "((a))", "a = ",
		"SET a = b + :c, l[1] = list_append(if_not_exists(l, :e), :v) REMOVE q, r[0].s ADD n :n DELETE ss :ss", "a, b.c[1], #d", "a[99999999999999999999]",
		"é = \xff", "a = \"x\"", "(((((", "NOT NOT NOT", "SET SET", "a.:b", "#", ":", "a AND", "name", "a <>= b", "[0]", "\x00",
	} {
		f.Add(text)
	}
}

// Whatever the text, a parser returns a node that prints back to itself, or an error.
func FuzzParsers(f *testing.F) {
	fuzzSeeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := ParseCondition(text); err == nil {
			again, err := ParseCondition(c.String())
			if err != nil || !reflect.DeepEqual(again, c) {
				t.Fatalf("%q printed as %q: %v", text, c, err)
			}
		}
		if u, err := ParseUpdate(text); err == nil {
			again, err := ParseUpdate(u.String())
			if err != nil || again.String() != u.String() {
				t.Fatalf("%q printed as %q: %v", text, u, err)
			}
		}
		if p, err := ParseProjection(text); err == nil {
			again, err := ParseProjection(p.String())
			if err != nil || !reflect.DeepEqual(again, p) {
				t.Fatalf("%q printed as %q: %v", text, p, err)
			}
		}
	})
}

// Whatever the text, planning and evaluating end without a panic, and the wire form gives the same answer as the item.
func FuzzEvaluate(f *testing.F) {
	fuzzSeeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := attr.ParseItem([]byte(dataItem))
		if err != nil {
			t.Fatal(err)
		}
		values, err := attr.ParseItem([]byte(dataValues))
		if err != nil {
			t.Fatal(err)
		}
		if cond, err := NewContext(dataNames, values).Condition(Filter, text); err == nil {
			a, _ := cond.Match(doc)
			b, err := cond.MatchWire(attr.AppendItem(nil, doc))
			if err != nil || a != b {
				t.Fatalf("%q: %v on the item, %v on its wire form, %v", text, a, b, err)
			}
			_, _ = cond.KeyCondition([]KeyAttr{{Name: "pk", Kind: attr.S}}, []KeyAttr{{Name: "sk", Kind: attr.N}})
		}
		if u, err := NewContext(dataNames, values).Update(text); err == nil {
			before := doc.Clone()
			if updated, err := u.Apply(doc); err == nil {
				wire, _, err := u.ApplyWire(nil, attr.AppendItem(nil, doc))
				if err != nil {
					t.Fatalf("%q: %v on the wire form", text, err)
				}
				if again, err := attr.ParseItem(wire); err != nil || !again.Equal(updated) {
					t.Fatalf("%q: gave %s on the wire form: %v", text, wire, err)
				}
				if again, err := attr.ParseItem(attr.AppendItem(nil, updated)); err != nil || !again.Equal(updated) {
					t.Fatalf("%q: gave %s: %v", text, attr.AppendItem(nil, updated), err)
				}
			}
			if !doc.Equal(before) {
				t.Fatalf("%q changed the old item", text)
			}
		}
	})
}
