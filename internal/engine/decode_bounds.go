package engine

import (
	"math"
	"reflect"
	"strconv"
)

// How much of one list or map of structures is kept, in bytes of memory with all members filled, and how many of its members at least. A body of 16 MB has
// room for five million times `{},`, and each would become some hundred bytes. The longest such list that any operation can take has 100 members; a map of
// the legacy parameters may have as many as an item has attributes. Lists of texts and of attribute values hold no more than a few times what arrived, and
// are kept whole.
const (
	listBytes   = 64 << 20
	mapBytes    = 128 << 20
	fewestInAll = 10_000
	// fewestLimited of a list or map that has a limit: it is refused, and its message shows no more.
	fewestLimited = 1000
)

// manyListed is from when the members of a list are counted, which costs less than making room for them by and by.
const manyListed = 64

// bounds watches one list or map while it is read. What comes after the members that are kept is looked at as they are, for what is wrong with it is
// reported all the same, and forgotten.
type bounds struct {
	d       *decoder
	zero    reflect.Value
	most    int           // that are kept
	kept    int           // until now
	scratch reflect.Value // for the members that pass
	mark    int           // violations before the first member
	muted   bool
}

func (d *decoder) bounds(sh *shape) bounds {
	b := bounds{d: d, zero: reflect.Zero(sh.elem.typ), most: math.MaxInt, mark: len(d.violations), muted: d.muted}
	switch {
	case sh.elem.kind == kindString || sh.elem.kind == kindValue:
	case sh.kind == kindMap:
		b.most = max(mapBytes/sh.elem.filled, fewestInAll)
	default:
		b.most = max(listBytes/sh.elem.filled, fewestInAll)
	}
	if d.longest > 0 {
		b.most = min(b.most, max(4*d.longest, fewestLimited))
		d.longest = 0
	}
	return b
}

// left counts the members of a list from the one at hand.
func (d *decoder) left() int {
	n, s := 0, d.s
	for ok := true; ok; ok = s.Elem() {
		if !s.Skip() {
			break
		}
		n++
	}
	return n
}

// keep tells whether the next member is one of those that are kept.
func (b *bounds) keep() bool {
	d := b.d
	d.muted = b.muted || len(d.violations) == b.mark+keptViolations
	if b.kept < b.most {
		b.kept++
		return true
	}
	if d.excess == nil {
		d.excess = &violation{path: d.where(), rule: "Member must have length less than or equal to " + strconv.Itoa(b.most)}
	}
	return false
}

// passing is a place for a member that is only looked at.
func (b *bounds) passing() reflect.Value {
	if !b.scratch.IsValid() {
		b.scratch = reflect.New(b.zero.Type()).Elem()
	}
	b.scratch.Set(b.zero)
	return b.scratch
}

// keptViolations is how many of one list or map are kept. All of them come in the order of its members, under the rank of the parameter they belong to, so
// that few behind the first ten could be among the ten of the request.
const keptViolations = 1000

// passed drops the violations that are never told.
func (b *bounds) passed() {
	if n := b.mark + keptViolations; len(b.d.violations) > n {
		b.d.violations = b.d.violations[:n]
	}
	b.d.muted = b.muted
}
