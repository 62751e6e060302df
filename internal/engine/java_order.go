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
	return strings.Join(inJavaTable(names, func(s string) string { return s }, buckets), ", ")
}

// inJavaOrder gives entries as a hash table that was made for their number lists them.
func inJavaOrder[T any](entries []T, name func(T) string) []T { return inJavaTable(entries, name, 0) }

func inJavaTable[T any](entries []T, name func(T) string, buckets int) []T {
	n := len(entries)
	if buckets == 0 {
		buckets = 1
		for buckets < n {
			buckets *= 2
		}
	}
	for n*4 > buckets*3 {
		buckets *= 2
	}
	type place[T any] struct {
		bucket int
		entry  T
	}
	places := make([]place[T], n)
	for i, e := range entries {
		places[i] = place[T]{javaBucket(name(e), buckets), e}
	}
	slices.SortStableFunc(places, func(a, b place[T]) int { return a.bucket - b.bucket })
	out := make([]T, n)
	for i, p := range places {
		out[i] = p.entry
	}
	return out
}

// javaBucket is where a name goes in a hash table of so many buckets, a power of two.
func javaBucket(name string, buckets int) int {
	var h uint32
	for _, unit := range utf16.Encode([]rune(name)) {
		h = 31*h + uint32(unit)
	}
	return javaSpread(h) & (buckets - 1)
}

// javaSpread folds the high half of a hash into the low one, which alone chooses the bucket.
func javaSpread(h uint32) int { return int(h ^ h>>16) }
