package cmd

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/wire"
)

// set fills the member from text. Whatever is not a plain scalar may come from standard input (-) or a file (@name).
func (f *boundField) set(a *app, texts ...string) error {
	text := texts[len(texts)-1]
	t := f.elem()
	if f.name == "table" && text == "." {
		table, err := a.defaultTable()
		if err != nil {
			return err
		}
		text = table
	}
	if f.repeated() {
		var all []string
		for _, s := range texts {
			all = append(all, strings.Split(s, ",")...)
		}
		return f.json(mustJSON(all))
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		at, err := parseTime(text, time.Now())
		if err != nil {
			return err
		}
		return f.json(mustJSON(at))
	case t == reflect.TypeFor[attr.Item]():
		item, err := a.parseItem(text)
		if err != nil {
			return err
		}
		f.value.Set(reflect.ValueOf(item))
		return nil
	case t == reflect.TypeFor[[]types.AttributeValue]():
		values, err := a.parseValues(text)
		if err != nil {
			return err
		}
		f.value.Set(reflect.ValueOf(values))
		return nil
	case t == reflect.TypeFor[op.JSON]():
		raw, err := a.source(text)
		if err != nil {
			return err
		}
		return f.json(raw)
	case t.Kind() == reflect.String:
		if values := enumOf(t); len(values) > 0 {
			var err error
			if text, err = oneOf(text, values); err != nil {
				return err
			}
		}
		return f.json(mustJSON(text))
	case t.Kind() == reflect.Map && t.Elem().Kind() == reflect.String:
		names, err := a.parseNames(text)
		if err != nil {
			return err
		}
		return f.json(mustJSON(names))
	case t.Kind() == reflect.Bool:
		on, err := strconv.ParseBool(text)
		if err != nil {
			return usage(fmt.Sprintf("expected true or false, found %q", text), "")
		}
		return f.json(mustJSON(on))
	case t.Kind() == reflect.Int32, t.Kind() == reflect.Int64, t.Kind() == reflect.Float64:
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return usage(fmt.Sprintf("expected a number, found %q", text), "")
		}
		return f.json([]byte(text))
	}
	raw, err := a.source(text)
	if err != nil {
		return err
	}
	return f.json(raw)
}

func (f *boundField) json(raw []byte) error {
	if err := wire.Unmarshal(raw, f.value.Addr().Interface()); err != nil {
		return usage(err.Error(), "")
	}
	return nil
}

func mustJSON(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil { // texts, numbers, times and truth values always have a JSON form
		return []byte("null")
	}
	return raw
}

// enumOf lists the values of an enumeration of the SDK.
func enumOf(t reflect.Type) []string {
	if t.Kind() != reflect.String {
		return nil
	}
	method, ok := t.MethodByName("Values")
	if !ok {
		return nil
	}
	list := method.Func.Call([]reflect.Value{reflect.Zero(t)})[0]
	values := make([]string, list.Len())
	for i := range values {
		values[i] = list.Index(i).String()
	}
	return values
}

// oneOf accepts a value in any case and with dashes for underscores.
func oneOf(text string, values []string) (string, error) {
	normal := strings.ToUpper(strings.ReplaceAll(text, "-", "_"))
	for _, v := range values {
		if strings.EqualFold(v, normal) {
			return v, nil
		}
	}
	return "", usage(fmt.Sprintf("%q is not one of %s", text, strings.Join(values, ", ")), orNearest(normal, values, "write one of them, in capitals or not"))
}
