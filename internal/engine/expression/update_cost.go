package expression

import (
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
)

// What the parts of an update count in bytes against the limit of 400 KB, which the service holds a request to beside the item it leaves (eu-west-2, 9
// October 2026, found by halving over 86 expressions: source of nubo-db/dynoxide 3.2). What the table holds counts nothing, and neither do conditions.
const (
	costUpdate    = 3  // of all clauses together
	costWrite     = 19 // of SET and ADD
	costClear     = 1  // of REMOVE and DELETE
	costStep      = 4  // of each step behind the first of a path that is written to
	costRead      = 1  // of a path that is read
	costReadStep  = 14 // of each of its steps
	costPlus      = 34
	costMinus     = 37
	costIfMissing = 39 // if_not_exists
	costAppend    = 37 // list_append
)

// Cost is what the update counts against the largest size of an item by itself: each clause its path and what it writes, values at every use, never what
// comes of them.
func (u *Update) Cost() int {
	cost := costUpdate
	for i := range u.actions {
		a := &u.actions[i]
		for j, s := range a.path {
			if cost += s.cost(); j > 0 {
				cost += costStep
			}
		}
		switch a.kind {
		case keySet:
			cost += costWrite + a.value.cost()
		case keyAdd:
			cost += costWrite + attr.ValueSize(*a.add)
		default: // of the members that DELETE takes away none count
			cost += costClear
		}
	}
	return cost
}

func (s Step) cost() int {
	if s.Name == "" {
		return len(strconv.Itoa(s.Index))
	}
	return len(s.Name)
}

// cost of a path that is read.
func (p Path) cost() int {
	cost := costRead
	for _, s := range p {
		cost += costReadStep + s.cost()
	}
	return cost
}

func (o *setConstant) cost() int { return attr.ValueSize(*o.v) }

func (o *setPath) cost() int { return o.path.cost() }

func (o *setDefault) cost() int { return costIfMissing + o.path.cost() + o.otherwise.cost() }

func (o *setAppend) cost() int { return costAppend + o.first.cost() + o.second.cost() }

func (o *setSum) cost() int {
	if o.op == OpMinus {
		return costMinus + o.left.cost() + o.right.cost()
	}
	return costPlus + o.left.cost() + o.right.cost()
}
