// Package attr holds DynamoDB's attribute values: their wire form (DynamoDB JSON), 38-digit numbers, sizes as the service counts them, and the
// order-preserving encoding of keys. Values are plain structs without interfaces, and the wire form can be checked, normalised and searched without
// building them at all, which is what the engine does on its hot paths. It is a leaf: standard library and package jsonscan only.
package attr

import "slices"

// Value is one attribute value. Only the field that belongs to Kind is in use.
type Value struct {
	Kind Kind
	Bool bool    // BOOL
	Str  string  // S: text; N: number in normal form; B: raw bytes, not base64
	List []Value // L: elements; SS, NS, BS: members, each of kind S, N or B
	Map  Item    // M
}

// Attribute is a value with its name: in an item, a key or a map.
type Attribute struct {
	Name  string
	Value Value
}

// Item is an item, a key or the content of a map: attributes in the order they were received. Names are unique.
type Item []Attribute

// String makes a value of type S.
func String(s string) Value { return Value{Kind: S, Str: s} }

// Binary makes a value of type B from raw bytes.
func Binary(b []byte) Value { return Value{Kind: B, Str: string(b)} }

// Boolean makes a value of type BOOL.
func Boolean(b bool) Value { return Value{Kind: BOOL, Bool: b} }

// Null makes a value of type NULL.
func Null() Value { return Value{Kind: NULL} }

// List makes a value of type L.
func List(elements ...Value) Value { return Value{Kind: L, List: elements} }

// Map makes a value of type M.
func Map(content Item) Value { return Value{Kind: M, Map: content} }

// Num makes a value of type N in the normal form of the number.
func Num(n Number) Value { return Value{Kind: N, Str: n.String()} }

// Index is the position of an attribute, or -1. It looks at one after the other, since items have few.
func (it Item) Index(name string) int {
	for i := range it {
		if it[i].Name == name {
			return i
		}
	}
	return -1
}

// Get finds a top-level attribute by name.
func (it Item) Get(name string) (Value, bool) {
	if i := it.Index(name); i >= 0 {
		return it[i].Value, true
	}
	return Value{}, false
}

// Set replaces an attribute where it stands, or appends it.
func (it *Item) Set(name string, v Value) {
	if i := it.Index(name); i >= 0 {
		(*it)[i].Value = v
		return
	}
	*it = append(*it, Attribute{Name: name, Value: v})
}

// Delete removes an attribute and reports whether it was there.
func (it *Item) Delete(name string) bool {
	i := it.Index(name)
	if i < 0 {
		return false
	}
	*it = slices.Delete(*it, i, i+1)
	return true
}

// Depth counts the levels of a value: 1 for one that holds no others.
func (v Value) Depth() int {
	below := 0
	for i := range v.List {
		below = max(below, v.List[i].Depth())
	}
	for i := range v.Map {
		below = max(below, v.Map[i].Value.Depth())
	}
	return 1 + below
}

// CheckNesting refuses an item that holds a value deeper than MaxNesting, in the words for what a statement made.
func (it Item) CheckNesting() error {
	for i := range it {
		if it[i].Value.Depth() > MaxNesting {
			return invalid(msgTooDeep)
		}
	}
	return nil
}

// Clone returns a copy that shares no list and no map with v.
func (v Value) Clone() Value {
	if v.List != nil {
		list := make([]Value, len(v.List))
		for i := range v.List {
			list[i] = v.List[i].Clone()
		}
		v.List = list
	}
	v.Map = v.Map.Clone()
	return v
}

// Clone returns a deep copy; the clone of nil is nil.
func (it Item) Clone() Item {
	if it == nil {
		return nil
	}
	out := make(Item, len(it))
	for i := range it {
		out[i] = Attribute{Name: it[i].Name, Value: it[i].Value.Clone()}
	}
	return out
}
