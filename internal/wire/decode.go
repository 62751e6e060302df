package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
)

// Unmarshal reads wire JSON into an SDK struct (or one of ours): attribute values as DynamoDB JSON, times as epoch
// seconds or RFC 3339, binary as base64, enumerations as they stand. A member the struct does not have is an error.
func Unmarshal(data []byte, into any) error {
	return decodeInto(data, into, decoder{})
}

// UnmarshalArguments is Unmarshal for what language models send: an object, a list, a number or a truth value may
// come as JSON text ("42", "{\"S\":\"a\"}"), null stands for an absent member, and a member of ours that is required
// must be there. Unknown members are refused by name with the valid ones.
func UnmarshalArguments(data []byte, into any) error {
	return decodeInto(data, into, decoder{lenient: true})
}

// Parser is a type that reads its own JSON. Raw is a JSON value, never null.
type Parser interface {
	ParseArgument(raw json.RawMessage) error
}

func decodeInto(data []byte, into any, d decoder) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("wire: cannot read into %T, a pointer is needed", into)
	}
	if !json.Valid(data) {
		return &Error{Message: syntaxMessage(data)}
	}
	return d.value(bytes.TrimSpace(data), v.Elem(), "")
}

type decoder struct{ lenient bool }

func (d decoder) value(raw []byte, v reflect.Value, path string) error {
	if string(raw) == "null" {
		v.SetZero()
		return nil
	}
	t := v.Type()
	if t.Kind() == reflect.Pointer && t != typeValue {
		fresh := reflect.New(t.Elem())
		if err := d.value(raw, fresh.Elem(), path); err != nil {
			return err
		}
		v.Set(fresh)
		return nil
	}
	if v.CanAddr() {
		if p, ok := reflect.TypeAssert[Parser](v.Addr()); ok {
			if err := p.ParseArgument(raw); err != nil {
				return at(path, err)
			}
			return nil
		}
	}
	switch t {
	case typeValue, typeAttr, typeItem, typeTime, typeRaw:
		return d.special(raw, v, path)
	}
	switch t.Kind() {
	case reflect.String:
		return d.text(raw, v, path)
	case reflect.Bool:
		return d.truth(raw, v, path)
	case reflect.Int, reflect.Int32, reflect.Int64:
		return d.integer(raw, v, path)
	case reflect.Float32, reflect.Float64:
		f, err := strconv.ParseFloat(d.unquoted(raw), 64)
		if err != nil {
			return mismatch(path, "a number", raw)
		}
		v.SetFloat(f)
		return nil
	case reflect.Slice:
		return d.slice(raw, v, path)
	case reflect.Map:
		return d.mapping(raw, v, path)
	case reflect.Struct:
		return d.structure(raw, v, path)
	}
	return fmt.Errorf("wire: no way to read %s from JSON", t)
}

// opened gives the JSON that begins with the bracket wanted, out of a string when lenient.
func (d decoder) opened(raw []byte, bracket byte) ([]byte, bool) {
	if raw[0] == bracket {
		return raw, true
	}
	inner := bytes.TrimSpace([]byte(d.unquoted(raw)))
	if len(inner) > 0 && inner[0] == bracket && json.Valid(inner) {
		return inner, true
	}
	return nil, false
}

func (d decoder) special(raw []byte, v reflect.Value, path string) error {
	switch v.Type() {
	case typeRaw:
		v.SetBytes(bytes.Clone(raw))
		return nil
	case typeTime:
		t, err := parseTime(raw)
		if err != nil {
			return mismatch(path, `a time such as "2026-01-02T15:04:05Z" or epoch seconds`, raw)
		}
		v.Set(reflect.ValueOf(t))
		return nil
	}
	object, ok := d.opened(raw, '{')
	if !ok {
		want := `an attribute value such as {"S":"text"}`
		if v.Type() == typeItem {
			want = `an object of attribute values such as {"pk":{"S":"text"}}`
		}
		return mismatch(path, want, raw)
	}
	if v.Type() == typeItem {
		item, err := attr.ParseItem(object)
		if err != nil {
			return itemError(object, path, err)
		}
		if item == nil {
			item = attr.Item{}
		}
		v.Set(reflect.ValueOf(item))
		return nil
	}
	value, err := attr.ParseValue(object)
	if err != nil {
		return at(path, err)
	}
	if v.Type() == typeAttr {
		v.Set(reflect.ValueOf(value))
	} else {
		v.Set(reflect.ValueOf(ValueToSDK(value)))
	}
	return nil
}

func (d decoder) slice(raw []byte, v reflect.Value, path string) error {
	t := v.Type()
	if t.Elem().Kind() == reflect.Uint8 {
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return mismatch(path, "base64 text", raw)
		}
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return mismatch(path, "base64 text", raw)
		}
		v.SetBytes(b)
		return nil
	}
	list, ok := d.opened(raw, '[')
	if !ok {
		return mismatch(path, "a list", raw)
	}
	var elements []json.RawMessage
	if err := json.Unmarshal(list, &elements); err != nil {
		return at(path, err)
	}
	out := reflect.MakeSlice(t, len(elements), len(elements))
	for i, e := range elements {
		if err := d.value(e, out.Index(i), fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	v.Set(out)
	return nil
}

// entries are the members of a JSON object.
func (d decoder) entries(raw []byte, path string) (map[string]json.RawMessage, error) {
	object, ok := d.opened(raw, '{')
	if !ok {
		return nil, mismatch(path, "an object", raw)
	}
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(object, &entries); err != nil {
		return nil, at(path, err)
	}
	return entries, nil
}

func (d decoder) mapping(raw []byte, v reflect.Value, path string) error {
	entries, err := d.entries(raw, path)
	if err != nil {
		return err
	}
	t := v.Type()
	out := reflect.MakeMapWithSize(t, len(entries))
	for name, e := range entries {
		elem := reflect.New(t.Elem()).Elem()
		if err := d.value(e, elem, join(path, name)); err != nil {
			return err
		}
		out.SetMapIndex(reflect.ValueOf(name).Convert(t.Key()), elem)
	}
	v.Set(out)
	return nil
}

func (d decoder) structure(raw []byte, v reflect.Value, path string) error {
	entries, err := d.entries(raw, path)
	if err != nil {
		return err
	}
	fields := Fields(v.Type())
	for _, f := range fields {
		e, there := entries[f.Name]
		delete(entries, f.Name)
		if !there || string(e) == "null" {
			if d.lenient && f.Required {
				return &Error{Path: join(path, f.Name), Message: "required, but missing" + alsoUnknown(entries, fields)}
			}
			continue
		}
		if err := d.value(e, v.FieldByIndex(f.Index), join(path, f.Name)); err != nil {
			return err
		}
	}
	if len(entries) > 0 {
		return unknown(path, entries, fields)
	}
	return nil
}
