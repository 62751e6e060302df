package op

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/jsonschema-go/jsonschema"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/wire"
)

// InputSchema describes an input struct: its fields by their json names, required where there is no omitempty,
// described by their jsonschema tags. It does not say that there are no others, which would cost a kilobyte over all
// tools: Decode refuses those by name. Fields tagged mcp:"-" are left out, though Decode takes them. jsonschema-go's own inference is not used: it would repeat every nested structure of the SDK in full, and a
// tool's schema is paid for by every user on every request.
func InputSchema(t reflect.Type) (*jsonschema.Schema, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%s is no struct", t)
	}
	w := walker{names: map[*jsonschema.Schema]string{}}
	s := &jsonschema.Schema{Type: "object"}
	for _, f := range wire.Fields(t) {
		if err := checkTags(f); err != nil {
			return nil, err
		}
		p, err := w.schema(f.Type)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", f.Name, err)
		}
		if f.Tag.Get("mcp") == "-" {
			continue
		}
		p.Description = f.Tag.Get("jsonschema")
		addProperty(s, f.Name, p, f.Required)
	}
	w.hoist(s)
	return s, nil
}

func checkTags(f wire.Field) error {
	if f.Tag.Get("json") == "" {
		return fmt.Errorf("field %s has no json tag", f.Name)
	}
	if f.Tag.Get("arg") == "" && f.Tag.Get("flag") == "" {
		return fmt.Errorf(`field %s has neither an arg nor a flag tag (flag:"-" for none)`, f.Name)
	}
	if f.Required && f.Tag.Get("mcp") == "-" {
		return fmt.Errorf("field %s is required and left out of the MCP schema", f.Name)
	}
	return nil
}

func addProperty(s *jsonschema.Schema, name string, p *jsonschema.Schema, required bool) {
	if s.Properties == nil {
		s.Properties = map[string]*jsonschema.Schema{}
	}
	s.Properties[name] = p
	s.PropertyOrder = append(s.PropertyOrder, name)
	if required {
		s.Required = append(s.Required, name)
	}
}

type walker struct {
	names map[*jsonschema.Schema]string // what a repeated schema is called
}

func (w walker) schema(t reflect.Type) (*jsonschema.Schema, error) {
	switch t {
	case reflect.TypeFor[attr.Item]():
		s := &jsonschema.Schema{Type: "object", AdditionalProperties: &jsonschema.Schema{Type: "object"}}
		w.names[s] = "Item"
		return s, nil
	case reflect.TypeFor[types.AttributeValue](), reflect.TypeFor[attr.Value]():
		return &jsonschema.Schema{Type: "object"}, nil
	case reflect.TypeFor[JSON]():
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "object"}}}, nil
	case reflect.TypeFor[time.Time]():
		return &jsonschema.Schema{Type: "string", Format: "date-time"}, nil
	case reflect.TypeFor[[]byte]():
		return &jsonschema.Schema{Type: "string"}, nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return w.schema(t.Elem())
	case reflect.String:
		return w.text(t)
	case reflect.Bool:
		return &jsonschema.Schema{Type: "boolean"}, nil
	case reflect.Int32, reflect.Int64:
		return &jsonschema.Schema{Type: "integer"}, nil
	case reflect.Float64:
		return &jsonschema.Schema{Type: "number"}, nil
	case reflect.Slice:
		items, err := w.schema(t.Elem())
		if err != nil {
			return nil, err
		}
		s := &jsonschema.Schema{Type: "array", Items: items}
		w.names[s] = initials(t.Elem().Name()) + "s"
		return s, nil
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			return nil, fmt.Errorf("a map with keys of %s has no JSON form", t.Key())
		}
		values, err := w.schema(t.Elem())
		if err != nil {
			return nil, err
		}
		s := &jsonschema.Schema{Type: "object", AdditionalProperties: values}
		w.names[s] = initials(t.Elem().Name()) + "Map"
		return s, nil
	case reflect.Struct:
		return w.structure(t)
	}
	return nil, fmt.Errorf("no front end knows the kind of %s", t)
}

// text is a string, with its values where the SDK's type lists them.
func (w walker) text(t reflect.Type) (*jsonschema.Schema, error) {
	s := &jsonschema.Schema{Type: "string"}
	method, ok := t.MethodByName("Values")
	if !ok {
		return s, nil
	}
	values := method.Func.Call([]reflect.Value{reflect.Zero(t)})[0]
	for i := range values.Len() {
		s.Enum = append(s.Enum, values.Index(i).String())
	}
	w.names[s] = initials(t.Name())
	return s, nil
}

// initials is a short name for a repeated shape: the property that refers to it says what it is.
func initials(name string) string {
	short := strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return r
		}
		return -1
	}, name)
	if short == "" {
		return name
	}
	return short
}

func (w walker) structure(t reflect.Type) (*jsonschema.Schema, error) {
	s := &jsonschema.Schema{Type: "object"}
	w.names[s] = initials(t.Name())
	members, listed := shapes[t]
	for _, f := range wire.Fields(t) {
		required := f.Required
		plain := false
		if listed {
			i := slices.IndexFunc(members, func(m string) bool { return strings.TrimRight(m, "!~") == f.Name })
			if i < 0 {
				continue
			}
			required, plain = strings.HasSuffix(members[i], "!"), strings.HasSuffix(members[i], "~")
		}
		p, err := w.schema(f.Type)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t.Name(), f.Name, err)
		}
		if plain {
			p = &jsonschema.Schema{Type: p.Type}
		}
		addProperty(s, f.Name, p, required)
	}
	return s, nil
}

// hoist moves shapes that repeat into $defs, the one that saves most bytes first, until none saves any.
func (w walker) hoist(root *jsonschema.Schema) {
	for {
		uses := map[string][]*jsonschema.Schema{}
		visit(root, func(s *jsonschema.Schema) {
			if w.names[s] == "" || s.Ref != "" || s.Description != "" {
				return
			}
			if text, err := json.Marshal(s); err == nil {
				uses[string(text)] = append(uses[string(text)], s)
			}
		})
		best, saved := "", 0
		for text, list := range uses {
			ref := len(`{"$ref":"#/$defs/"}`) + len(w.names[list[0]])
			save := len(list)*len(text) - len(list)*ref - len(text) - len(`"":,`) - len(w.names[list[0]])
			if root.Defs == nil {
				save -= len(`"$defs":{},`)
			}
			if save > saved || save == saved && save > 0 && text < best {
				best, saved = text, save
			}
		}
		if saved <= 0 {
			return
		}
		w.define(root, uses[best])
	}
}

func (w walker) define(root *jsonschema.Schema, uses []*jsonschema.Schema) {
	if root.Defs == nil {
		root.Defs = map[string]*jsonschema.Schema{}
	}
	name := w.names[uses[0]]
	for n := 2; root.Defs[name] != nil; n++ {
		name = fmt.Sprintf("%s%d", w.names[uses[0]], n)
	}
	moved := *uses[0]
	root.Defs[name] = &moved
	for _, s := range uses {
		*s = jsonschema.Schema{Ref: "#/$defs/" + name}
		delete(w.names, s)
	}
}

// visit calls f for each schema below s, and not for s itself.
func visit(s *jsonschema.Schema, f func(*jsonschema.Schema)) {
	children := []*jsonschema.Schema{s.Items, s.AdditionalProperties}
	for _, name := range s.PropertyOrder {
		children = append(children, s.Properties[name])
	}
	for _, d := range s.Defs {
		children = append(children, d)
	}
	for _, c := range children {
		if c != nil {
			f(c)
			visit(c, f)
		}
	}
}
