package partiql

import (
	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
)

// bound is an end of an interval of sort keys.
type bound struct {
	at     attr.Value
	closed bool // at is part of the interval
	prefix bool // at is behind all that begins with a prefix, and may be no value itself
}

// interval is a range of sort keys; an end that is nil is open to all.
type interval struct{ low, high *bound }

func intervalOf(t term) interval {
	v := t.values[0]
	at := func(closed bool) *bound { return &bound{at: v, closed: closed} }
	switch t.op {
	case expression.Eq:
		return interval{at(true), at(true)}
	case expression.Lt:
		return interval{nil, at(false)}
	case expression.Le:
		return interval{nil, at(true)}
	case expression.Gt:
		return interval{at(false), nil}
	case expression.Ge:
		return interval{at(true), nil}
	case expression.BetweenOp:
		return interval{at(true), &bound{at: t.values[1], closed: true}}
	case expression.BeginsWith:
		return interval{at(true), behind(v)}
	}
	return interval{}
}

// behind is the end of all values that begin with a prefix; nil when nothing comes behind them.
func behind(prefix attr.Value) *bound {
	b := []byte(prefix.Str)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] != 0xFF {
			b[i]++
			return &bound{at: attr.Value{Kind: prefix.Kind, Str: string(b[:i+1])}, prefix: true}
		}
	}
	return nil
}

func (v interval) intersect(w interval) interval {
	if w.low != nil && (v.low == nil || higher(w.low, v.low)) {
		v.low = w.low
	}
	if w.high != nil && (v.high == nil || lower(w.high, v.high)) {
		v.high = w.high
	}
	return v
}

// higher and lower tell whether one end leaves out more than another.

func higher(a, b *bound) bool {
	c := attr.Compare(a.at, b.at)
	return c > 0 || c == 0 && !a.closed
}

func lower(a, b *bound) bool {
	c := attr.Compare(a.at, b.at)
	return c < 0 || c == 0 && !a.closed
}

func (v interval) empty() bool {
	if v.low == nil || v.high == nil {
		return false
	}
	c := attr.Compare(v.low.at, v.high.at)
	return c > 0 || c == 0 && !(v.low.closed && v.high.closed)
}

// compareStart compares where intervals begin.
func (v interval) compareStart(w interval) int {
	switch {
	case v.low == nil && w.low == nil:
		return 0
	case v.low == nil:
		return -1
	case w.low == nil:
		return 1
	}
	if c := attr.Compare(v.low.at, w.low.at); c != 0 || v.low.closed == w.low.closed {
		return c
	}
	if v.low.closed {
		return -1
	}
	return 1
}
