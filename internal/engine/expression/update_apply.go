package expression

import (
	"slices"
	"sort"

	"github.com/ddb-cli/ddb/internal/attr"
)

// effect is what an action does at its path, as found out from the item before the update.
type effect struct {
	kind  effectKind
	value attr.Value
}

type effectKind uint8

const (
	nothing effectKind = iota
	write
	remove
)

// effect checks that the path can be written to, then computes what is written.
func (a *action) effect(old attr.Item) (effect, *Error) {
	var present *attr.Value
	if len(a.path) > 1 {
		last := a.path[len(a.path)-1]
		parent := find(old, a.path[:len(a.path)-1])
		if parent == nil || (last.Name != "" && parent.Kind != attr.M) || (last.Name == "" && parent.Kind != attr.L) {
			return effect{}, fail(msgInvalidPath)
		}
		present = child(parent, last)
	} else {
		present = find(old, a.path)
	}
	switch {
	case a.kind == keySet:
		v, err := a.value.eval(old)
		if err == nil && len(a.path)+v.Depth() > attr.MaxNesting+1 {
			err = fail(msgNesting)
		}
		return effect{write, v}, err
	case a.kind == keyRemove && present != nil:
		return effect{kind: remove}, nil
	case a.kind == keyAdd && present == nil:
		return effect{write, *a.add}, nil
	case present == nil:
		return effect{}, nil
	default:
		return a.combine(present)
	}
}

// combine computes ADD to and DELETE from what is there. A set that becomes empty goes.
func (a *action) combine(present *attr.Value) (effect, *Error) {
	operand := a.add
	if present.Kind != operand.Kind {
		if a.legacy {
			return effect{}, fail(msgMismatch)
		}
		return effect{}, fail(msgOperandType)
	}
	if a.kind == keyDelete {
		rest := minusSet(present.List, operand.List)
		if len(rest) == 0 {
			return effect{kind: remove}, nil
		}
		return effect{write, attr.Value{Kind: operand.Kind, List: rest}}, nil
	}
	switch operand.Kind {
	case attr.L:
		return effect{write, attr.List(slices.Concat(present.List, operand.List)...)}, nil
	case attr.N:
		v, err := sum(OpPlus, present.Str, operand.Str)
		return effect{write, v}, err
	default:
		return effect{write, attr.Value{Kind: operand.Kind, List: plusSet(present.List, operand.List)}}, nil
	}
}

// applier makes the new item. Attributes that are reached into are copied first, once each, so that the old item stays as it is. Lists change their length
// only at the end, because indexes mean the list before the update.
type applier struct {
	item   attr.Item
	copied []string
	lists  []*listChange
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

// apply carries out one effect, whose path has been checked.
func (a *applier) apply(path Path, e effect) {
	switch {
	case e.kind == nothing:
	case len(path) > 1:
		a.applyNested(path, e)
	case e.kind == remove:
		a.item.Delete(path.Root())
	default:
		a.item.Set(path.Root(), e.value)
	}
}

func (a *applier) applyNested(path Path, e effect) {
	parent := a.parent(path)
	last := path[len(path)-1]
	switch {
	case parent == nil:
	case e.kind == remove && last.Name != "":
		parent.Map.Delete(last.Name)
	case e.kind == remove:
		l := a.list(path)
		l.removes = append(l.removes, last.Index)
	case last.Name != "":
		parent.Map.Set(last.Name, e.value)
	case last.Index < len(parent.List):
		parent.List[last.Index] = e.value
	default:
		l := a.list(path)
		l.appends = append(l.appends, appended{last.Index, e.value})
	}
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
		v.List = without(v.List, l.removes)
	}
}

// without is a list without the elements at the places of removes, which it has. It moves each element once, however many go.
func without(list []attr.Value, removes []int) []attr.Value {
	if len(removes) == 0 {
		return list
	}
	sort.Ints(removes)
	left := list[:removes[0]]
	for i, index := range removes {
		next := len(list)
		if i+1 < len(removes) {
			next = removes[i+1]
		}
		left = append(left, list[index+1:max(index+1, next)]...)
	}
	clear(list[len(left):])
	return left
}

// plusSet is the union: the old members, then the new ones. What is added is mostly little beside what is there.
func plusSet(set, add []attr.Value) []attr.Value {
	return append(minusSet(set, add), add...)
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
