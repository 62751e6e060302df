package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
)

// An Object is a JSON object whose fields keep their order. A tree is made of *Object, []any, string, json.Number, bool and nil.
type Object struct{ Fields []Field }

// A Field is one member of an Object, whose order is that of the answer.
type Field struct {
	Name  string
	Value any
}

// Get finds a field.
func (o *Object) Get(name string) (any, bool) {
	if o == nil {
		return nil, false
	}
	for _, f := range o.Fields {
		if f.Name == name {
			return f.Value, true
		}
	}
	return nil, false
}

// Text is the field as text: strings as they are, scalars as in JSON, and "" where it is absent or null.
func (o *Object) Text(name string) string {
	v, _ := o.Get(name)
	return scalarText(v)
}

// Object is the field as an object, or nil.
func (o *Object) Object(name string) *Object {
	v, _ := o.Get(name)
	obj, _ := v.(*Object)
	return obj
}

// List is the field as a list, or nil.
func (o *Object) List(name string) []any {
	v, _ := o.Get(name)
	list, _ := v.([]any)
	return list
}

// ParseTree reads a JSON document; numbers keep their digits and objects their order.
func ParseTree(doc []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	tree, err := parseNode(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("unexpected text after the JSON document")
	}
	return tree, nil
}

func parseNode(d *json.Decoder) (any, error) {
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := tok.(json.Delim)
	if !ok {
		return tok, nil
	}
	if delim == '[' {
		list := []any{}
		for d.More() {
			v, err := parseNode(d)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err
	}
	obj := new(Object)
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := parseNode(d)
		if err != nil {
			return nil, err
		}
		text, _ := name.(string)
		obj.Fields = append(obj.Fields, Field{Name: text, Value: v})
	}
	_, err = d.Token()
	return obj, err
}

// lookupPath finds a.b[0].c in an object; a field whose whole name is the path comes first.
func lookupPath(obj *Object, path string) (any, bool) {
	if v, ok := obj.Get(path); ok {
		return v, true
	}
	var at any = obj
	for part := range strings.SplitSeq(path, ".") {
		name, indexes, _ := strings.Cut(part, "[")
		o, ok := at.(*Object)
		if !ok {
			return nil, false
		}
		if at, ok = o.Get(name); !ok {
			return nil, false
		}
		for _, ix := range strings.FieldsFunc(indexes, func(r rune) bool { return r == '[' || r == ']' }) {
			list, ok := at.([]any)
			i, err := strconv.Atoi(ix)
			if !ok || err != nil || i < 0 || i >= len(list) {
				return nil, false
			}
			at = list[i]
		}
	}
	return at, true
}

// rowsOf sees the answer as rows: a list is its elements, an object with exactly one list of any length is that list, and anything else is one row.
func rowsOf(tree any) []any {
	switch t := tree.(type) {
	case []any:
		return t
	case *Object:
		var list []any
		lists := 0
		for _, f := range t.Fields {
			switch v := f.Value.(type) {
			case []any:
				list = v
				lists++
			case nil:
			case string:
				if !strings.HasPrefix(f.Name, "Last") && !strings.HasPrefix(f.Name, "Next") {
					return []any{tree}
				}
			default:
				return []any{tree}
			}
		}
		if lists == 1 {
			return list
		}
	}
	return []any{tree}
}

// nameList sees the answer as a list of texts, one to a line, where it is nothing else. Names of tables are the case in mind.
func nameList(tree any) ([]string, bool) {
	if _, single := tree.(string); single {
		return nil, false
	}
	rows := rowsOf(tree)
	names := make([]string, 0, len(rows))
	for _, r := range rows {
		s, ok := r.(string)
		if !ok || strings.ContainsAny(s, "\r\n") {
			return nil, false
		}
		names = append(names, s)
	}
	if obj, ok := tree.(*Object); ok && len(rows) == 0 {
		return names, slices.ContainsFunc(obj.Fields, func(f Field) bool { return strings.HasSuffix(f.Name, "Names") })
	}
	return names, len(names) > 0
}

func scalarText(v any) string {
	switch t := v.(type) {
	case nil:
		return ""
	case string:
		return t
	case json.Number:
		return t.String()
	case bool:
		return strconv.FormatBool(t)
	default:
		return string(appendCompact(nil, v))
	}
}
