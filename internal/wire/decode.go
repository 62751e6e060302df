package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/attr"
)

// Error is JSON that does not fit the type it is read into.
type Error struct {
	// Path names the place, e.g. `key_schema[0].KeyType`; empty for the whole.
	Path    string
	Message string
	// Valid are the names there are, sorted, where one is not among them.
	Valid []string
}

func (e *Error) Error() string {
	text := e.Message
	if len(e.Valid) > 0 {
		text += "; valid ones: " + strings.Join(e.Valid, ", ")
	}
	if e.Path == "" {
		return text
	}
	return e.Path + ": " + text
}

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

func syntaxMessage(data []byte) string {
	var ignored any
	if err := json.Unmarshal(data, &ignored); err != nil {
		return "the text is not JSON: " + err.Error()
	}
	return "the text is not JSON"
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

// unquoted gives the text of a JSON string when lenient, else the value as it stands.
func (d decoder) unquoted(raw []byte) string {
	if d.lenient && raw[0] == '"' {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return strings.TrimSpace(s)
		}
	}
	return string(raw)
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

// itemError says which attribute of an item is at fault: the service's own words leave that open.
func itemError(object []byte, path string, err error) error {
	var entries map[string]json.RawMessage
	if json.Unmarshal(object, &entries) != nil {
		return at(path, err)
	}
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		if entries[name][0] != '{' {
			return mismatch(join(path, name), `an attribute value such as {"S":"text"}`, entries[name])
		}
		if _, err := attr.ParseValue(entries[name]); err != nil {
			return at(join(path, name), err)
		}
	}
	return at(path, err)
}

func parseTime(raw []byte) (time.Time, error) {
	if raw[0] == '"' {
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return time.Time{}, err
		}
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return t.UTC(), nil
		}
		raw = []byte(s)
	}
	seconds, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return time.Time{}, err
	}
	whole, fraction := math.Modf(seconds)
	return time.Unix(int64(whole), int64(math.Round(fraction*1e3))*1e6).UTC(), nil
}

func (d decoder) text(raw []byte, v reflect.Value, path string) error {
	if raw[0] != '"' {
		return mismatch(path, "a string", raw)
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return at(path, err)
	}
	v.SetString(s)
	return nil
}

func (d decoder) truth(raw []byte, v reflect.Value, path string) error {
	switch strings.ToLower(d.unquoted(raw)) {
	case "true":
		v.SetBool(true)
	case "false":
		v.SetBool(false)
	default:
		return mismatch(path, "true or false", raw)
	}
	return nil
}

func (d decoder) integer(raw []byte, v reflect.Value, path string) error {
	text := d.unquoted(raw)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		// 42.0 and 1e3 are integers to JSON.
		f, ferr := strconv.ParseFloat(text, 64)
		if ferr != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			return mismatch(path, "an integer", raw)
		}
		n = int64(f)
	}
	if v.OverflowInt(n) {
		return mismatch(path, fmt.Sprintf("an integer of at most %d bits", v.Type().Bits()), raw)
	}
	v.SetInt(n)
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

func (d decoder) mapping(raw []byte, v reflect.Value, path string) error {
	object, ok := d.opened(raw, '{')
	if !ok {
		return mismatch(path, "an object", raw)
	}
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(object, &entries); err != nil {
		return at(path, err)
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
	object, ok := d.opened(raw, '{')
	if !ok {
		return mismatch(path, "an object", raw)
	}
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(object, &entries); err != nil {
		return at(path, err)
	}
	fields := Fields(v.Type())
	for _, f := range fields {
		e, there := entries[f.Name]
		delete(entries, f.Name)
		if !there || string(e) == "null" {
			if d.lenient && f.Required {
				return &Error{Path: join(path, f.Name), Message: "required, but missing"}
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

func unknown(path string, entries map[string]json.RawMessage, fields []Field) error {
	names := make([]string, 0, len(entries))
	for name := range entries {
		names = append(names, strconv.Quote(name))
	}
	sort.Strings(names)
	valid := make([]string, len(fields))
	for i, f := range fields {
		valid[i] = f.Name
	}
	sort.Strings(valid)
	if len(valid) == 0 {
		return &Error{Path: path, Message: "unknown argument " + strings.Join(names, ", ") + "; none is taken here"}
	}
	return &Error{Path: path, Message: "unknown argument " + strings.Join(names, ", "), Valid: valid}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func at(path string, err error) error {
	return &Error{Path: path, Message: err.Error()}
}

// mismatch quotes what was there, cut where it is long: errors are read on one line.
func mismatch(path, want string, raw []byte) error {
	got := string(raw)
	if len(got) > 60 {
		got = strings.ToValidUTF8(got[:60], "") + "…"
	}
	return &Error{Path: path, Message: "expected " + want + ", got " + got}
}
