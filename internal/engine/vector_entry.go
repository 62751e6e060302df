package engine

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// An entry of a vector index is the vector, four bytes a number as the service stores it (Developer Guide, "Vector
// indexes: Requirements and limitations": 32-bit precision), and behind it the projected attributes in wire form. The
// vector attribute itself is not among these: a search that asks for it gets it from the numbers.

// vectorBytes is the length of the vector in an entry.
func vectorBytes(x *catalog.Index) int { return 4 * x.Vector.Dimensions }

// billed is the size an item of the table is charged by: a vector counts four bytes a number, whatever the numbers are, once
// however many indexes there are on it (captured by nubo-db/dynoxide, October 2026). What an index is read or written by, and
// the largest size of an item, go by the numbers.
func billed(t *catalog.Table, im *Image) int {
	if im == nil {
		return 0
	}
	size := im.Size
	for i, x := range t.Indexes {
		if x.Vector == nil || slices.ContainsFunc(t.Indexes[:i], func(y *catalog.Index) bool {
			return y.Vector != nil && y.Vector.Attribute == x.Vector.Attribute
		}) {
			continue
		}
		raw, ok := attr.Lookup(im.Wire, x.Vector.Attribute)
		if !ok {
			continue
		}
		vector, fault := appendVector(make([]byte, 0, vectorBytes(x)), raw)
		if fault.kind != vectorValid || len(vector) != vectorBytes(x) {
			continue
		}
		if v, err := attr.ParseValue(raw); err == nil {
			size += vectorBytes(x) - attr.ValueSize(v)
		}
	}
	return size
}

// vectorEntry makes the entry of an item. An item that lacks the vector or the index's partition key has none, and so has one that was there before the
// index and could not be written now.
func vectorEntry(t *catalog.Table, x *catalog.Index, im *Image) entry {
	raw, ok := attr.Lookup(im.Wire, x.Vector.Attribute)
	if !ok {
		return entry{}
	}
	n := vectorBytes(x)
	wire, fault := appendVector(make([]byte, 0, n+256), raw)
	if fault.kind != vectorValid || len(wire) != n {
		return entry{}
	}
	for _, k := range x.Vector.Search {
		if v, ok := im.attribute(k.Name); ok && v.Kind != k.Type {
			return entry{}
		}
	}
	key, ok := indexKey(t, x, im)
	if !ok {
		return entry{}
	}
	names, all := x.Stored()
	keep := func(it *attr.Iterator) bool { return !it.Is(x.Vector.Attribute) }
	if !all {
		keep = func(it *attr.Iterator) bool { return slices.ContainsFunc(names, it.Is) }
	}
	wire, size := appendKept(wire, im.Wire, keep)
	return entry{key: key, wire: wire, size: len(x.Vector.Attribute) + n + size, head: n}
}

// appendKept appends the attributes of an item that are to be kept and adds up their size.
func appendKept(dst, wire []byte, keep func(*attr.Iterator) bool) ([]byte, int) {
	dst = append(dst, '{')
	start, size := len(dst), 0
	for it := attr.Iterate(wire); it.Next(); {
		if !keep(&it) {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(it.AppendName(dst), ':')
		dst = append(dst, it.Value...)
		if v, err := attr.ParseValue(it.Value); err == nil {
			size += len(it.Name()) + attr.ValueSize(v)
		}
	}
	return append(dst, '}'), size
}

// vectorFault is why a value is no vector.
type vectorFault struct {
	kind    vectorFaultKind
	element int    // the first that is wrong; -1 for the value itself
	actual  string // its type, or its text
}

type vectorFaultKind uint8

const (
	vectorValid vectorFaultKind = iota
	vectorType                  // no list, or an element that is no number
	vectorRange                 // a number too large for 32 bits
)

var (
	listHead   = []byte(`{"L":[`)
	numberHead = []byte(`{"N":"`)
)

// appendVector appends the numbers of a list in canonical wire form as 32-bit floats. Numbers lose precision, as on the service.
func appendVector(dst, raw []byte) ([]byte, vectorFault) {
	rest, ok := bytes.CutPrefix(raw, listHead)
	if !ok {
		return dst, vectorFault{vectorType, -1, kindOfWire(raw)}
	}
	for i := 0; len(rest) > 0 && rest[0] != ']'; i++ {
		if rest[0] == ',' {
			rest = rest[1:]
		}
		number, ok := bytes.CutPrefix(rest, numberHead)
		if !ok {
			return dst, vectorFault{vectorType, i, kindOfWire(rest)}
		}
		end := bytes.IndexByte(number, '"')
		f, err := strconv.ParseFloat(string(number[:end]), 32)
		if err != nil || math.IsInf(f, 0) {
			return dst, vectorFault{vectorRange, i, string(number[:end])}
		}
		dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(float32(f)))
		rest = number[end+2:]
	}
	return dst, vectorFault{}
}

// kindOfWire reads the type out of a value in canonical wire form.
func kindOfWire(raw []byte) string {
	if len(raw) < 3 {
		return ""
	}
	name, _, _ := bytes.Cut(raw[2:], []byte{'"'})
	return string(name)
}

// checkVector refuses an item whose vector attribute is no vector for an index, or whose attributes of the search schema have another type than their
// definition. An item without them is in order, and so is what an update leaves as it was. The words are those of eu-west-2, us-east-1 and us-west-2
// (nubo-db/dynoxide, captures of 2026-08-11 to 13; ExtendDB/extenddb 306); eu-west-1 was seen to say the first sentence twice.
func checkVector(x *catalog.Index, im, was *Image) error {
	const invalid, number = "One or more parameter values were invalid. ", "32-bit floating point number"
	name, at := x.Vector.Attribute, " IndexName: "+x.Name
	if raw, ok := attr.Lookup(im.Wire, name); ok && !im.keeps(name, was) {
		vector, fault := appendVector(make([]byte, 0, vectorBytes(x)), raw)
		switch n := elements(vector, fault, raw); {
		case fault.kind == vectorType && fault.element < 0:
			return validation(invalid + "Invalid type for parameter " + name + ", Expected: " + number + " list" + at)
		case n != x.Vector.Dimensions:
			return validation(invalid + "Invalid size for parameter " + name + ", Expected: " + strconv.Itoa(x.Vector.Dimensions) +
				", Actual: " + strconv.Itoa(n) + at)
		case fault.kind == vectorType:
			return validation(invalid + "Invalid type for parameter " + name + "[" + strconv.Itoa(fault.element) + "], Expected: " + number +
				", Actual: " + fault.actual + "." + at)
		case fault.kind == vectorRange:
			return validation(invalid + "Invalid value for parameter " + name + "[" + strconv.Itoa(fault.element) + "], Value: " + scientific(fault.actual) +
				" is outside valid range [-3.4028235E38, 3.4028235E38]." + at)
		}
	}
	for _, k := range x.Vector.Search {
		if v, ok := im.attribute(k.Name); ok && v.Kind != k.Type && !im.keeps(k.Name, was) {
			return validation(invalid + "Attribute '" + k.Name + "' type mismatch. Expected: " + k.Type.String() + ", Actual: " + v.Kind.String() + "." + at)
		}
	}
	return nil
}

// elements is how many elements the value of a vector attribute has, whether they are numbers or not.
func elements(vector []byte, fault vectorFault, raw []byte) int {
	if fault.kind == vectorValid {
		return len(vector) / 4
	}
	v, _ := attr.ParseValue(raw) // is in the store or about to be
	return len(v.List)
}

// scientific writes a number too large for 32 bits as the service does in messages: 1E+39 and 3.5E+38.
func scientific(number string) string {
	number, negative := strings.CutPrefix(number, "-")
	digits := strings.TrimRight(number, "0")
	out := digits[:1]
	if len(digits) > 1 {
		out += "." + digits[1:]
	}
	if out += "E+" + strconv.Itoa(len(number)-1); negative {
		return "-" + out
	}
	return out
}

// minVectorRequest is the least a write to or a search in a vector index takes, in bytes.
const minVectorRequest = 1024

// vectorWriteBytes is the capacity of writing an entry of so many bytes. Vector indexes are metered in bytes, not in units
// (Developer Guide, "Monitoring vector index capacity").
func vectorWriteBytes(size int) float64 { return float64(max(minVectorRequest, size)) }
