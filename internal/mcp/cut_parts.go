package mcp

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/wire"
)

// leastPart is the size in bytes below which leaving a part out saves less than naming it takes.
const leastPart = 60

// parts leaves out of an answer that describes something the largest parts, until the rest fits: first what its rows (indexes,
// replicas, tags) say beyond their names and keys, then whole rows. What is left out is named.
func (c *cutting) parts(size int) (string, error) {
	if c.stages == nil && c.scale == 0 && !hasItems(reflect.TypeOf(c.out)) {
		c.scale = c.indentedBy(size)
		c.out, c.stages = partsOf(c.out)
	}
	for len(c.left) == 0 && len(c.stages) > 0 {
		c.left, c.stages = c.stages[0](), c.stages[1:]
		for i := range c.left {
			c.left[i].size = int(float64(c.left[i].size) * c.scale)
		}
	}
	before := len(c.dropped)
	notes, err := c.withoutAttributes(size, "left out to fit is what left_out names; whoever started the server can give it a larger --max-result-bytes")
	for _, row := range c.dropped[before:] { // what went with it needs no name of its own
		c.dropped = slices.DeleteFunc(c.dropped, func(a attribute) bool { return a.where == joined(row.where, row.name) })
	}
	return notes, err
}

// indentedBy is how much larger a part is in the result than in compact JSON.
func (c *cutting) indentedBy(size int) float64 {
	text, err := wire.Append(nil, c.out)
	if err != nil || len(text) == 0 {
		return 1
	}
	return max(1, float64(size)/float64(len(text)))
}

// hasItems says whether an answer holds items: those are not cut up, since what is read may be written back.
func hasItems(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return false
	}
	item := reflect.TypeFor[map[string]types.AttributeValue]()
	for field := range t.Fields() {
		if f := field.Type; f == item || f.Kind() == reflect.Slice && (f.Elem() == item || hasItems(f.Elem())) {
			return true
		}
	}
	return false
}

// partsOf copies an answer as far as it is changed, and lists what can be left out of the copy, stage by stage.
func partsOf(out any) (copied any, stages []func() []attribute) {
	v := reflect.ValueOf(out)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return out, nil
	}
	c := reflect.New(v.Type().Elem())
	c.Elem().Set(v.Elem())
	w := partWalk{}
	w.members(c.Elem(), "")
	return c.Interface(), []func() []attribute{
		func() []attribute { return w.inner },
		func() (all []attribute) { // as large as they are by then
			for _, rows := range w.rows {
				all = append(all, rows()...)
			}
			return all
		},
	}
}

type partWalk struct {
	inner []attribute
	rows  []func() []attribute // of each list
}

func (w *partWalk) members(v reflect.Value, where string) {
	for _, f := range wire.Fields(v.Type()) {
		at, path := v.FieldByIndex(f.Index), joined(where, f.Name)
		switch {
		case strings.HasPrefix(f.Name, "Next") || strings.HasPrefix(f.Name, "LastEvaluated"):
		case at.Kind() == reflect.Pointer && !at.IsNil() && at.Type().Elem().Kind() == reflect.Struct && len(wire.Fields(at.Type().Elem())) > 0:
			c := reflect.New(at.Type().Elem())
			c.Elem().Set(at.Elem())
			at.Set(c)
			w.members(c.Elem(), path)
		case at.Kind() == reflect.Slice && at.Type().Elem().Kind() != reflect.Uint8 && at.Len() > 0:
			w.list(at, where, f.Name)
		}
	}
}

// list takes in the rows of a list. A row that goes leaves the others in their order.
func (w *partWalk) list(at reflect.Value, where, name string) {
	all := reflect.MakeSlice(at.Type(), at.Len(), at.Len())
	reflect.Copy(all, at)
	at.Set(all)
	if all.Type().Elem().Kind() == reflect.Struct {
		w.inside(all, where, name)
	}
	w.rows = append(w.rows, func() []attribute {
		gone := make([]bool, all.Len())
		list := make([]attribute, 0, all.Len())
		for i := range all.Len() {
			list = append(list, attribute{where, name + "[" + rowName(all.Index(i), i) + "]", sizeOf(all.Index(i)), func() {
				gone[i] = true
				kept := reflect.MakeSlice(at.Type(), 0, all.Len())
				for j := range all.Len() {
					if !gone[j] {
						kept = reflect.Append(kept, all.Index(j))
					}
				}
				at.Set(kept)
			}})
		}
		return list
	})
}

// inside takes in what rows say beyond their names and their keys: a member of all rows at once, or of each where they have no more
// than the one.
func (w *partWalk) inside(all reflect.Value, where, name string) {
	members := beyondNames(all)
	for _, f := range members {
		whole := attribute{joined(where, name+"[]"), f.Name, 0, func() {
			for i := range all.Len() {
				all.Index(i).FieldByIndex(f.Index).SetZero()
			}
		}}
		for i := range all.Len() {
			at := all.Index(i).FieldByIndex(f.Index)
			if at.IsNil() {
				continue
			}
			size := sizeOf(at)
			whole.size += size
			if len(members) == 1 && size >= leastPart {
				w.inner = append(w.inner, attribute{joined(where, name+"["+rowName(all.Index(i), i)+"]"), f.Name, size, at.SetZero})
			}
		}
		if len(members) > 1 && whole.size >= leastPart {
			w.inner = append(w.inner, whole)
		}
	}
}

// beyondNames are the members that rows can be without.
func beyondNames(all reflect.Value) []wire.Field {
	var list []wire.Field
	for _, f := range wire.Fields(all.Type().Elem()) {
		switch kind := f.Type.Kind(); {
		case kind != reflect.Pointer && kind != reflect.Slice && kind != reflect.Map:
		case strings.HasSuffix(f.Name, "Name"), strings.HasSuffix(f.Name, "Status"), f.Name == "KeySchema", f.Name == "Key":
		default:
			list = append(list, f)
		}
	}
	return list
}

func sizeOf(v reflect.Value) int {
	text, err := wire.Append(nil, v.Interface())
	if err != nil {
		return 0
	}
	return len(text)
}

// rowName is what a row is called by, or its place.
func rowName(row reflect.Value, i int) string {
	if row.Kind() == reflect.Struct {
		for _, f := range wire.Fields(row.Type()) {
			at := row.FieldByIndex(f.Index)
			if (strings.HasSuffix(f.Name, "Name") || f.Name == "Key") && at.Kind() == reflect.Pointer && !at.IsNil() && at.Elem().Kind() == reflect.String {
				return at.Elem().String()
			}
		}
	}
	return strconv.Itoa(i)
}

func joined(where, name string) string {
	if where == "" {
		return name
	}
	return where + "." + name
}
