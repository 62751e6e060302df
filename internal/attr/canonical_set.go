package attr

import (
	"bytes"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// set copies a set in its order: members that come in it are distinct, and nothing more has to be done.
func (w *writer) set(kind Kind) bool {
	if !w.openList() {
		return false
	}
	w.dst = append(w.dst, '[')
	var few [16]span
	start, again := len(w.dst), *w.s
	n, ordered, last := 0, true, span{}
	for ; w.s.Elem(); n++ {
		if n > 0 {
			w.dst = append(w.dst, ',')
		}
		from := len(w.dst)
		w.checkMember(kind)
		if !w.scalar(kind.Member()) {
			return false
		}
		at := span{from, len(w.dst)}
		ordered = ordered && (n == 0 || precedes(kind, w.dst[last.from:last.to], w.dst[at.from:at.to]))
		if last = at; n < len(few) {
			few[n] = at
		}
	}
	if w.s.Err() != nil {
		return false
	}
	if n == 0 {
		w.refuse(emptySet(kind))
	}
	if !ordered && (n > len(few) || !w.insert(kind, few[:n])) {
		w.sort(kind, start, again)
	}
	w.dst = append(w.dst, ']')
	return true
}

// insert puts a few members of a set, which end what is written, in their order. It leaves them to sort if some are alike or not to be compared as they stand.
func (w *writer) insert(kind Kind, members []span) bool {
	var room [256]byte
	start := members[0].from
	was := append(room[:0], w.dst[start:]...)
	text := func(at span) []byte { return was[at.from-start : at.to-start] }
	for i := 1; i < len(members); i++ {
		k := i
		for ; k > 0 && precedes(kind, text(members[k]), text(members[k-1])); k-- {
			members[k], members[k-1] = members[k-1], members[k]
		}
		if k > 0 && !precedes(kind, text(members[k-1]), text(members[k])) {
			return false
		}
	}
	w.dst = w.dst[:start]
	for i, at := range members {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		w.dst = append(w.dst, text(at)...)
	}
	return true
}

// span is where something stands in what is written.
type span struct{ from, to int }

// precedes tells that a member of a set comes before another, both in canonical wire form; false if that is not to be seen at once.
func precedes(kind Kind, a, b []byte) bool {
	switch kind {
	case NS:
		return compareNormal(a[1:len(a)-1], b[1:len(b)-1]) < 0
	case SS:
		return bytes.Compare(a[1:len(a)-1], b[1:len(b)-1]) < 0 && bytes.IndexByte(a, '\\') < 0 && bytes.IndexByte(b, '\\') < 0
	default:
		return false
	}
}

// maxSorted is how many members of a set are put in order. So many that are distinct are more than an item may hold, 1 byte or 2 for a number at the
// least, and so is what arrived of them.
const maxSorted = 1 << 18

// sort writes the members of a set, which begin at start, once more in their order. It reads them from s, which stands behind their opening bracket.
func (w *writer) sort(kind Kind, start int, s jsonscan.Scanner) {
	r := reader{s: &s}
	var members []Value
	for r.s.Elem() {
		text, ok := r.scalar(kind.Member())
		if !ok {
			return
		}
		if len(members) < maxSorted {
			members = append(members, Value{Kind: kind.Member(), Str: text})
		}
	}
	ordered := inOrder(members)
	for i := 1; i < len(ordered); i++ {
		if ordered[i].Str == ordered[i-1].Str {
			if w.invalid == nil {
				w.refuse(duplicates(kind, members))
			}
			return
		}
	}
	w.dst = appendMembers(w.dst[:start], ordered)
}
