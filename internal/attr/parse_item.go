package attr

// MaxNameSize is the longest name of an attribute in bytes (API reference, PutItem).
const MaxNameSize = 65535

// checkName holds a name to the limits of attributes' names.
func (r *reader) checkName(name []byte) {
	switch {
	case len(name) == 0:
		r.refuse(constraint(msgNoName))
	case len(name) > MaxNameSize:
		r.refuse(constraint(msgLongName))
	}
}

// item reads a map of values.
func (r *reader) item(depth int) (Item, bool) {
	if !r.open(classMap, msgFieldType) {
		return nil, false
	}
	it := Item{}
	for {
		name, ok := r.s.Key()
		if !ok {
			return it, r.s.Err() == nil
		}
		before := r.invalid
		r.checkName(name)
		v, ok := r.value(depth)
		if !ok {
			return nil, false
		}
		if depth == 0 && before == nil && r.invalid != nil {
			r.invalid.Attribute = string(name)
		}
		if len(it) == 0 {
			it = make(Item, 0, r.roomOf(depth))
		}
		if len(it) < smallItem {
			it.Set(string(name), v)
			continue
		}
		it = append(it, Attribute{Name: string(name), Value: v})
		if len(it)&(len(it)-1) == 0 || r.atEnd() {
			it = it.distinct()
		}
	}
}

// roomOf is for how many attributes an item has room at first, and a map inside one: of those a request can hold a million. What a request gives beside an
// item, a key or the values of an expression, is mostly one or two.
func (r *reader) roomOf(depth int) int {
	if depth == 0 && !r.few {
		return 8
	}
	return 2
}

// smallItem is up to how many attributes looking for a repeated name at each step is quicker than building a map at the end.
const smallItem = 32

// atEnd looks whether the innermost object ends here.
func (r *reader) atEnd() bool {
	next := *r.s
	_, ok := next.Key()
	return !ok
}

// distinct keeps of each name the last value at the place of the first.
func (it Item) distinct() Item {
	at := make(map[string]int, len(it))
	out := it[:0]
	for _, a := range it {
		if i, ok := at[a.Name]; ok {
			out[i].Value = a.Value
			continue
		}
		at[a.Name] = len(out)
		out = append(out, a)
	}
	return out
}
