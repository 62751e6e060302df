package attr

import "slices"

// Equal tells whether two items hold the same attributes, in whatever order.
func (it Item) Equal(other Item) bool {
	if len(it) != len(other) {
		return false
	}
	var at map[string]int // made when there are many names and their order is not the same
	for i := range it {
		j := i
		switch {
		case other[j].Name == it[i].Name:
		case len(it) <= smallItem:
			j = other.Index(it[i].Name)
		default:
			if at == nil {
				at = make(map[string]int, len(other))
				for k := range other {
					at[other[k].Name] = k
				}
			}
			var ok bool
			if j, ok = at[it[i].Name]; !ok {
				return false
			}
		}
		if j < 0 || !it[i].Value.Equal(other[j].Value) {
			return false
		}
	}
	return true
}

// Equal tells whether two values are the same: equal types, numbers (in normal form) by value, sets without regard to order, lists in order, maps by name.
func (v Value) Equal(w Value) bool {
	if v.Kind != w.Kind {
		return false
	}
	switch v.Kind {
	case S, N, B:
		return v.Str == w.Str
	case BOOL:
		return v.Bool == w.Bool
	case L:
		return slices.EqualFunc(v.List, w.List, Value.Equal)
	case M:
		return v.Map.Equal(w.Map)
	case SS, NS, BS:
		return equalSets(v.List, w.List)
	default:
		return true
	}
}

// equalSets compares sets, whose members are distinct. Sets in order, as those of stored items are, are compared in one pass.
func equalSets(a, b []Value) bool {
	if len(a) != len(b) {
		return false
	}
	for len(a) > 0 && a[0].Str == b[0].Str {
		a, b = a[1:], b[1:]
	}
	if len(a) == 0 {
		return true
	}
	if len(a) <= smallSet {
		for i := range a {
			if !Contains(b, a[i]) {
				return false
			}
		}
		return true
	}
	if Compare(a[0], b[0]) > 0 {
		a, b = b, a
	}
	if ascending(b) {
		return false // the first of a comes before all of b
	}
	seen := make(map[string]struct{}, len(b))
	for i := range b {
		seen[b[i].Str] = struct{}{}
	}
	for i := range a {
		if _, ok := seen[a[i].Str]; !ok {
			return false
		}
	}
	return true
}

// OrderSet puts the members of a set in the order of stored ones, where comparing it with those is quicker for it.
func (v *Value) OrderSet() {
	if (v.Kind == SS || v.Kind == NS || v.Kind == BS) && len(v.List) > smallSet && !ascending(v.List) {
		slices.SortFunc(v.List, Compare)
	}
}

// smallSet is up to how many members comparing each with each is quicker than building a map.
const smallSet = 16

// Contains tells whether values, the content of a list or a set, hold one that equals v.
func Contains(values []Value, v Value) bool {
	for i := range values {
		if values[i].Equal(v) {
			return true
		}
	}
	return false
}
