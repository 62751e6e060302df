package topkeys

import (
	"cmp"
	"container/heap"
	"slices"
)

// top counts the busiest keys in slots of a fixed number (space-saving): a key without a slot takes that of the least
// busy one, and its count with it.
type top struct {
	slots []*slot // a heap, the least busy first
	byKey map[string]*slot
}

type slot struct {
	key   string
	value float64
	peak  float64 // the largest single contribution
	place int     // in the heap
}

// add counts a contribution.
func (t *top) add(key []byte, value float64) {
	if x := t.byKey[string(key)]; x != nil {
		x.value, x.peak = x.value+value, max(x.peak, value)
		heap.Fix(t, x.place)
		return
	}
	if t.byKey == nil {
		t.byKey = map[string]*slot{}
	}
	if len(t.slots) < maxLive {
		x := &slot{key: string(key), value: value, peak: value}
		t.byKey[x.key] = x
		heap.Push(t, x)
		return
	}
	x := t.slots[0]
	delete(t.byKey, x.key)
	x.key, x.value, x.peak = string(key), x.value+value, value
	t.byKey[x.key] = x
	heap.Fix(t, 0)
}

// shrink keeps the n busiest keys, for reading only, and gives the memory they take.
func (t *top) shrink(n int) int {
	slices.SortFunc(t.slots, func(a, b *slot) int { return cmp.Compare(b.value, a.value) })
	if len(t.slots) > n {
		t.slots = slices.Clone(t.slots[:n])
	}
	t.byKey = nil
	bytes := 0
	for i, x := range t.slots {
		x.place = i
		bytes += len(x.key) + keyOverhead
	}
	return bytes
}

// Len, Less, Swap, Push and Pop make it a heap.
func (t *top) Len() int           { return len(t.slots) }
func (t *top) Less(i, j int) bool { return t.slots[i].value < t.slots[j].value }
func (t *top) Swap(i, j int) {
	t.slots[i], t.slots[j] = t.slots[j], t.slots[i]
	t.slots[i].place, t.slots[j].place = i, j
}

func (t *top) Push(x any) {
	s := x.(*slot)
	s.place = len(t.slots)
	t.slots = append(t.slots, s)
}

func (t *top) Pop() any {
	last := len(t.slots) - 1
	s := t.slots[last]
	t.slots = t.slots[:last]
	return s
}
