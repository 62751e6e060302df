package expression

import (
	"slices"
	"sort"

	"github.com/ddb-cli/ddb/internal/attr"
)

// applier makes the new item. Attributes that are reached into are copied first, once each, so that the old item stays as it is. Lists change their length
// only at the end, because indexes mean the list before the update.
type applier struct {
	old, item attr.Item
	copied    []string
	lists     []*listChange
}

// listChange collects what an update appends to and removes from one list.
type listChange struct {
	path    Path // of the list
	appends []appended
	removes []int
}

type appended struct {
	index int // as it was written, beyond the end
	value attr.Value
}

func (a *applier) apply(act *action, value attr.Value) *Error {
	if len(act.path) == 1 {
		return a.applyTop(act, value)
	}
	parent := a.parent(act.path)
	last := act.path[len(act.path)-1]
	if parent == nil || (last.Name != "" && parent.Kind != attr.M) || (last.Name == "" && parent.Kind != attr.L) {
		return fail(msgInvalidPath)
	}
	present := child(parent, last)
	if act.kind == keyAdd || act.kind == keyDelete {
		v, remove, err := combine(act, present)
		switch {
		case err != nil:
			return err
		case remove:
			a.remove(act.path, parent, last, present)
			return nil
		case act.kind == keyDelete && present == nil:
			return nil
		}
		value = v
	}
	if act.kind == keyRemove {
		a.remove(act.path, parent, last, present)
		return nil
	}
	switch {
	case present != nil:
		*present = value
	case last.Name != "":
		parent.Map = append(parent.Map, attr.Attribute{Name: last.Name, Value: value})
	default:
		l := a.list(act.path)
		l.appends = append(l.appends, appended{last.Index, value})
	}
	return nil
}

// applyTop changes a top-level attribute.
func (a *applier) applyTop(act *action, value attr.Value) *Error {
	name := act.path[0].Name
	switch act.kind {
	case keySet:
		a.item.Set(name, value)
	case keyRemove:
		a.item.Delete(name)
	default:
		var present *attr.Value
		if i := a.item.Index(name); i >= 0 {
			present = &a.item[i].Value
		}
		v, remove, err := combine(act, present)
		switch {
		case err != nil:
			return err
		case remove:
			a.item.Delete(name)
		case act.kind == keyAdd || present != nil:
			a.item.Set(name, v)
		}
	}
	return nil
}

// parent finds what holds the last step of a path, in a copy of the top-level attribute.
func (a *applier) parent(p Path) *attr.Value {
	i := a.item.Index(p[0].Name)
	if i < 0 {
		return nil
	}
	if !slices.Contains(a.copied, p[0].Name) {
		a.copied = append(a.copied, p[0].Name)
		a.item[i].Value = a.item[i].Value.Clone()
	}
	return walk(&a.item[i].Value, p[1:len(p)-1])
}

func (a *applier) remove(p Path, parent *attr.Value, last Step, present *attr.Value) {
	switch {
	case present == nil:
	case last.Name != "":
		parent.Map.Delete(last.Name)
	default:
		l := a.list(p)
		l.removes = append(l.removes, last.Index)
	}
}

// list finds the changes of the list that holds the last step of a path.
func (a *applier) list(p Path) *listChange {
	p = p[:len(p)-1]
	for _, l := range a.lists {
		if l.path.equal(p) {
			return l
		}
	}
	l := &listChange{path: p}
	a.lists = append(a.lists, l)
	return l
}

// settle appends to and removes from lists, the innermost first, since removing an element would move the lists behind it.
func (a *applier) settle() {
	sort.SliceStable(a.lists, func(i, j int) bool { return len(a.lists[i].path) > len(a.lists[j].path) })
	for _, l := range a.lists {
		v := find(a.item, l.path)
		if v == nil {
			continue
		}
		sort.SliceStable(l.appends, func(i, j int) bool { return l.appends[i].index < l.appends[j].index })
		for _, e := range l.appends {
			v.List = append(v.List, e.value)
		}
		sort.Ints(l.removes)
		for _, index := range slices.Backward(l.removes) {
			v.List = slices.Delete(v.List, index, index+1)
		}
	}
}

// combine computes ADD and DELETE: the new value, or that the attribute goes because its set is empty.
func combine(act *action, present *attr.Value) (v attr.Value, remove bool, err *Error) {
	operand := *act.add
	if present == nil {
		return operand, false, nil
	}
	if present.Kind != operand.Kind {
		if act.legacy {
			return v, false, fail(msgMismatch)
		}
		return v, false, fail(msgOperandType)
	}
	if act.kind == keyDelete {
		v = attr.Value{Kind: operand.Kind, List: minusSet(present.List, operand.List)}
		return v, len(v.List) == 0, nil
	}
	switch operand.Kind {
	case attr.L:
		return attr.List(slices.Concat(present.List, operand.List)...), false, nil
	case attr.N:
		v, err = sum(OpPlus, present.Str, operand.Str)
		return v, false, err
	}
	return attr.Value{Kind: operand.Kind, List: plusSet(present.List, operand.List)}, false, nil
}

// plusSet is the union: the old members, then the new ones.
func plusSet(set, add []attr.Value) []attr.Value {
	has := members(set)
	out := make([]attr.Value, len(set), len(set)+len(add))
	copy(out, set)
	for i := range add {
		if _, ok := has[add[i].Str]; !ok {
			out = append(out, add[i])
		}
	}
	return out
}

// minusSet is the difference.
func minusSet(set, remove []attr.Value) []attr.Value {
	gone := members(remove)
	out := make([]attr.Value, 0, len(set))
	for i := range set {
		if _, ok := gone[set[i].Str]; !ok {
			out = append(out, set[i])
		}
	}
	return out
}

func members(set []attr.Value) map[string]struct{} {
	has := make(map[string]struct{}, len(set))
	for i := range set {
		has[set[i].Str] = struct{}{}
	}
	return has
}
