package wire

import (
	"reflect"
	"strings"
	"sync"
)

// Field is one member of a struct as it appears in JSON.
type Field struct {
	// Name is the JSON name: the json tag of our own structs, the Go name (which is the wire name) of the SDK's.
	Name string
	// Index leads to the field from the struct, through embedded structs (reflect.Value.FieldByIndex).
	Index []int
	Type  reflect.Type
	Tag   reflect.StructTag
	// Required holds for a field of ours whose json tag has no omitempty. The SDK's own structs say nothing about it.
	Required bool
}

var fieldCache sync.Map // reflect.Type → []Field

// Fields lists the members of a struct type in order of declaration, embedded structs flattened. The slice is shared:
// callers do not change it.
func Fields(t reflect.Type) []Field {
	if known, ok := fieldCache.Load(t); ok {
		return known.([]Field)
	}
	fields := appendFields(nil, t, nil)
	known, _ := fieldCache.LoadOrStore(t, fields)
	return known.([]Field)
}

func appendFields(fields []Field, t reflect.Type, prefix []int) []Field {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int(nil), prefix...), i)
		tag, tagged := f.Tag.Lookup("json")
		switch {
		case tag == "-":
			continue
		case f.Anonymous && !tagged && f.Type.Kind() == reflect.Struct:
			// The SDK embeds an empty marker in each struct; ours embed shared parameters.
			fields = appendFields(fields, f.Type, index)
			continue
		case !f.IsExported(), f.Name == "ResultMetadata":
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if name == "" {
			name = f.Name
		}
		if t == typeStreamRecord {
			name = strings.ToLower(name[:1]) + name[1:] // as the Streams API spells this one structure
		}
		fields = append(fields, Field{
			Name: name, Index: index, Type: f.Type, Tag: f.Tag,
			Required: tagged && !strings.Contains(options, "omitempty"),
		})
	}
	return fields
}
