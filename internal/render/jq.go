package render

import (
	"encoding/json"
	"errors"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"strconv"

	"github.com/itchyny/gojq"
)

// A jqQuery is a compiled --jq. Numbers pass through with their digits; arithmetic on them is float64, as in jq.
type jqQuery struct{ code *gojq.Code }

func compileJQ(text string) (*jqQuery, error) {
	parsed, err := gojq.Parse(text)
	if err != nil {
		return nil, &UsageError{Message: "--jq: " + err.Error(), Hint: "see https://jqlang.org/manual"}
	}
	code, err := gojq.Compile(parsed)
	if err != nil {
		return nil, &UsageError{Message: "--jq: " + err.Error(), Hint: "see https://jqlang.org/manual"}
	}
	return &jqQuery{code: code}, nil
}

// each hands every result for one input to emit.
func (q *jqQuery) each(tree any, emit func(any) error) error {
	from := make(orders)
	iter := q.code.Run(toPlain(tree, from, nil))
	for {
		v, ok := iter.Next()
		if !ok {
			return nil
		}
		if err, failed := v.(error); failed {
			var halt *gojq.HaltError
			if errors.As(err, &halt) && halt.Value() == nil {
				return nil
			}
			return &UsageError{Message: "--jq: " + err.Error()}
		}
		if err := emit(fromJQ(v, from)); err != nil {
			return err
		}
	}
}

func fromJQ(v any, from orders) any {
	switch t := v.(type) {
	case int:
		return json.Number(strconv.Itoa(t))
	case float64:
		return fromJMES(t, nil)
	case *big.Int:
		return json.Number(t.String())
	case []any:
		list := make([]any, len(t))
		for i, e := range t {
			list[i] = fromJQ(e, from)
		}
		return list
	case map[string]any:
		if obj, ok := from[reflect.ValueOf(t).Pointer()]; ok && len(obj.Fields) == len(t) {
			return obj
		}
		obj := new(Object)
		for _, name := range slices.Sorted(maps.Keys(t)) {
			obj.Fields = append(obj.Fields, Field{Name: name, Value: fromJQ(t[name], from)})
		}
		return obj
	default:
		return v
	}
}

// selected prints what --query or --jq picks out of an answer.
func (p *Printer) selected(tree any) error {
	if p.jq != nil {
		return p.jq.each(tree, func(v any) error { return p.result(v) })
	}
	if _, list := tree.([]any); list && p.query.items {
		return &UsageError{Message: "--query: a list of items has no member Items", Hint: "it sees the list itself, and plain values: --query '[].name'"}
	}
	got, err := p.query.search(tree)
	if err != nil {
		return err
	}
	return p.spread(got)
}

// spread prints what --query selected: without -o a list has its elements one to a line, and on a terminal objects are shown as tables.
func (p *Printer) spread(v any) error {
	if p.opts.Format != Auto {
		return p.result(v)
	}
	switch t := v.(type) {
	case []any:
		if p.opts.Terminal && !slices.ContainsFunc(t, func(e any) bool { _, ok := e.(*Object); return !ok }) {
			return p.tree(t, nil)
		}
		for _, e := range t {
			if err := p.result(e); err != nil {
				return err
			}
		}
		return nil
	case *Object:
		if p.opts.Terminal {
			return p.tree(t, nil)
		}
		return p.line(appendIndented(nil, t, 0))
	}
	return p.result(v)
}

// result prints one value on a line. Without -o a text or number stands bare on it, as a script wants them.
func (p *Printer) result(v any) error {
	if p.opts.Format != Auto {
		if p.jq != nil && p.opts.Format == JSON {
			return p.line(appendIndented(nil, v, 0))
		}
		return p.tree(v, nil)
	}
	switch t := v.(type) {
	case nil:
		return p.line([]byte("null"))
	case []any, *Object:
		return p.line(appendCompact(nil, t))
	default:
		return p.line([]byte(scalarText(t)))
	}
}
