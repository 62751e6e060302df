package wire

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/google/jsonschema-go/jsonschema"
)

// OutputSchema describes a result one level deep: its members with their JSON types, open below. Members listed in
// nulls may be null. The schema holds for what Marshal writes.
func OutputSchema(t reflect.Type, nulls []string) (*jsonschema.Schema, error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	s := &jsonschema.Schema{Type: "object"}
	if t.Kind() != reflect.Struct {
		kind, err := jsonType(t)
		if err != nil {
			return nil, err
		}
		s.Type = kind
		return s, nil
	}
	fields := Fields(t)
	s.Properties = make(map[string]*jsonschema.Schema, len(fields))
	for _, f := range fields {
		kind, err := jsonType(f.Type)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
		p := &jsonschema.Schema{Type: kind}
		if slices.Contains(nulls, f.Name) {
			p = &jsonschema.Schema{Types: []string{kind, "null"}}
		}
		s.Properties[f.Name] = p
		s.PropertyOrder = append(s.PropertyOrder, f.Name)
	}
	for _, name := range nulls {
		if _, ok := s.Properties[name]; !ok {
			return nil, fmt.Errorf("%s has no member %q to be null", t, name)
		}
	}
	return s, nil
}

func jsonType(t reflect.Type) (string, error) {
	switch t {
	case typeTime:
		return "string", nil
	case typeValue, typeItem, typeAttr:
		return "object", nil
	case reflect.TypeFor[json.RawMessage]():
		return "", fmt.Errorf("raw JSON has no type")
	}
	switch t.Kind() {
	case reflect.Pointer:
		return jsonType(t.Elem())
	case reflect.String:
		return "string", nil
	case reflect.Bool:
		return "boolean", nil
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "integer", nil
	case reflect.Float32, reflect.Float64:
		return "number", nil
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "string", nil
		}
		return "array", nil
	case reflect.Map, reflect.Struct:
		return "object", nil
	}
	return "", fmt.Errorf("no JSON type for %s", t)
}
