package attr

import (
	"fmt"
	"testing"
)

// TestLargeSetsAreComparedInOrder counts what comparing large sets allocates: nothing where they are in order, as stored ones and those of conditions are.
func TestLargeSetsAreComparedInOrder(t *testing.T) {
	set := func(from, to int) Value {
		v := Value{Kind: SS}
		for i := to - 1; i >= from; i-- {
			v.List = append(v.List, String(fmt.Sprintf("%05d", i)))
		}
		return v
	}
	stored, same, other, unordered := set(0, 1000), set(0, 1000), set(1, 1001), set(1, 1001)
	for _, v := range []*Value{&stored, &same, &other} {
		v.OrderSet()
	}
	if !stored.Equal(same) || stored.Equal(other) || other.Equal(stored) || stored.Equal(unordered) || unordered.Equal(stored) || !other.Equal(unordered) || !unordered.Equal(other) {
		t.Error("equal sets differ or different ones do not")
	}
	if n := testing.AllocsPerRun(10, func() { _, _ = stored.Equal(same), stored.Equal(other) }); n != 0 {
		t.Errorf("%v allocations to compare sets in order", n)
	}
}
