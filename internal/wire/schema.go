package wire

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/jsonschema-go/jsonschema"
)

// OutputSchema describes a result one level deep: its members with their JSON types, open below. Members listed in
// nulls may be null; members tagged schema:"-" are left out. The schema holds for what Marshal writes.
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
	fields := outlined(t)
	if len(fields) == 0 {
		return s, nil
	}
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
	case typeValue, typeItem, typeAttr, typeStreamValue, typeStreamItem:
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

// outlines lists the members worth their tokens for large descriptions that are results by themselves: what says which
// thing it is and in which state. The others are in the result all the same, as the schema is open.
var outlines = map[reflect.Type][]string{
	reflect.TypeFor[types.TableDescription]():       {"TableName", "TableStatus", "TableArn", "KeySchema"},
	reflect.TypeFor[types.BackupDetails]():          {"BackupArn", "BackupName", "BackupStatus"},
	reflect.TypeFor[types.ExportDescription]():      {"ExportArn", "ExportStatus", "FailureMessage"},
	reflect.TypeFor[types.ImportTableDescription](): {"ImportArn", "ImportStatus", "FailureMessage"},
}

func outlined(t reflect.Type) []Field {
	fields := Fields(t)
	names, ok := outlines[t]
	if !ok {
		return slices.DeleteFunc(slices.Clone(fields), func(f Field) bool { return f.Tag.Get("schema") == "-" })
	}
	var shown []Field
	for _, name := range names {
		for _, f := range fields {
			if f.Name == name {
				shown = append(shown, f)
			}
		}
	}
	return shown
}
