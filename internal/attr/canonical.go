package attr

import "github.com/ddb-cli/ddb/internal/jsonscan"

// Canonical is the primitive of the write path: it reads an item in wire form at the Scanner's place, checks it as ParseItem does, and appends its
// canonical wire form to dst, numbers in normal form. It returns the item's size in bytes as the service counts it. Nothing is allocated but what dst
// needs, unless strings hold escapes or the members of a set come out of order. Errors are of type *Error and leave dst as it was; after one of value the Scanner stands behind the item.
func Canonical(dst []byte, s *jsonscan.Scanner) (out []byte, size int, err error) {
	start := *s
	w := writer{reader: reader{s: s}, dst: dst}
	ok := w.item(0)
	if err := w.result(ok); err != nil {
		return dst, 0, err
	}
	if !w.repeated {
		return w.dst, w.size, nil
	}
	// A name came twice somewhere: rare enough to take the long way, which keeps the last.
	return keepLast(dst, start)
}

// keepLast is Canonical by way of the tree. It takes the Scanner by value, for Canonical's own copy to stay off the heap.
func keepLast(dst []byte, s jsonscan.Scanner) (out []byte, size int, err error) {
	it, err := ScanItem(&s)
	if err != nil {
		return dst, 0, err
	}
	return AppendItem(dst, it), ItemSize(it), nil
}

// CanonicalItem is Canonical for a text that holds nothing else.
func CanonicalItem(dst, src []byte) (out []byte, size int, err error) {
	s := jsonscan.New(src)
	out, size, err = Canonical(dst, &s)
	if err == nil && !s.End() {
		return dst, 0, syntax(s.Err())
	}
	return out, size, err
}

// writer is a reader that writes what it reads.
type writer struct {
	reader
	dst      []byte
	size     int
	repeated bool // some object held a name twice
}

// item copies a map of values.
func (w *writer) item(depth int) bool {
	if !w.open(classMap, msgFieldType) {
		return false
	}
	w.dst = append(w.dst, '{')
	var names nameSet
	for first := true; ; first = false {
		name, quoted, ok := w.s.KeyToken()
		if !ok {
			w.dst = append(w.dst, '}')
			return w.s.Err() == nil
		}
		if !first {
			w.dst = append(w.dst, ',')
		}
		if names.add(name) {
			w.repeated = true
		}
		w.size += len(name)
		if depth > 0 {
			w.size += elementSize
		}
		w.string(name, quoted)
		w.dst = append(w.dst, ':')
		before := w.invalid
		w.checkName(name)
		if !w.value(depth) {
			return false
		}
		if depth == 0 && before == nil && w.invalid != nil {
			w.invalid.Attribute = string(name)
		}
	}
}

// nameSet notices repeated names: the first few by comparing, the others by a map. Once the different names alone are longer than an item may be, it
// looks no further: with or without what is repeated, the item is refused for its size.
type nameSet struct {
	few  [16][]byte
	n    int
	size int // of the names in many
	many map[string]struct{}
}

func (ns *nameSet) add(name []byte) (repeated bool) {
	for _, seen := range ns.few[:ns.n] {
		if string(seen) == string(name) {
			return true
		}
	}
	if ns.n < len(ns.few) {
		ns.few[ns.n] = name
		ns.n++
		return false
	}
	if ns.size > MaxItemSize {
		return false
	}
	if ns.many == nil {
		ns.many = make(map[string]struct{})
	}
	if _, ok := ns.many[string(name)]; ok {
		return true
	}
	ns.many[string(name)] = struct{}{}
	ns.size += len(name)
	return false
}

// value copies one value, which depth lists and maps enclose.
func (w *writer) value(depth int) bool {
	if depth >= MaxNesting {
		w.nested(depth)
	}
	if w.s.Kind() == jsonscan.Null {
		w.refuse(invalid(msgEmpty))
		return w.s.Skip()
	}
	if !w.open(classValue, msgValueType) {
		return false
	}
	got := Invalid
	for {
		name, ok := w.s.Key()
		if !ok {
			break
		}
		kind := kindOf(name)
		if kind == Invalid || w.s.Kind() == jsonscan.Null {
			if !w.s.Skip() {
				return false
			}
			continue
		}
		several := got != Invalid && got != kind
		w.repeated = w.repeated || got != Invalid
		got = kind
		w.dst = append(w.dst, kindPrefixes[kind]...)
		if !w.payload(kind, depth) {
			return false
		}
		w.dst = append(w.dst, '}')
		if several { // a number that is none is reported first
			w.refuse(invalid(msgSeveral))
		}
	}
	if w.s.Err() != nil {
		return false
	}
	if got == Invalid {
		w.refuse(invalid(msgEmpty))
	}
	return true
}

// payload copies what stands behind the type's name.
func (w *writer) payload(kind Kind, depth int) bool {
	switch kind {
	case S, N, B:
		return w.scalar(kind)
	case BOOL:
		value, ok := w.boolean()
		if value {
			w.dst = append(w.dst, "true"...)
		} else {
			w.dst = append(w.dst, "false"...)
		}
		w.size++
		return ok
	case NULL:
		ok := w.null()
		w.dst = append(w.dst, "true"...)
		w.size++
		return ok
	case L:
		return w.list(depth + 1)
	case M:
		w.size += containerSize
		return w.item(depth + 1)
	default:
		return w.set(kind)
	}
}

func (w *writer) scalar(kind Kind) bool {
	switch kind {
	case N:
		look := *w.s
		text, ok := w.number()
		w.size += numberSize(text)
		if w.size > MaxItemSize && len(w.dst) > maxNormal {
			if _, quoted, plain := look.Token(); plain && quoted != nil {
				w.dst = append(w.dst, quoted...)
				return ok
			}
		}
		w.dst = append(w.dst, '"')
		w.dst = append(w.dst, text...)
		w.dst = append(w.dst, '"')
		return ok
	case B:
		raw, ok := w.binary()
		w.dst = appendBase64(w.dst, raw)
		w.size += len(raw)
		return ok
	default:
		if w.s.Kind() != jsonscan.String {
			w.dst = append(w.dst, `""`...)
			return w.noScalar(classString, "String")
		}
		text, quoted, ok := w.s.Token()
		w.string(text, quoted)
		w.size += len(text)
		return ok
	}
}

// maxNormal is up to where numbers become longer than they arrived: "1e125" has 126 digits in normal form, and a body of 16 MB of it 150 MB. An item
// that is too large already, and will be refused for it, keeps the rest as it came.
const maxNormal = 24 << 20

// string copies a string, whose text in quotes is given if it holds no escapes.
func (w *writer) string(text, quoted []byte) {
	if quoted != nil {
		w.dst = append(w.dst, quoted...)
		return
	}
	w.dst = jsonscan.AppendQuoted(w.dst, text)
}

func (w *writer) list(depth int) bool {
	if !w.openList() {
		return false
	}
	w.size += containerSize
	w.dst = append(w.dst, '[')
	for first := true; w.s.Elem(); first = false {
		if !first {
			w.dst = append(w.dst, ',')
		}
		w.size += elementSize
		if !w.value(depth) {
			return false
		}
	}
	w.dst = append(w.dst, ']')
	return w.s.Err() == nil
}
