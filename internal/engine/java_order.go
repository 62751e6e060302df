package engine

import (
	"slices"
	"strings"
	"unicode/utf16"
)

// The service lists attribute names in some messages in the order of Java's hash tables, which is the same for the same names:
// by bucket, and in one bucket in the order they came in. Captured in eu-west-2 and us-east-1 over 24 lists of one to sixteen
// names (nubo-db/dynoxide, October 2026).

// defaultTable is how many buckets a hash table has at first that was not made for a number of names.
const defaultTable = 16

// javaList joins names as a hash table that begins with so many buckets lists them; with 0 it is made for their number.
func javaList(names []string, buckets int) string {
	names = slices.Clone(names)
	n := len(names)
	if buckets == 0 {
		buckets = 1
		for buckets < n {
			buckets *= 2
		}
	}
	for n*4 > buckets*3 {
		buckets *= 2
	}
	slices.SortStableFunc(names, func(a, b string) int { return javaBucket(a, buckets) - javaBucket(b, buckets) })
	return strings.Join(names, ", ")
}

// javaBucket is where a name goes in a hash table of so many buckets, a power of two.
func javaBucket(name string, buckets int) int {
	var h uint32
	for _, unit := range utf16.Encode([]rune(name)) {
		h = 31*h + uint32(unit)
	}
	return int(h^h>>16) & (buckets - 1)
}
