package mcp

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/wire"
)

// listing asks for a shorter page of a list again, so that the place to go on from is the service's.
func (c *cutting) listing(ctx context.Context, size int) (string, error) {
	rows, outside := rowsOf(reflect.ValueOf(c.out))
	if !rows.IsValid() || rows.Len() < 2 || outside == "" || c.o.EffectOf(c.in) != op.Read {
		return "", errUncut
	}
	keep := c.fitting(rows.Len(), size, func(i int) any { return rows.Index(i).Interface() })
	if keep == 0 {
		keep = 1
	}
	fewer, from := withLimit(c.in, keep)
	if fewer == nil || from == "" {
		return "", errUncut
	}
	again, err := c.again(ctx, fewer)
	if err != nil {
		return "", err
	}
	c.in, c.out = fewer, again
	return cutNote(fmt.Sprintf("cut to the first %d to fit: go on with %s = %s", keep, from, outside)), nil
}

// rowsOf are what an answer lists, and the name of the member that leads on. They stand side by side, in the answer itself or in
// the one thing it describes.
func rowsOf(v reflect.Value) (rows reflect.Value, next string) {
	v = reflect.Indirect(v)
	if v.Kind() != reflect.Struct {
		return reflect.Value{}, ""
	}
	var inside []reflect.Value
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		switch {
		case strings.HasPrefix(name, "LastEvaluated") || name == "NextToken":
			next = name
		case f.Kind() == reflect.Slice && (!rows.IsValid() || f.Len() > rows.Len()):
			rows = f
		case f.Kind() == reflect.Pointer && f.Type().Elem().Kind() == reflect.Struct:
			inside = append(inside, f)
		}
	}
	if next == "" {
		for _, f := range inside {
			if rows, next := rowsOf(f); next != "" {
				return rows, next
			}
		}
	}
	return rows, next
}

// withLimit is an input that asks for at most so many, and the name of its argument that takes the place to go on from; nil where it has no
// limit.
func withLimit(in any, most int) (fewer any, from string) {
	v := reflect.New(reflect.TypeOf(in).Elem())
	v.Elem().Set(reflect.ValueOf(in).Elem())
	for _, f := range wire.Fields(v.Elem().Type()) {
		at := v.Elem().FieldByIndex(f.Index)
		switch {
		case f.Name == "limit" || f.Name == "max_results" || f.Name == "page_size":
			n := reflect.ValueOf(int32(most))
			if at.Kind() == reflect.Pointer {
				p := reflect.New(at.Type().Elem())
				p.Elem().Set(n.Convert(at.Type().Elem()))
				at.Set(p)
			} else {
				at.Set(n.Convert(at.Type()))
			}
			fewer = v.Interface()
		case strings.HasPrefix(f.Name, "exclusive_start") || f.Name == "next_token":
			from = f.Name
		}
	}
	return fewer, from
}
